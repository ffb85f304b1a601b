// @vitest-environment happy-dom
/** What a screen reader hears of calls: each change once, nothing each second. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

const LIVE = '[role="status"], [role="alert"], [role="log"], [aria-live]:not([aria-live="off"])';
const SILENT = '[role="timer"], [aria-hidden="true"]';
const KOFI = { name: 'Kofi Mensah', number: '1005', uri: 'sip:1005@office.internal' };

let window: RenderedWindow;
const calls = (...list: ReturnType<typeof callOf>[]) => window.after(() => window.fakes.setCalls(list));

/** All that is read out by itself as soon as it is different. */
function heard(): readonly string[] {
  return [...document.querySelectorAll(LIVE)].map((region) => {
    const copy = region.cloneNode(true) as Element;
    for (const silent of copy.querySelectorAll(SILENT)) silent.remove();
    return copy.textContent;
  });
}

beforeEach(async () => {
  vi.useFakeTimers();
  window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
});
afterEach(async () => {
  await window.close();
  vi.useRealTimers();
});

test('time passes without a word, in a call and while one is being saved', async () => {
  const now = Date.now();
  for (const call of [callOf({ answeredAt: now }), callOf({ answeredAt: now, reconnecting: now })]) {
    const idle = heard();
    await calls(call);
    const [said, text] = [heard(), window.text()];
    expect(said).not.toEqual(idle);
    await window.after(() => void vi.advanceTimersByTime(3_000));
    expect(window.text()).not.toBe(text);
    expect(heard()).toEqual(said);
  }
});

test('what becomes of a call beside the one that is talked in is said once', async () => {
  const talking = callOf({ answeredAt: 2_000, startedAt: 2_000 });
  const other = callOf({ id: 'other', peer: KOFI, answeredAt: 1_000, held: true });
  await calls(talking, other);
  expect(window.status('Other calls')).toBe('');
  await calls(talking, { ...other, heldByPeer: true });
  expect(window.status('Other calls')).toBe('Kofi Mensah: On hold by both sides');
  await calls(talking, { ...other, state: 'ended', notice: 'Kofi Mensah hung up.' });
  expect(window.status('Other calls')).toBe('Kofi Mensah: Kofi Mensah hung up.');
  // The last one is told of by the line.
  await calls({ ...talking, state: 'ended' });
  expect(window.status('Other calls')).toBe('');
  expect(window.status('Line')).toBe('Call ended');
});

// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HISTORY_PAGE, type PastCall } from '../../../../../app/shared/history.ts';
import { anna, callOf, pastOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const open = async (history: readonly PastCall[] = [], more: object = {}) => {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], history, ...more }, 'recent');
};
const rows = () => [...document.querySelectorAll('.recent-row')].map((row) => row.textContent ?? '');
const kept = () => window.fakes.named('history.add') as readonly PastCall[];

beforeEach(() => {
  document.body.replaceChildren();
});
afterEach(() => window.close());

test('without calls it says what will be here', async () => {
  await open();
  expect(window.text()).toContain('No calls yet');
});

test('lists with whom, how it ended and when, and calls again by the same account', async () => {
  const now = Date.now();
  await open([
    pastOf({ id: 'a', startedAt: now - 1_000, end: 'missed', direction: 'incoming', answeredAt: null }),
    pastOf({ id: 'b', startedAt: now - 2_000 }),
    pastOf({ id: 'c', startedAt: now - 3_000, end: 'unanswered', answeredAt: null, reason: '1002 is busy.' }),
  ]);
  expect(rows()[0]).toContain('Missed call');
  expect(rows()[1]).toMatch(/Jana Dvořáková1002Called · 1:30 · /);
  expect(rows()[2]).toContain('1002 is busy · ');
  const [first] = document.querySelectorAll<HTMLElement>('[aria-label="Call Jana Dvořáková again"]');
  if (!first) throw new Error('no button');
  await window.click(first);
  expect(window.fakes.named('softphone.call')).toEqual(['sip:1002@office.internal']);
  expect(window.findButton('Hold')).toBeUndefined();
  expect(window.field('Name or number')).toBeDefined();
});

test('opens into how the call sounded', async () => {
  const sound = { lossPercent: 2.5, jitterMs: 4, mos: 4.1 };
  const quality = { codec: 'opus', protection: '', here: sound, there: null, roundTripMs: 30 };
  await open([pastOf({ quality })]);
  await window.press('Sound of the call with Jana Dvořáková');
  expect(window.text()).toContain('Lost on the way2.5 %–');
  expect(window.text()).toContain('none: who is on the way can listen');
});

test('reads on where there are more, and shows what ends meanwhile on top', async () => {
  const many = Array.from({ length: HISTORY_PAGE + 20 }, (_, i) =>
    pastOf({ id: `p${String(9_999 - i)}`, startedAt: 9_999 - i }),
  );
  await open(many);
  expect(rows()).toHaveLength(HISTORY_PAGE);
  await window.press('Show older calls');
  expect(rows()).toHaveLength(HISTORY_PAGE + 20);
  expect(window.findButton('Show older calls')).toBeUndefined();
  await window.after(() => window.fakes.setCalls([callOf({ startedAt: 20_000 })]));
  await window.after(() => window.fakes.setCalls([callOf({ startedAt: 20_000, state: 'ended', endedAt: 21_000 })]));
  expect(rows()).toHaveLength(HISTORY_PAGE + 21);
});

test('forgets all, after asking', async () => {
  await open([pastOf()]);
  await window.after(() =>
    window.stores.history
      .getState()
      .clear()
      .then(() => {}),
  );
  expect(window.text()).toContain('No calls yet');
});

test('says why it cannot be read', async () => {
  await open([], { refuse: { 'history.list': 'The history of calls cannot be used: the disk is full.' } });
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('the disk is full');
});

test('every call that ends is kept once, with how it ended', async () => {
  await open();
  const ended = { state: 'ended', startedAt: 1_000, endedAt: 9_000 } as const;
  const incoming = { ...ended, direction: 'incoming' } as const;
  const sound = { codec: 'PCMU', protection: '', here: null, there: null, roundTripMs: null };
  await window.after(() => window.fakes.setCalls([callOf({ id: 'd', state: 'incoming', direction: 'incoming' })]));
  await window.after(() => window.stores.phone.getState().decline('d'));
  const all = [
    callOf({ ...ended, id: 'a', answeredAt: 2_000, summary: sound }),
    callOf({ ...ended, id: 'b', notice: '1002 is busy.' }),
    callOf({ ...incoming, id: 'c' }),
    callOf({ ...incoming, id: 'd' }),
  ];
  await window.after(() => window.fakes.setCalls(all));
  await window.after(() => window.fakes.setCalls([...all]));
  expect(kept().map(({ id, end }) => [id, end])).toEqual([
    ['a', 'answered'],
    ['b', 'unanswered'],
    ['c', 'missed'],
    ['d', 'declined'],
  ]);
  expect(kept()[0]).toEqual({
    ...{ id: 'a', accountId: anna.id, direction: 'outgoing', peer: callOf().peer, reason: '', quality: sound },
    ...{ startedAt: 1_000, answeredAt: 2_000, endedAt: 9_000, end: 'answered' },
  });
  expect(kept()[1]?.reason).toBe('1002 is busy.');
  await window.after(() =>
    window.fakes.setCalls([callOf({ ...incoming, id: 'e', notice: 'It was answered on another device.' })]),
  );
  expect(kept().at(-1)?.end).toBe('elsewhere');
});

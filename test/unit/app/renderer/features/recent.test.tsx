// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallSnapshot, RecordingView } from '../../../../../app/renderer/softphone/snapshots.ts';
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
  expect(window.fakes.named('softphone.call')).toEqual(['1002']);
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

test('says what was recorded, and plays it', async () => {
  const faulty = { id: 'r3', seconds: 2, fault: 'Recorded, but only 2 of 9 seconds.' };
  await open([
    pastOf({ id: 'c', startedAt: 3, recordings: [{ id: 'r1', seconds: 83, fault: '' }] }),
    pastOf({ id: 'b', startedAt: 2, peer: { name: 'Ben', number: '1003', uri: '' }, recordings: [faulty] }),
    pastOf({
      ...{ id: 'a', startedAt: 1 },
      recordings: [
        { id: 'r4', seconds: 10, fault: '' },
        { id: 'r5', seconds: 7, fault: '' },
      ],
    }),
  ]);
  expect(rows()[0]).toContain('Called · 1:30 · Recorded 1:23 · ');
  expect(rows()[1]).toContain('Recorded, but only 2 of 9 seconds · ');
  expect(rows()[2]).toContain('Recorded 0:17 · ');
  await window.press('Play the recording of the call with Jana Dvořáková');
  expect(window.fakes.named('recordings.play')).toEqual([{ id: 'r1' }]);
  await window.key('Enter', window.button('Recordings of the call with Jana Dvořáková'));
  const items = [...document.querySelectorAll('[role="menuitem"]')];
  expect(items.map(({ textContent }) => textContent)).toEqual(['Play recording 1 (0:10)', 'Play recording 2 (0:07)']);
  if (items[1]) await window.click(items[1]);
  expect(window.fakes.named('recordings.play').at(-1)).toEqual({ id: 'r5' });
  window.fakes.state.refuse = { 'recordings.play': 'The recording is not there any more: /calls/1.webm' };
  await window.press('Play the recording of the call with Jana Dvořáková');
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('not there any more: /calls/1.webm');
});

test('a call is kept with its recordings, and once more when the last of them has been read', async () => {
  await open();
  const on = (id: string): RecordingView => ({ state: 'on', since: 1, id, name: `${id}.webm` });
  const one = { state: 'kept', id: 'r1', name: 'r1.webm', seconds: 5 } as const;
  const steps: readonly Partial<CallSnapshot>[] = [
    { recording: on('r1') },
    { recording: one },
    { recording: on('r2') },
    { state: 'ended', endedAt: 9_000, recording: { state: 'checking', id: 'r2', name: 'r2.webm' } },
    { state: 'ended', endedAt: 9_000, recording: { ...one, id: 'r2', seconds: 2, fault: 'it cannot be played' } },
  ];
  for (const step of steps)
    await window.after(() => window.fakes.setCalls([callOf({ startedAt: 1_000, answeredAt: 2_000, ...step })]));
  expect(kept().map(({ recordings }) => recordings)).toEqual([
    [
      { id: 'r1', seconds: 5, fault: '' },
      { id: 'r2', seconds: null, fault: '' },
    ],
    [
      { id: 'r1', seconds: 5, fault: '' },
      { id: 'r2', seconds: 2, fault: 'Recorded, but it cannot be played.' },
    ],
  ]);
  expect(rows()).toHaveLength(1);
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
    ...{ startedAt: 1_000, answeredAt: 2_000, endedAt: 9_000, end: 'answered', recordings: [] },
  });
  expect(kept()[1]?.reason).toBe('1002 is busy.');
  await window.after(() =>
    window.fakes.setCalls([callOf({ ...incoming, id: 'e', notice: 'It was answered on another device.' })]),
  );
  expect(kept().at(-1)?.end).toBe('elsewhere');
});

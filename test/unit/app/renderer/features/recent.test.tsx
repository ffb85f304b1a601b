// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallSnapshot, RecordingView } from '../../../../../app/renderer/softphone/snapshots.ts';
import { callAt } from '../../../../../app/renderer/store/history-store.ts';
import { HISTORY_PAGE, type HistoryQuestion, type PastCall } from '../../../../../app/shared/history.ts';
import { anna, callOf, contactOf, pastOf, profileOf, registered } from '../../../../support/window/people.ts';
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
  await window.inMenu('More for the call with Jana Dvořáková', 'How it sounded…');
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
    {
      state: 'ended',
      endedAt: 9_000,
      recording: { ...one, id: 'r2', seconds: 2, fault: 'Recorded, but it cannot be played.' },
    },
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

describe('of a hundred thousand calls', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => pastOf({ id: `p${i}`, startedAt: 200_000 - i }));
  const asked = () =>
    (window.fakes.named('history.list') as readonly HistoryQuestion[]).map(({ after, skip }) => [after?.id, skip]);

  test('those in sight are drawn and read, and what ends meanwhile stands on top', async () => {
    await open(many);
    const list = document.querySelector('[aria-label="Recent calls"]');
    expect(list?.querySelectorAll('li').length).toBeLessThan(40);
    expect(list?.querySelector('li')?.getAttribute('aria-setsize')).toBe('100000');
    expect(asked()).toEqual([[undefined, 0]]);
    const { show } = window.stores.history.getState();
    await window.after(() => show(150, 170));
    await window.after(() => show(90_010, 90_030));
    expect(asked().slice(1)).toEqual([
      ['p99', 0],
      ['p199', (900 - 2) * HISTORY_PAGE],
    ]);
    expect(callAt(window.stores.history.getState(), 90_010)?.id).toBe('p90010');
    for (let page = 0; page < 16; page++) await window.after(() => show(page * HISTORY_PAGE, page * HISTORY_PAGE + 20));
    expect(window.stores.history.getState().pages.size).toBe(12);
    await window.after(() => show(0, 20));
    await window.after(() => window.fakes.setCalls([callOf({ startedAt: 300_000 })]));
    await window.after(() => window.fakes.setCalls([callOf({ startedAt: 300_000, state: 'ended', endedAt: 300_001 })]));
    expect(callAt(window.stores.history.getState(), 0)?.startedAt).toBe(300_000);
    expect(callAt(window.stores.history.getState(), 1)?.id).toBe('p0');
  });
});

test('are found by name, kind and account', async () => {
  const other = { name: 'Olga', number: '1004', uri: 'sip:1004@office.internal' };
  const missed = { id: 'm', direction: 'incoming', end: 'missed', answeredAt: null, peer: other } as const;
  await open([pastOf(missed), pastOf({ id: 'a', startedAt: 900 })], {
    profile: { ...profileOf(), accounts: [anna, { ...anna, id: 'club', number: '77', server: 'club.example' }] },
    contacts: [contactOf('Olga Novotná', '1004')],
  });
  await window.fill('Find a call', 'olga');
  expect(rows()).toHaveLength(1);
  expect(window.fakes.named('history.count').at(-1)).toEqual({
    ...{ kind: 'all', accountId: '', text: 'olga', numbers: ['1004'] },
  });
  await window.fill('Find a call', '');
  await window.choose('Which calls', 'missed');
  expect(rows()).toHaveLength(1);
  await window.choose('By account', 'club');
  expect(window.text()).toContain('No call matches.');
  await window.choose('By account', '');
  await window.choose('Which calls', 'all');
  expect(rows()).toHaveLength(2);
});

test('missed ones are counted beside the page until it is opened', async () => {
  const missed = pastOf({ direction: 'incoming', end: 'missed', answeredAt: null });
  await open([missed]);
  await window.close();
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], history: [missed] }, 'people');
  const link = () => document.querySelector('a[href="#recent"]');
  const told = () => document.getElementById(link()?.getAttribute('aria-describedby') ?? '')?.textContent;
  expect(told()).toBe('1 missed call');
  await window.after(() => window.stores.view.getState().show('recent'));
  expect(window.fakes.named('history.seen')).toHaveLength(1);
  expect(told()).toBeUndefined();
});

test('one or all are removed, and come back', async () => {
  await open([pastOf(), pastOf({ id: 'b', startedAt: 900, peer: { name: 'Ben', number: '1003', uri: '' } })]);
  await window.inMenu('More for the call with Ben', 'Remove');
  expect(rows()).toHaveLength(1);
  expect(window.status('Done')).toBe('The call with Ben was removed.');
  await window.press('Undo');
  expect(rows()).toHaveLength(2);
  await window.inMenu('More for recent calls', 'Remove all');
  expect(window.text()).toContain('No calls yet');
  await window.press('Close');
  expect(window.fakes.named('history.settle')).toHaveLength(1);
});

test('whoever called becomes a contact', async () => {
  await open([pastOf({ peer: { name: 'Ben', number: '1003', uri: '' } })]);
  await window.inMenu('More for the call with Ben', 'Add to contacts…');
  expect(window.field('Name').value).toBe('Ben');
  await window.press('Save');
  expect(window.fakes.named('contacts.change')).toMatchObject([
    { put: [{ name: 'Ben', numbers: [{ kind: 'work', value: '1003' }] }] },
  ]);
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

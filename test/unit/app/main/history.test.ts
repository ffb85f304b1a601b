/** The calls that were: kept, in order, bounded, and nothing that the page could say breaks them. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHistory, type History } from '../../../../app/main/history.ts';
import { HISTORY_PAGE, MAX_RECORDINGS, type PastCall } from '../../../../app/shared/history.ts';
import { pastOf } from '../../../support/window/people.ts';

let folder: string;
let history: History;
let changes: number;
let files: Map<string, string>;
const open = (most?: number): History =>
  createHistory({
    ...{ folder, changed: () => changes++, now: () => 42, recordingPath: (id: string) => files.get(id) },
    ...(most === undefined ? {} : { most }),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-history-'));
  changes = 0;
  files = new Map();
  history = open();
});
afterEach(() => {
  history.close();
  rmSync(folder, { recursive: true, force: true });
});

const ok = { ok: true, value: undefined };
const calls = (from: History = history, before: unknown = null): readonly PastCall[] => {
  const listed = from.list(before);
  if (!listed.ok) throw new Error(listed.reason);
  return listed.value;
};

it('comes back as it was left, newest first', () => {
  const quality = {
    ...{ codec: 'opus', protection: '', roundTripMs: 20 },
    here: { lossPercent: 0.5, jitterMs: 3, mos: 4.3 },
    there: null,
  };
  const older = pastOf({ id: 'a', startedAt: 1_000, quality });
  const newer = pastOf({ id: 'b', startedAt: 2_000, end: 'missed', direction: 'incoming', answeredAt: null });
  expect(history.add(newer)).toEqual(ok);
  expect(history.add(older)).toEqual(ok);
  expect(changes).toBe(2);
  expect(calls()).toEqual([newer, older]);
  history.close();
  expect(calls(open())).toEqual([newer, older]);
});

it('is nothing, and no file, until it is needed', () => {
  expect(existsSync(join(folder, 'history.db'))).toBe(false);
  expect(calls()).toEqual([]);
});

it('is told page by page, also where calls began in the same moment', () => {
  for (let i = 0; i < HISTORY_PAGE * 2 + 5; i++)
    history.add(pastOf({ id: `c${String(i).padStart(4, '0')}`, startedAt: Math.floor(i / 50) }));
  const found: string[] = [];
  for (let page = calls(); page.length > 0; ) {
    found.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    page = last === undefined ? [] : calls(history, { startedAt: last.startedAt, id: last.id });
  }
  expect(found).toHaveLength(HISTORY_PAGE * 2 + 5);
  expect(found).toEqual([...found].sort().reverse());
  expect(new Set(found).size).toBe(found.length);
});

it('keeps the newest only', () => {
  const few = open(10);
  for (let i = 1; i <= 25; i++) few.add(pastOf({ id: `c${i}`, startedAt: i }));
  expect(calls(few).map(({ startedAt }) => startedAt)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  few.close();
});

it('keeps what a peer calls itself as a line that fits', () => {
  history.add(pastOf({ peer: { name: `Eve\r\n\0${'x'.repeat(5_000)}`, number: '1', uri: 'sip:1@x' } }));
  const [call] = calls();
  expect(call?.peer.name).toMatch(/^Eve x{10,}$/);
  expect(call?.peer.name).toHaveLength(200);
});

it.each([
  ['nothing', undefined],
  ['no call', { id: 'x' }],
  ['a time before all times', { ...pastOf(), startedAt: -1 }],
  ['an end that is none', { ...pastOf(), end: 'exploded' }],
  ['a loss that is none', { ...pastOf(), quality: { codec: 'x', protection: '', here: { lossPercent: Number.NaN } } }],
])('does not take %s', (_, call) => {
  expect(history.add(call).ok).toBe(false);
  expect(calls()).toEqual([]);
  expect(history.list({ startedAt: 'x' }).ok).toBe(false);
});

it('is emptied when asked to', () => {
  history.add(pastOf());
  expect(history.clear()).toEqual(ok);
  expect(calls()).toEqual([]);
});

describe('what a call was recorded into', () => {
  const recording = (id: string, seconds: number | null = 3.5, fault = '') => ({ id, seconds, fault });

  it('is known by its file, also in the next run, and changes when it has been read', () => {
    files.set('r1', '/calls/1.webm').set('r2', '/calls/2.webm');
    history.add(pastOf({ recordings: [recording('r2', null), recording('r1')] }));
    history.close();
    files.clear();
    history = open();
    expect(calls()[0]?.recordings).toEqual([recording('r2', null), recording('r1')]);
    const read = [recording('r2', 9, 'Recorded, but nothing is to be heard in it.'), recording('r1')];
    history.add(pastOf({ recordings: read }));
    expect(calls()).toHaveLength(1);
    expect(calls()[0]?.recordings).toEqual(read);
    expect([history.pathOf('r1'), history.pathOf('r2'), history.pathOf('r3')]).toEqual([
      ...['/calls/1.webm', '/calls/2.webm'],
      undefined,
    ]);
  });

  it('is nothing that the page made up', () => {
    history.add(pastOf({ recordings: [recording('../../etc/passwd')] }));
    expect(calls()[0]?.recordings).toEqual([]);
    expect(history.pathOf('../../etc/passwd')).toBeUndefined();
    const many = Array.from({ length: MAX_RECORDINGS + 1 }, (_, i) => recording(`r${i}`));
    expect(history.add(pastOf({ recordings: many })).ok).toBe(false);
  });

  it('is forgotten with its call', () => {
    for (const i of [1, 2, 3]) files.set(`r${i}`, `/calls/${i}.webm`);
    const few = open(2);
    for (const i of [1, 2, 3]) few.add(pastOf({ id: `c${i}`, startedAt: i, recordings: [recording(`r${i}`)] }));
    expect([few.pathOf('r1'), few.pathOf('r2')]).toEqual([undefined, '/calls/2.webm']);
    few.clear();
    expect(few.pathOf('r3')).toBeUndefined();
    few.close();
  });
});

it('that is damaged is set aside whole, and a new one begins', () => {
  writeFileSync(join(folder, 'history.db'), 'this is no database, and was long enough to be one'.repeat(100));
  expect(calls()).toEqual([]);
  expect(history.add(pastOf())).toEqual(ok);
  expect(readdirSync(folder)).toContain('history.db.corrupt-42');
});

it('says so where it cannot be written', () => {
  const nowhere = createHistory({ folder: join(folder, 'file'), changed: () => {}, recordingPath: () => undefined });
  writeFileSync(join(folder, 'file'), '');
  expect(nowhere.add(pastOf())).toMatchObject({ ok: false, reason: expect.stringMatching(/^The history of calls/) });
});

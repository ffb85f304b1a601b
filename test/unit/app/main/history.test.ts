/** The calls that were: kept, in order, bounded, and nothing that the page could say breaks them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHistory, type History } from '../../../../app/main/history.ts';
import { HISTORY_PAGE, type HistoryFilter, MAX_RECORDINGS, type PastCall } from '../../../../app/shared/history.ts';
import { openSqlite } from '../../../../proxy-core/node/store/sqlite.ts';
import { pastOf } from '../../../support/window/people.ts';

let folder: string;
let history: History;
let changes: number;
let files: Map<string, string>;
let waiting: (() => void)[];
const open = (most?: number): History =>
  createHistory({
    ...{ folder, changed: () => changes++, now: () => 42, recordingPath: (id: string) => files.get(id) },
    later: (work) => waiting.push(work),
    ...(most === undefined ? {} : { most }),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-history-'));
  changes = 0;
  waiting = [];
  files = new Map();
  history = open();
});
afterEach(() => {
  history.close();
  rmSync(folder, { recursive: true, force: true });
});

const ok = { ok: true, value: undefined };
const every: HistoryFilter = { kind: 'all', accountId: '', text: '', numbers: [] };
const calls = (from: History = history, after: unknown = null, filter = every, skip = 0): readonly PastCall[] => {
  const listed = from.list({ filter, after, skip });
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
  expect(history.list({ filter: every, after: { startedAt: 'x' }, skip: 0 }).ok).toBe(false);
  expect(history.list({ filter: { ...every, kind: 'x' }, after: null, skip: 0 }).ok).toBe(false);
  expect(history.list({ filter: every, after: null, skip: -1 }).ok).toBe(false);
});

/** What waits to be done when there is time. */
const later = (): void => {
  for (let rounds = 0; waiting.length > 0 && rounds < 1_000; rounds++) waiting.shift()?.();
};
const ids = (filter: Partial<HistoryFilter> = {}) => calls(history, null, { ...every, ...filter }).map(({ id }) => id);

describe('what is removed', () => {
  beforeEach(() => {
    for (const i of [1, 2, 3]) history.add(pastOf({ id: `c${i}`, startedAt: i }));
  });

  it('comes back when it is undone, once, and only the last', () => {
    expect(history.remove('c2')).toEqual({ ok: true, value: 1 });
    expect(ids()).toEqual(['c3', 'c1']);
    later();
    expect(history.undo(1)).toEqual(ok);
    expect(ids()).toEqual(['c3', 'c2', 'c1']);
    expect(history.undo(1).ok).toBe(false);
    history.remove('c1');
    history.remove(null);
    expect([ids(), history.count(every)]).toEqual([[], { ok: true, value: 0 }]);
    expect(history.undo(2).ok).toBe(false);
    expect(history.undo(3)).toEqual(ok);
    expect(ids()).toEqual(['c3', 'c2']);
  });

  it('is gone from the disk when it is to stay so, a few rows at a time', () => {
    history.remove(null);
    history.add(pastOf({ id: 'new', startedAt: 2 }));
    // What is known of it later changes nothing.
    history.add(pastOf({ id: 'c3', startedAt: 3, reason: 'Later.' }));
    expect(ids()).toEqual(['new']);
    history.settle();
    later();
    expect(ids()).toEqual(['new']);
    history.close();
    const file = readFileSync(join(folder, 'history.db'));
    expect(file.includes('Later.')).toBe(false);
    expect(file.includes('Jana')).toBe(true);
  });

  it('is gone after the next start, too', () => {
    history.remove('c2');
    history.close();
    history = open();
    expect(ids()).toEqual(['c3', 'c1']);
    later();
    expect(history.undo(1).ok).toBe(false);
    expect(ids()).toEqual(['c3', 'c1']);
  });

  it('is nothing that the page made up', () => {
    expect(history.remove({ id: 'c1' }).ok).toBe(false);
    expect(history.undo('x').ok).toBe(false);
    expect(ids()).toHaveLength(3);
  });
});

describe('what is looked for', () => {
  const peer = (name: string, number: string) => ({ name, number, uri: `sip:${number}@office.internal` });
  beforeEach(() => {
    files.set('r1', '/calls/1.webm');
    history.add(pastOf({ id: 'jana', startedAt: 1, peer: peer('Jana Dvořáková', '+420 221 555 014') }));
    history.add(
      pastOf({ id: 'olga', startedAt: 2, direction: 'incoming', end: 'missed', peer: peer('Ольга', '1004') }),
    );
    const recordings = [{ id: 'r1', seconds: 3, fault: '' }];
    history.add(
      pastOf({ id: 'kofi', startedAt: 3, accountId: 'club', recordings, peer: peer('50% Kofi_', '0221555999') }),
    );
  });

  it.each<[Partial<HistoryFilter>, string[]]>([
    [{ text: 'dvorak' }, ['jana']],
    [{ text: 'JANA dvo' }, ['jana']],
    [{ text: 'ольга' }, ['olga']],
    [{ text: '221555' }, ['kofi', 'jana']],
    [{ text: '0221 555 014' }, ['jana']],
    [{ text: '00420 221 555 014' }, ['jana']],
    [{ text: '+420 221 555 999' }, ['kofi']],
    [{ text: '%' }, ['kofi']],
    [{ text: "x' OR 1" }, []],
    [{ text: 'nobody', numbers: ['+420221555014'] }, ['jana']],
    [{ kind: 'missed' }, ['olga']],
    [{ kind: 'incoming' }, ['olga']],
    [{ kind: 'outgoing' }, ['kofi', 'jana']],
    [{ kind: 'recorded' }, ['kofi']],
    [{ accountId: 'club' }, ['kofi']],
    [{ accountId: 'club', text: 'jana' }, []],
  ])('by %j is found', (filter, found) => {
    expect(ids(filter)).toEqual(found);
    expect(history.count({ ...every, ...filter })).toEqual({ ok: true, value: found.length });
  });
});

it('counts missed calls until they are looked at', () => {
  const missed = (id: string, endedAt: number) => pastOf({ id, end: 'missed', direction: 'incoming', endedAt });
  history.add(missed('a', 10));
  history.add(missed('b', 20));
  history.add(pastOf({ id: 'c' }));
  expect(history.missed()).toEqual({ ok: true, value: 2 });
  expect(history.seen()).toEqual(ok);
  expect(history.missed()).toEqual({ ok: true, value: 0 });
  history.add(missed('d', 43));
  expect(history.missed()).toEqual({ ok: true, value: 1 });
  history.remove('d');
  expect(history.missed()).toEqual({ ok: true, value: 0 });
});

it('takes a file of an earlier version along', () => {
  const old = openSqlite(join(folder, 'history.db'), 1_000);
  old.exec(`
    CREATE TABLE calls (id TEXT PRIMARY KEY, account TEXT NOT NULL, direction TEXT NOT NULL, name TEXT NOT NULL,
      number TEXT NOT NULL, uri TEXT NOT NULL, started_at INTEGER NOT NULL, answered_at INTEGER,
      ended_at INTEGER NOT NULL, end TEXT NOT NULL, reason TEXT NOT NULL, quality TEXT) STRICT, WITHOUT ROWID;
    CREATE INDEX calls_by_time ON calls (started_at DESC, id DESC);
    INSERT INTO calls VALUES ('a', 'anna', 'incoming', 'Jana Dvořáková', '1002', 'sip:1002@x', 1, NULL, 2, 'missed', '', NULL);
  `);
  old.close();
  expect(ids({ text: 'dvorak' })).toEqual(['a']);
  expect(history.missed()).toEqual({ ok: true, value: 0 });
  history.add(pastOf({ id: 'b', startedAt: 5 }));
  expect(ids()).toEqual(['b', 'a']);
  history.remove(null);
  expect(ids()).toEqual([]);
});

it('leaps to any place among many, and pages from there meet those before', () => {
  for (let i = 0; i < HISTORY_PAGE * 3; i++) history.add(pastOf({ id: `c${i}`, startedAt: i }));
  const third = calls(history, null, every, HISTORY_PAGE * 2);
  expect(third[0]?.id).toBe(`c${HISTORY_PAGE - 1}`);
  const [first] = calls();
  expect(calls(history, { startedAt: first?.startedAt, id: first?.id }, every, HISTORY_PAGE * 2 - 1)).toEqual(third);
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
    few.remove(null);
    few.settle();
    later();
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
  const nowhere = createHistory({
    ...{ folder: join(folder, 'file'), changed: () => {}, recordingPath: () => undefined, later: () => {} },
  });
  writeFileSync(join(folder, 'file'), '');
  expect(nowhere.add(pastOf())).toMatchObject({ ok: false, reason: expect.stringMatching(/^The history of calls/) });
});

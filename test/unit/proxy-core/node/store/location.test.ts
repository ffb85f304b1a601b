import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type SqliteLocationStore,
  StoreClosedError,
  type StoreError,
  StoreWriteError,
} from '../../../../../proxy-core/node/store/index.ts';
import { SqliteLocationStore as LocationStore } from '../../../../../proxy-core/node/store/location.ts';
import { migrate } from '../../../../../proxy-core/node/store/migrations.ts';
import { type Database, openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { type Aor, aorOf, type Binding } from '../../../../../proxy-core/server/stores.ts';
import { binding } from './samples.ts';

const ALICE = aorOf('1001', 'example.org');
const BOB = aorOf('1002', 'example.org');

let dir: string;
let db: Database;
let now: number;
let errors: StoreError[];
let location: SqliteLocationStore;

function create(): SqliteLocationStore {
  return new LocationStore(db, { groupMs: 1, now: () => now, onError: (error) => errors.push(error) });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-location-'));
  db = openSqlite(join(dir, 'tandem.db'), 0);
  db.exec('PRAGMA journal_mode = WAL');
  await migrate(db, 'tandem.db');
  now = 1_000_000;
  errors = [];
  location = create();
});
afterEach(() => {
  location.close();
  db.close();
  rmSync(dir, { recursive: true });
});

const rows = (aor: Aor): unknown[] =>
  db
    .prepare('SELECT contact FROM bindings WHERE aor = ? ORDER BY rank')
    .all(aor)
    .map((row) => (row as { contact: string }).contact);
const contacts = (aor: Aor): string[] => location.lookup(aor, now).map((b) => b.contact);

describe('lookup and replace', () => {
  it('shows a change at once and keeps it when the promise settles', async () => {
    const done = location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1')]);
    expect(contacts(ALICE)).toEqual(['sip:a@192.0.2.1']);
    expect(rows(ALICE)).toEqual([]);
    await done;
    expect(rows(ALICE)).toEqual(['sip:a@192.0.2.1']);
  });

  it('gives the highest q first, then what changed last', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => binding(ALICE, `sip:${name}@192.0.2.1`));
    await location.replace(ALICE, [a!]);
    await location.replace(ALICE, [a!, b!]);
    expect(contacts(ALICE)).toEqual(['sip:b@192.0.2.1', 'sip:a@192.0.2.1']);
    const [same] = location.lookup(ALICE, now);
    await location.replace(ALICE, [{ ...a!, cseq: 2 }, same!, { ...c!, q: 500 }]);
    expect(contacts(ALICE)).toEqual(['sip:a@192.0.2.1', 'sip:b@192.0.2.1', 'sip:c@192.0.2.1']);
    expect(rows(ALICE)).toEqual(contacts(ALICE));
    location.close();
    location = create();
    expect(contacts(ALICE)).toEqual(['sip:a@192.0.2.1', 'sip:b@192.0.2.1', 'sip:c@192.0.2.1']);
  });

  it('removes rows that fall away, all of them with an empty list', async () => {
    const list = ['a', 'b', 'c'].map((name) => binding(ALICE, `sip:${name}@192.0.2.1`));
    await location.replace(ALICE, list);
    await location.replace(ALICE, list.slice(1, 2));
    expect(rows(ALICE)).toEqual(['sip:b@192.0.2.1']);
    expect(location.size).toBe(1);
    await location.replace(ALICE, []);
    expect(rows(ALICE)).toEqual([]);
    expect(location.size).toBe(0);
  });

  it('hides what has expired', () => {
    void location.replace(ALICE, [
      binding(ALICE, 'sip:a@192.0.2.1', { expiresAt: now + 1 }),
      binding(ALICE, 'sip:b@192.0.2.1', { expiresAt: now }),
    ]);
    expect(contacts(ALICE)).toEqual(['sip:a@192.0.2.1']);
  });

  it('gathers many changes into one transaction', async () => {
    const waiting: Promise<void>[] = [];
    for (let i = 0; i < 500; i += 1) {
      const aor = aorOf(String(i), 'example.org');
      waiting.push(location.replace(aor, [binding(aor, `sip:${i}@192.0.2.1`)]));
    }
    // A second connection sees nothing of it before, and all of it after.
    const other = openSqlite(join(dir, 'tandem.db'), 0);
    const count = other.prepare('SELECT count(*) AS n FROM bindings');
    expect(count.get()).toEqual({ n: 0 });
    await waiting[0];
    expect(count.get()).toEqual({ n: 500 });
    other.close();
    await Promise.all(waiting);
  });

  it('refuses changes after it was closed, having kept those before', async () => {
    const before = location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1')]);
    location.close();
    await before;
    expect(rows(ALICE)).toEqual(['sip:a@192.0.2.1']);
    await expect(location.replace(ALICE, [])).rejects.toBeInstanceOf(StoreClosedError);
  });
});

describe('when a change cannot be stored', () => {
  function fillDisk(): void {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages}`);
  }
  const emptyDisk = (): void => db.exec('PRAGMA max_page_count = 1000000');
  const big = (aor: Aor, size: number) => [binding(aor, 'sip:new@192.0.2.1', { userAgent: 'x'.repeat(size) })];

  it('puts memory back as it was and says that the disk is full', async () => {
    await location.replace(ALICE, [binding(ALICE, 'sip:old@192.0.2.1')]);
    fillDisk();
    const first = location.replace(ALICE, [binding(ALICE, 'sip:between@192.0.2.1')]);
    const second = location.replace(ALICE, big(ALICE, 50_000));
    const third = location.replace(BOB, [binding(BOB, 'sip:bob@192.0.2.1')]);
    const outcomes = await Promise.allSettled([first, second, third]);
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected');
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(StoreWriteError);
      expect((reason as Error).message).toBe('The change could not be saved: the disk is full.');
    }
    expect(contacts(ALICE)).toEqual(['sip:old@192.0.2.1']);
    expect(rows(ALICE)).toEqual(['sip:old@192.0.2.1']);
    expect(contacts(BOB)).toEqual([]);
    expect(location.size).toBe(1);
    emptyDisk();
    await Promise.all([
      location.replace(ALICE, big(ALICE, 50_000)),
      location.replace(BOB, [binding(BOB, 'sip:bob@192.0.2.1')]),
    ]);
    expect(rows(ALICE)).toEqual(['sip:new@192.0.2.1']);
    expect(rows(BOB)).toEqual(['sip:bob@192.0.2.1']);
  });

  it('does not let one that is unfit take the others of its group with it', async () => {
    const bad = location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1', { q: Number.NaN })]);
    const good = location.replace(BOB, [binding(BOB, 'sip:bob@192.0.2.1')]);
    await expect(bad).rejects.toBeInstanceOf(StoreWriteError);
    await good;
    expect(contacts(ALICE)).toEqual([]);
    expect(rows(BOB)).toEqual(['sip:bob@192.0.2.1']);
  });
});

describe('expiry', () => {
  it('removes what is due and leaves the rest', async () => {
    await location.replace(ALICE, [
      binding(ALICE, 'sip:short@192.0.2.1', { expiresAt: now + 10_000 }),
      binding(ALICE, 'sip:long@192.0.2.1', { expiresAt: now + 100_000 }),
    ]);
    await location.replace(BOB, [binding(BOB, 'sip:bob@192.0.2.1', { expiresAt: now + 10_000 })]);
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toHaveLength(2);
    now += 20_000;
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toEqual(['sip:long@192.0.2.1']);
    expect(rows(BOB)).toEqual([]);
    now += 100_000;
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toEqual([]);
    expect(location.size).toBe(0);
    expect(errors).toEqual([]);
  });

  it('keeps a binding that was refreshed in time', async () => {
    await location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1', { expiresAt: now + 10_000 })]);
    await location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1', { expiresAt: now + 60_000 })]);
    now += 30_000;
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toEqual(['sip:a@192.0.2.1']);
    now += 60_000;
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toEqual([]);
  });

  it('reports a removal that failed and tries it again', async () => {
    await location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1', { expiresAt: now + 10_000 })]);
    db.exec("CREATE TRIGGER stop BEFORE DELETE ON bindings BEGIN SELECT RAISE(ABORT, 'no'); END");
    now += 20_000;
    location.sweep();
    location.flush();
    await Promise.resolve();
    await Promise.resolve();
    expect(errors).toHaveLength(1);
    db.exec('DROP TRIGGER stop');
    now += 20_000;
    location.sweep();
    location.flush();
    expect(rows(ALICE)).toEqual([]);
  });
});

it('keeps odd texts as they are', async () => {
  const odd = 'a\u0001"\\\u00ff\u0080{}[] x';
  const kept = binding(ALICE, 'sip:a@192.0.2.1', { callId: odd, path: ['<sip:p;x="1,2">', '<sip:q>'], userAgent: odd });
  await location.replace(ALICE, [kept]);
  expect(location.lookup(ALICE, now)).toEqual([kept]);
  location.close();
  location = create();
  expect(location.lookup(ALICE, now)).toEqual([kept]);
});

it.each<[what: string, fields: Partial<Binding>]>([
  ['the same phone once more', {}],
  ['another address', { contact: 'sip:b@192.0.2.1' }],
  ['another q', { q: 500 }],
  ['another instance', { instance: 'urn:uuid:2' }],
  ['another flow', { regId: 2 }],
  ['another path', { path: ['<sip:p;lr>'] }],
  ['another program', { userAgent: 'Sample/2.0' }],
  ['another network', { received: 'udp:198.51.100.9:7000' }],
  ['another listener', { listener: 'tcp:192.0.2.1:5060' }],
  ['another password', { device: 'desk' }],
])('keeps a refresh with %s, on the disk as in memory', async (_what, fields) => {
  await location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1')]);
  const refreshed = binding(ALICE, 'sip:a@192.0.2.1', { callId: 'another', cseq: 7, expiresAt: 5e12, ...fields });
  await location.replace(ALICE, [refreshed]);
  expect(location.lookup(ALICE, now)).toEqual([refreshed]);
  location.close();
  location = create();
  expect(location.lookup(ALICE, now)).toEqual([refreshed]);
});

it('writes a refresh whole where its row is missing', async () => {
  await location.replace(ALICE, [binding(ALICE, 'sip:a@192.0.2.1')]);
  db.exec('DELETE FROM bindings');
  const refreshed = binding(ALICE, 'sip:a@192.0.2.1', { cseq: 2 });
  await location.replace(ALICE, [refreshed]);
  location.close();
  location = create();
  expect(location.lookup(ALICE, now)).toEqual([refreshed]);
});

it('loads more than come over the border at once', async () => {
  const aors = Array.from({ length: 4_500 }, (_, i) => aorOf(String(i), 'example.org'));
  await Promise.all(
    aors.map((aor, i) =>
      location.replace(
        aor,
        Array.from({ length: 1 + (i % 3) }, (_, n) => binding(aor, `sip:${n}@x`)),
      ),
    ),
  );
  const held = aors.map((aor) => location.lookup(aor, now));
  const { size } = location;
  location.close();
  location = create();
  expect(location.size).toBe(size);
  expect(aors.map((aor) => location.lookup(aor, now))).toEqual(held);
  expect([...location.all()]).toHaveLength(size);
});

/** What is answered is on the disk, whatever the disk does: slow, failing once, failing for good. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StoreError, StoreWriteError } from '../../../../../proxy-core/node/store/errors.ts';
import { SqliteLocationStore } from '../../../../../proxy-core/node/store/location.ts';
import { migrate } from '../../../../../proxy-core/node/store/migrations.ts';
import { type Database, openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { type DiskSync, WalLog } from '../../../../../proxy-core/node/store/wal-log.ts';
import { type Aor, aorOf } from '../../../../../proxy-core/server/stores.ts';
import { until } from '../../../../support/until.ts';
import { binding } from './samples.ts';

const ALICE = aorOf('1001', 'example.org');
const BOB = aorOf('1002', 'example.org');
const NOW = 1_000_000;
const FAILURE = new Error('the disk is gone');

/** A disk that has written when it is told to. */
class ToldDisk implements DiskSync {
  readonly waiting: ((error: Error | null) => void)[] = [];
  /** What syncs at once give. */
  atOnce: Error | undefined;
  syncsAtOnce = 0;
  fdatasync(_descriptor: number, done: (error: Error | null) => void): void {
    this.waiting.push(done);
  }
  fdatasyncSync(): void {
    this.syncsAtOnce++;
    if (this.atOnce !== undefined) throw this.atOnce;
  }
}

let dir: string;
let db: Database;
let disk: ToldDisk;
let log: WalLog;
let errors: StoreError[];
let location: SqliteLocationStore;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-commit-'));
  db = openSqlite(join(dir, 'tandem.db'), 0);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  await migrate(db, 'tandem.db');
  errors = [];
  disk = new ToldDisk();
  log = new WalLog(db, join(dir, 'tandem.db-wal'), disk);
  location = open(log);
});
afterEach(() => {
  disk.atOnce = undefined;
  location.close();
  log.close();
  db.close();
  rmSync(dir, { recursive: true });
});

const open = (wal: WalLog): SqliteLocationStore =>
  new SqliteLocationStore(db, { groupMs: 1, now: () => NOW, log: wal, onError: (error) => errors.push(error) });
const rows = (aor: Aor): unknown[] =>
  db
    .prepare('SELECT contact FROM bindings WHERE aor = ? ORDER BY rank')
    .all(aor)
    .map((row) => (row as { contact: string }).contact);
const contacts = (aor: Aor): string[] => location.lookup(aor, NOW).map((b) => b.contact);
const put = (aor: Aor, ...uris: string[]): Promise<void> =>
  location.replace(
    aor,
    uris.map((uri) => binding(aor, uri)),
  );
const asked = (count: number) => until('the disk to be asked', () => disk.waiting.length === count);
const tell = (n: number, error: Error | null = null): void => disk.waiting[n]?.(error);

/** Puts what the disk then keeps. */
async function keep(aor: Aor, ...uris: string[]): Promise<void> {
  const count = disk.waiting.length;
  const done = put(aor, ...uris);
  await asked(count + 1);
  tell(count);
  await done;
}

/** Which of these settled so far. */
function watched(promises: readonly Promise<void>[]): boolean[] {
  const done = promises.map(() => false);
  for (const [at, promise] of promises.entries()) {
    promise.then(
      () => (done[at] = true),
      () => (done[at] = true),
    );
  }
  return done;
}

it('answers when the disk has it, and gathers what comes meanwhile', async () => {
  const promises = [put(ALICE, 'sip:a@192.0.2.1')];
  await asked(1);
  promises.push(put(BOB, 'sip:b@192.0.2.1'), put(ALICE));
  const done = watched(promises);
  expect(rows(ALICE)).toEqual(['sip:a@192.0.2.1']);
  // Whatever was going to happen of itself has happened when another store's commit is through.
  await new Promise((passed) => setImmediate(passed));
  expect([done, disk.waiting.length]).toEqual([[false, false, false], 1]);
  tell(0);
  await asked(2);
  expect(done).toEqual([true, false, false]);
  expect(rows(ALICE)).toEqual([]);
  tell(1);
  await Promise.all(promises);
  expect([rows(ALICE), rows(BOB)]).toEqual([[], ['sip:b@192.0.2.1']]);
});

it('takes back what did not reach the disk, with all that came after', async () => {
  await keep(ALICE, 'sip:old@192.0.2.1');
  const lost = put(ALICE, 'sip:new@192.0.2.1', 'sip:more@192.0.2.1');
  await asked(2);
  const after = put(ALICE, 'sip:newest@192.0.2.1');
  const other = put(BOB, 'sip:b@192.0.2.1');
  tell(1, FAILURE);
  for (const outcome of await Promise.allSettled([lost, after, other])) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreWriteError) });
  }
  expect([contacts(ALICE), contacts(BOB)]).toEqual([['sip:old@192.0.2.1'], []]);
  expect([rows(ALICE), rows(BOB)]).toEqual([['sip:old@192.0.2.1'], []]);
  expect(location.size).toBe(1);
  await keep(BOB, 'sip:b@192.0.2.1');
  expect(errors).toEqual([]);
});

it('begins the log anew after a failure: nothing is written behind what the disk has lost', async () => {
  await keep(ALICE, 'sip:old@192.0.2.1');
  const lost = put(ALICE, 'sip:new@192.0.2.1');
  await asked(2);
  const checkpoints = (): number => (db.prepare('PRAGMA wal_checkpoint').get() as { log: number }).log;
  expect(checkpoints()).toBeGreaterThan(0);
  tell(1, FAILURE);
  await expect(lost).rejects.toBeInstanceOf(StoreWriteError);
  expect(checkpoints()).toBe(0);
});

it('writes nothing more while the log cannot begin anew, and goes on when it can', async () => {
  await keep(ALICE, 'sip:old@192.0.2.1');
  const lost = put(ALICE, 'sip:new@192.0.2.1', 'sip:more@192.0.2.1');
  await asked(2);
  // Somebody reads, and the log has to stay for him: the disk would be as good as this.
  const reader = openSqlite(join(dir, 'tandem.db'), 0);
  reader.exec('BEGIN; SELECT count(*) FROM bindings');
  tell(1, FAILURE);
  await expect(lost).rejects.toBeInstanceOf(StoreWriteError);
  expect(errors).toHaveLength(1);
  await expect(put(BOB, 'sip:b@192.0.2.1')).rejects.toBeInstanceOf(StoreWriteError);
  expect([contacts(ALICE), contacts(BOB), disk.waiting.length]).toEqual([['sip:old@192.0.2.1'], [], 2]);
  reader.close();
  await keep(BOB, 'sip:b@192.0.2.1');
  expect(rows(BOB)).toEqual(['sip:b@192.0.2.1']);
});

it('makes rows what memory has where they could not be put back', async () => {
  await keep(ALICE, 'sip:old@192.0.2.1');
  const [kept] = location.lookup(ALICE, NOW);
  const lost = put(ALICE, 'sip:new@192.0.2.1', 'sip:more@192.0.2.1');
  await asked(2);
  const other = openSqlite(join(dir, 'tandem.db'), 0);
  other.exec('BEGIN IMMEDIATE');
  tell(1, FAILURE);
  await expect(lost).rejects.toBeInstanceOf(StoreWriteError);
  other.close();
  expect([errors.length, rows(ALICE).length, contacts(ALICE)]).toEqual([1, 2, ['sip:old@192.0.2.1']]);
  // What memory takes for unchanged is written all the same.
  const done = location.replace(ALICE, kept === undefined ? [] : [kept]);
  await asked(3);
  tell(2);
  await done;
  expect(rows(ALICE)).toEqual(['sip:old@192.0.2.1']);
});

it('waits for the disk at once where it is flushed', async () => {
  const first = put(ALICE, 'sip:a@192.0.2.1');
  await asked(1);
  const second = put(BOB, 'sip:b@192.0.2.1');
  location.flush();
  expect(disk.syncsAtOnce).toBe(1);
  await Promise.all([first, second]);
  // Nobody waits for this any more, nor is told twice.
  tell(0, FAILURE);
  await keep(BOB);
  expect([rows(ALICE), rows(BOB)]).toEqual([['sip:a@192.0.2.1'], []]);
});

it('puts memory back where flushing fails', async () => {
  disk.atOnce = FAILURE;
  const first = put(ALICE, 'sip:a@192.0.2.1');
  await asked(1);
  const second = put(ALICE, 'sip:b@192.0.2.1');
  location.flush();
  for (const outcome of await Promise.allSettled([first, second])) expect(outcome.status).toBe('rejected');
  expect([contacts(ALICE), rows(ALICE)]).toEqual([[], []]);
});

it('syncs with a real disk, and leaves other stores as safe as they were', async () => {
  location.close();
  const real = new WalLog(db, join(dir, 'tandem.db-wal'));
  location = open(real);
  await put(ALICE, 'sip:a@192.0.2.1');
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(rows(ALICE)).toEqual(['sip:a@192.0.2.1']);
  location.close();
  real.close();
});

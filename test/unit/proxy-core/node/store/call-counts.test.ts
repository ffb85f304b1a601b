import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { QUARTER_MS } from '../../../../../proxy-core/node/store/call-counts.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import type { CallRecord } from '../../../../../proxy-core/server/calls/record.ts';
import { BEGAN, liveOf, recordOf } from '../../../../support/call-records.ts';
import { DOMAIN } from '../../../../support/exchange-parts.ts';

let dir: string;
let store: Store;
let now: number;

const open = async (): Promise<Store> => openStore({ dataDir: dir, domains: [DOMAIN], now: () => now });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-counts-'));
  now = BEGAN + 3_600_000;
  store = await open();
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const put = (...records: CallRecord[]): void => {
  for (const record of records) store.calls.records.ended(record);
  store.calls.records.flush();
};
const counted = (step = QUARTER_MS) => store.calls.records.counts.between(BEGAN, BEGAN + 86_400_000, step);

it('calls are counted by the quarter of an hour in which they began, and by how they came out', () => {
  put(recordOf(0), recordOf(14), recordOf(15), recordOf(16, { outcome: 'busy' }), recordOf(61));
  put(recordOf(17));
  expect(counted()).toEqual([
    { at: BEGAN, calls: { answered: 2 } },
    { at: BEGAN + QUARTER_MS, calls: { answered: 2, busy: 1 } },
    { at: BEGAN + 4 * QUARTER_MS, calls: { answered: 1 } },
  ]);
  expect(counted(4 * QUARTER_MS).map(({ calls }) => calls)).toEqual([{ answered: 4, busy: 1 }, { answered: 1 }]);
});

it('a call that the exchange did not live to see the end of is counted once', async () => {
  store.calls.records.answered(liveOf(1));
  store.calls.records.flush();
  store.close();
  store = await open();
  expect(counted()).toEqual([{ at: BEGAN, calls: { answered: 1 } }]);
  put(recordOf(1, { isInterrupted: true }));
  expect(counted()).toEqual([{ at: BEGAN, calls: { answered: 1 } }]);
});

it('counts stay when records go, for 400 days', () => {
  put(recordOf(1));
  store.calls.settings.limits = { days: 0, count: 1 };
  put(recordOf(2));
  expect(store.calls.records.size).toBe(1);
  expect(counted()).toEqual([{ at: BEGAN, calls: { answered: 2 } }]);
  now = BEGAN + 401 * 86_400_000;
  put(recordOf(401 * 24 * 60));
  expect(counted()).toEqual([]);
});

it('what could not be written is counted once, when it is written', () => {
  const other = openSqlite(join(dir, 'tandem.db'), 10);
  other.exec('BEGIN IMMEDIATE');
  store.calls.records.ended(recordOf(1));
  expect(() => store.calls.records.flush()).toThrow();
  other.exec('ROLLBACK');
  other.close();
  store.calls.records.flush();
  expect(counted()).toEqual([{ at: BEGAN, calls: { answered: 1 } }]);
});

it('calls that are on record already are counted when the counts are new', async () => {
  put(recordOf(1), recordOf(2, { outcome: 'declined' }));
  store.close();
  const db = openSqlite(join(dir, 'tandem.db'), 1_000);
  db.exec(`DROP TABLE call_counts; DELETE FROM kysely_migration WHERE name = '0045-call-counts'`);
  db.close();
  store = await open();
  expect(counted()).toEqual([{ at: BEGAN, calls: { answered: 1, declined: 1 } }]);
});

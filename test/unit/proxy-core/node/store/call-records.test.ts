import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { openStore, type RecordQuery, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import type { CallRecord } from '../../../../../proxy-core/server/calls/record.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { ANNA, BEGAN, BEN, liveOf, recordOf, savedOf } from '../../../../support/call-records.ts';
import { DOMAIN } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';

let dir: string;
let store: Store;
let now: number;
let errors: string[];

const open = async (): Promise<Store> =>
  openStore({ dataDir: dir, domains: [DOMAIN], now: () => now, onError: ({ message }) => void errors.push(message) });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-records-'));
  now = BEGAN + 3_600_000;
  errors = [];
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

const page = (query: Partial<RecordQuery> = {}) => store.calls.queries.page({ limit: 100, ...query });
const found = (query: Partial<RecordQuery> = {}): string[] => page(query).items.map(({ callId }) => callId);

describe('a record', () => {
  it('comes back as it went in, also after a restart', async () => {
    const rich = recordOf(1, {
      caller: { aor: undefined, number: '+49 30', domain: 'elsewhere.example', name: 'Zoë "=cmd" \r\n' },
      quality: [{ reporter: BEN.aor, kind: 'CallTerm', local: { codec: 'PCMU', lossPercent: 0.5 } }],
      ...{ lost: 'gone', reason: 'Q.850;cause=16' },
    });
    put(rich, recordOf(2, { answeredBy: undefined, cause: undefined }));
    store.close();
    store = await open();
    expect(page({ ascending: true }).items).toEqual([rich, recordOf(2, { answeredBy: undefined, cause: undefined })]);
    expect(store.calls.records.size).toBe(2);
  });

  it('is written by itself within a second', async () => {
    store.calls.records.ended(recordOf(1));
    expect(page().items).toEqual([]);
    await until('the record', () => page().items.length === 1, 2_000);
  });
});

describe('a search', () => {
  beforeEach(() => {
    const stranger = { aor: undefined, number: '+4930', domain: 'far.example', name: 'Zoë Ärger' };
    put(
      recordOf(0),
      recordOf(1, { caller: stranger }),
      recordOf(2, { outcome: 'busy', status: 486, caller: BEN, callee: ANNA }),
      recordOf(3, { caller: stranger, callee: stranger, devices: [] }),
      // By an alias of Ben.
      recordOf(4, { callee: { ...BEN, number: '900' } }),
    );
  });

  test.each<[string, Partial<RecordQuery>, string[]]>([
    ['everything, the latest first', {}, ['call-4', 'call-3', 'call-2', 'call-1', 'call-0']],
    ['the oldest first', { ascending: true, limit: 2 }, ['call-0', 'call-1']],
    ['one user, on either side', { parties: [BEN.aor] }, ['call-4', 'call-2', 'call-1', 'call-0']],
    ['one user or number', { parties: [ANNA.aor, '900'] }, ['call-4', 'call-2', 'call-0']],
    ['somebody elsewhere', { parties: ['+4930'] }, ['call-3', 'call-1']],
    ['nobody', { parties: [] }, []],
    ['an alias that was dialled', { parties: ['900'] }, ['call-4']],
    ['a time', { from: BEGAN + 60_000, to: BEGAN + 180_000 }, ['call-2', 'call-1']],
    ['an outcome', { outcome: 'busy' }, ['call-2']],
    ['a text in any case', { text: 'zoë är' }, ['call-3', 'call-1']],
    ['a text that is no pattern', { text: '%' }, []],
    ['a device', { text: 'DESK', parties: ['+4930'] }, ['call-1']],
    ['all of it at once', { text: 'ben', outcome: 'answered', parties: [ANNA.aor], from: BEGAN + 1 }, ['call-4']],
  ])('for %s', (_what, query, ids) => {
    expect(found(query)).toEqual(ids);
  });

  it('goes on where a page ended, in both directions', () => {
    const pages: string[][] = [];
    let after: number | undefined;
    do {
      const { items, next } = page({ limit: 2, after });
      pages.push(items.map(({ callId }) => callId));
      after = next;
    } while (after !== undefined);
    expect(pages).toEqual([['call-4', 'call-3'], ['call-2', 'call-1'], ['call-0']]);
    expect(page({ limit: 3, ascending: true, after: recordOf(1).id }).items).toHaveLength(3);
  });

  it('looks at so many at a time, and says where it stopped', () => {
    put(...Array.from({ length: 2_200 }, (_, at) => recordOf(at + 10, { outcome: 'busy' })));
    const first = page({ outcome: 'answered' });
    expect(first.items).toEqual([]);
    const second = page({ outcome: 'answered', after: first.next });
    expect(second.items).toHaveLength(4);
    expect(second.next).toBeUndefined();
  });
});

describe('what is kept', () => {
  it('is so many, the latest', () => {
    store.calls.settings.limits = { days: 0, count: 3 };
    put(...[1, 2, 3, 4, 5].map((count) => recordOf(count)));
    expect(found()).toEqual(['call-5', 'call-4', 'call-3']);
    expect(found({ parties: [BEN.aor] })).toEqual(['call-5', 'call-4', 'call-3']);
    expect(store.calls.records.size).toBe(3);
  });

  it('is not older than so many days', () => {
    store.calls.settings.limits = { days: 1, count: 100 };
    put(recordOf(1), recordOf(2));
    now = recordOf(2).startedAt + 86_400_000 - 1;
    store.calls.records.flush();
    expect(found()).toEqual(['call-2']);
  });

  it('goes a part at a time where there is much of it', async () => {
    put(...Array.from({ length: 450 }, (_, at) => recordOf(at)));
    store.calls.settings.limits = { days: 0, count: 10 };
    store.calls.records.flush();
    expect(store.calls.records.size).toBe(250);
    await until('the rest', () => store.calls.records.size === 10, 4_000);
    expect(found()).toHaveLength(10);
  });

  it('lasts as long as was set before a restart', async () => {
    store.calls.settings.limits = { days: 7, count: 11 };
    store.close();
    store = await open();
    expect(store.calls.settings.limits).toEqual({ days: 7, count: 11 });
  });
});

describe('a call that was answered when the exchange died', () => {
  /** What a crash leaves: nothing is written on the way out. */
  const crash = async (): Promise<void> => {
    store.calls.records.flush();
    store.close();
    store = await open();
  };

  it('is on record as interrupted', async () => {
    store.calls.records.answered(liveOf(1));
    expect(page().items).toEqual([]);
    await crash();
    expect(page().items).toMatchObject([
      { callId: 'call-1', lost: 'restart', isInterrupted: true, endedAt: 0, seconds: 0, outcome: 'answered' },
    ]);
    expect(page().items[0]?.cause).toBeUndefined();
    expect(store.calls.records.open()).toEqual([savedOf(1)]);
  });

  it('gets its end when that comes after all', async () => {
    store.calls.records.answered(liveOf(1));
    await crash();
    put(recordOf(1, { isInterrupted: true }));
    expect(page().items).toEqual([recordOf(1, { isInterrupted: true })]);
    expect([store.calls.records.size, store.calls.records.open()]).toEqual([1, []]);
  });

  it('is not one that ended before', async () => {
    store.calls.records.answered(liveOf(1));
    store.calls.records.flush();
    put(recordOf(1));
    await crash();
    expect(page().items).toEqual([recordOf(1)]);
    expect(store.calls.records.open()).toEqual([]);
  });

  it('leaves nothing where it came and went at once', () => {
    store.calls.records.answered(liveOf(1));
    put(recordOf(1));
    expect([store.calls.records.open(), found()]).toEqual([[], ['call-1']]);
  });

  it('does not keep the exchange from starting when its row is damaged', async () => {
    store.close();
    const db = openSqlite(join(dir, 'tandem.db'), 0);
    db.exec("INSERT INTO open_calls (id, call) VALUES (1, '{oops')");
    db.close();
    store = await open();
    expect(store.calls.records.open()).toEqual([]);
  });
});

describe('what a phone says of the sound', () => {
  const report = { reporter: BEN.aor, kind: 'CallTerm', local: { mosListening: 4.1 } };

  it('is found with the call, before and after it has ended', () => {
    const { records } = store.calls;
    records.addQuality('call-1', BEN.aor, report);
    records.flush();
    put(recordOf(1));
    records.addQuality('call-1', ANNA.aor, { ...report, reporter: ANNA.aor });
    records.flush();
    expect(page().items[0]?.quality).toEqual([report, { ...report, reporter: ANNA.aor }]);
  });

  it('replaces what the same phone said before, and is bounded', () => {
    put(recordOf(1));
    for (let count = 0; count < 10; count++) {
      store.calls.records.addQuality('call-1', BEN.aor, { ...report, kind: `Interval${count % 6}` });
    }
    store.calls.records.flush();
    expect(page().items[0]?.quality.map(({ kind }) => kind)).toEqual([
      'Interval0',
      'Interval1',
      'Interval2',
      'Interval3',
    ]);
  });

  it('is not taken from one who had no part in it', () => {
    store.calls.records.addQuality('call-1', aorOf('1003', DOMAIN), report);
    store.calls.records.flush();
    put(recordOf(1));
    store.calls.records.addQuality('call-1', aorOf('1003', DOMAIN), report);
    store.calls.records.flush();
    expect(page().items[0]?.quality).toEqual([]);
  });

  it('is taken of the last thousands of calls', () => {
    put(...Array.from({ length: 5_001 }, (_, at) => recordOf(at)));
    store.calls.records.addQuality('call-0', BEN.aor, report);
    store.calls.records.flush();
    expect(store.calls.queries.find(recordOf(0).id)?.quality).toEqual([report]);
    put(...Array.from({ length: 5_001 }, (_, at) => recordOf(at + 6_000)));
    store.calls.records.addQuality('call-1', BEN.aor, report);
    store.calls.records.flush();
    expect(store.calls.queries.find(recordOf(1).id)?.quality).toEqual([]);
  });
});

test('a fault of the disk keeps records in memory until it is over, and is told once', async () => {
  const db = openSqlite(join(dir, 'tandem.db'), 0);
  db.exec('BEGIN IMMEDIATE');
  store.calls.records.ended(recordOf(1));
  // Another program holds the database; we wait for it no longer than we would for ourselves.
  await until('the fault', () => errors.length > 0, 8_000);
  db.exec('COMMIT');
  db.close();
  await until('the record', () => page().items.length === 1, 8_000);
  expect(errors).toHaveLength(1);
}, 20_000);

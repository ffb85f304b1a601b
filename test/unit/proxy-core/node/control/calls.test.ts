import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { AdminError, createAdmin, type LocalAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import type { ExchangeParts } from '../../../../../proxy-core/server/parts.ts';
import { BEGAN, BEN, recordOf } from '../../../../support/call-records.ts';
import { DOMAIN, TestExchange } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';

let dir: string;
let store: Store;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-calls-'));
  store = await openStore({ dataDir: dir, domains: [DOMAIN], now: () => BEGAN });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const adminOf = (exchange?: ExchangeParts): LocalAdmin => {
  const facts = () => ({ version: '1', startedAt: 0, listeners: [], mode: 'proxy' });
  return createAdmin({ store, facts, now: () => BEGAN, ...(exchange && { exchange }) });
};

const refusal = (promise: Promise<unknown>): Promise<AdminError> =>
  promise.then(
    () => {
      throw new Error('not refused');
    },
    (error: unknown) => error as AdminError,
  );

describe('calls under way', () => {
  let exchange: TestExchange;
  let admin: LocalAdmin;
  const ring = (number: string) => exchange.receive('INVITE', `sip:${number}@${DOMAIN}`);

  beforeEach(() => {
    exchange = new TestExchange();
    for (const number of ['1001', '1002']) exchange.bind(number, `sip:${number}@192.0.2.61:5060`);
    admin = adminOf(exchange.parts);
  });

  it('are listed the oldest first, a page at a time, and by user', async () => {
    for (const number of ['1001', '1002', '1001']) ring(number);
    exchange.out(0).answer(180);
    exchange.out(1).answer(200);
    const first = await admin.call('calls.list', { limit: 2 });
    expect(first.items.map(({ callee, state }) => `${callee.number} ${state}`)).toEqual([
      ...['1001 ringing', '1002 answered'],
    ]);
    expect(first.items[1]).toMatchObject({ answeredBy: 0, devices: [{ contact: 'sip:1002@192.0.2.61:5060' }] });
    const second = await admin.call('calls.list', { limit: 2, after: first.next });
    expect(second.items.map(({ state }) => state)).toEqual(['trying']);
    expect(second.next).toBeUndefined();
    const own = await admin.call('calls.list', { number: '1001' });
    expect(own.items).toHaveLength(2);
    // Over the wire it is JSON.
    expect(JSON.parse(JSON.stringify(own))).toMatchObject({ items: [{ caller: { number: 'guest' } }, {}] });
  });

  it('are stopped while they ring, and then ended by the exchange', async () => {
    const incoming = ring('1001');
    exchange.out(0).answer(180);
    const [call] = (await admin.call('calls.list', {})).items;
    const ended: unknown[] = [];
    exchange.calls.listen({ changed: ({ state, end, isCancelled }) => void ended.push([state, end?.by, isCancelled]) });
    await admin.call('calls.end', { id: call?.id ?? 0 });
    expect(exchange.out(0).cancels).toEqual(['SIP;cause=487;text="Ended by the office"']);
    exchange.out(0).answer(487);
    expect(incoming.last.status).toBe(487);
    expect(ended.at(-1)).toEqual(['ended', 'exchange', false]);
    expect((await refusal(admin.call('calls.end', { id: call?.id ?? 0 }))).kind).toBe('unknown');
  });

  it('that were answered are nobody’s to end but the two who talk', async () => {
    ring('1001');
    exchange.out(0).answer(200);
    const [call] = (await admin.call('calls.list', {})).items;
    const refused = await refusal(admin.call('calls.end', { id: call?.id ?? 0 }));
    expect([refused.kind, refused.message]).toEqual(['invalid', expect.stringContaining('only forwards')]);
    expect(exchange.calls.size).toBe(1);
  });

  it('are none where no exchange runs', async () => {
    expect(await adminOf().call('calls.list', {})).toEqual({ items: [] });
    expect((await refusal(adminOf().call('calls.end', { id: 1 }))).kind).toBe('unknown');
  });
});

it('tells who follows them what changes', async () => {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
  const { feed } = store;
  exchange.calls.listen({
    changed: ({ id, state }) => feed.changed('calls', String(id), state === 'ended' ? 'removed' : 'changed'),
  });
  const admin = adminOf(exchange.parts);
  const end = new AbortController();
  const seen: string[] = [];
  const done = (async () => {
    for await (const event of admin.watch('calls.list', { number: '1001' }, { signal: end.signal })) {
      seen.push(event.event === 'changed' ? `changed ${event.item.state}` : event.event);
    }
  })();
  await until('the snapshot', () => seen.includes('ready'));
  exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
  exchange.out(0).answer(180);
  await until('the ringing', () => seen.includes('changed ringing'));
  exchange.out(0).answer(486);
  await until('the end', () => seen.includes('removed'));
  end.abort();
  await done;
  const records: string[] = [];
  const stop = new AbortController();
  const told = (async () => {
    for await (const event of admin.watch('records.list', { outcome: 'busy' }, { signal: stop.signal })) {
      records.push('key' in event ? `${event.event} ${event.key}` : event.event);
    }
  })();
  await until('the snapshot', () => records.includes('ready'));
  const busy = recordOf(5, { outcome: 'busy' });
  store.calls.records.ended(recordOf(4));
  store.calls.records.ended(busy);
  store.calls.records.flush();
  await until('the record', () => records.includes(`added ${busy.id}`));
  stop.abort();
  await told;
  expect(records.filter((line) => line.startsWith('added'))).toEqual([`added ${busy.id}`]);
});

describe('records', () => {
  const stranger = { aor: undefined, number: '+49301', domain: 'far.example', name: '=HYPERLINK("x")' };
  let admin: LocalAdmin;

  beforeEach(() => {
    admin = adminOf();
    store.users.add([
      { ...{ number: '1002', domain: DOMAIN, name: 'Ben', createdAt: 0 }, ...{ ha1Md5: '', ha1Sha256: '' } },
    ]);
    store.users.aliases.add('900', '1002', DOMAIN);
    store.calls.records.ended(recordOf(1));
    store.calls.records.ended(recordOf(2, { caller: stranger, reason: '@x', callId: '-1+1' }));
    store.calls.records.ended(recordOf(3, { callee: stranger, devices: [], answeredBy: undefined, outcome: 'busy' }));
    store.calls.records.flush();
  });

  test.each<[string, Parameters<typeof list>[0], string[]]>([
    ['all', {}, ['call-1', '-1+1', 'call-3']],
    ['the latest first', { descending: true }, ['call-3', '-1+1', 'call-1']],
    ['a user', { user: '1002' }, ['call-1', '-1+1']],
    ['a user by an alias', { user: '900' }, ['call-1', '-1+1']],
    ['a user who is gone', { user: '1001', domain: DOMAIN }, ['call-1', 'call-3']],
    ['a number of ours', { number: '1001' }, ['call-1', 'call-3']],
    ['a number elsewhere', { number: '+49301' }, ['-1+1', 'call-3']],
    ['an outcome', { outcome: 'busy' }, ['call-3']],
    ['a text', { text: 'hyper' }, ['-1+1', 'call-3']],
    ['a time', { from: BEGAN + 120_000, to: BEGAN + 121_000 }, ['-1+1']],
    ['the latest one', { descending: true, limit: 1 }, ['call-3']],
  ])('are found by %s', async (_what, query, ids) => {
    expect(await list(query)).toEqual(ids);
  });

  const list = async (query: Parameters<typeof admin.call<'records.list'>>[1]): Promise<string[]> =>
    (await admin.call('records.list', query)).items.map(({ callId }) => callId);

  it('are shown one by one', async () => {
    const { id } = recordOf(1);
    expect(await admin.call('records.show', { id })).toMatchObject({ callId: 'call-1', callee: BEN });
    expect((await refusal(admin.call('records.show', { id: 1 }))).kind).toBe('unknown');
  });

  it.each([
    [{ limit: 0 }],
    [{ limit: 5_000 }],
    [{ outcome: 'nice' }],
    [{ after: 'x' }],
    [{ text: 'x'.repeat(200) }],
    [{ from: -1 }],
    [{ unknown: 1 }],
  ])('are not found by %j', async (query) => {
    expect((await refusal(admin.call('records.list', query as never))).kind).toBe('invalid');
  });

  it('are exported as CSV that comes alive in no spreadsheet', async () => {
    const first = await admin.call('records.export', { limit: 2, descending: true });
    const lines = first.csv.split('\r\n');
    expect(lines[0]).toMatch(/^id,started,answered,ended,seconds,caller,/);
    expect([lines.length, first.count]).toEqual([4, 2]);
    // Quotation marks are doubled, formulas begin with an apostrophe, a number stays one.
    expect(lines[2]).toContain(`,+49301,far.example,"'=HYPERLINK(""x"")",1002,`);
    expect(lines[2]).toContain(",'@x,");
    expect(lines[2]).toMatch(/,'-1\+1$/);
    expect(lines[2]).toContain(',2026-03-01T09:02:00.000Z,');
    const second = await admin.call('records.export', { limit: 2, after: first.next, descending: true });
    expect(second.csv.split('\r\n')[0]).toMatch(/call-1$/);
    expect(second.next).toBeUndefined();
  });

  it('are kept as long as is said', async () => {
    expect(await admin.call('records.keep', {})).toEqual({ days: 365, count: 200_000, records: 3 });
    expect(await admin.call('records.keep', { count: 1 })).toMatchObject({ days: 365, count: 1, records: 1 });
    expect(await list({})).toEqual(['call-3']);
  });

  it('are told to a web server, whose secret nobody hears', async () => {
    expect(await admin.call('records.webhook', {})).toEqual({ hasSecret: false, waiting: 0, givenUp: 0 });
    const url = 'https://crm.example/calls';
    const set = await admin.call('records.webhook', { url, secret: 'sixteen letters!' });
    expect(set).toEqual({ url, hasSecret: true, waiting: 0, givenUp: 0 });
    expect(await admin.call('records.webhook', { secret: '' })).toMatchObject({ url, hasSecret: false });
    store.calls.records.ended(recordOf(9));
    store.calls.records.flush();
    expect(await admin.call('records.webhook', {})).toMatchObject({ waiting: 1 });
    expect(await admin.call('records.webhook', { url: '' })).toEqual({ hasSecret: false, waiting: 0, givenUp: 0 });
  });

  it.each([{ url: 'ftp://x/' }, { url: 'x' }, { url: 'http://a:b@x/' }, { secret: 'short' }])(
    'are not told to %j',
    async (asked) => {
      const refused = await refusal(admin.call('records.webhook', asked));
      expect(refused).toBeInstanceOf(AdminError);
      expect(refused.kind).toBe('invalid');
    },
  );
});

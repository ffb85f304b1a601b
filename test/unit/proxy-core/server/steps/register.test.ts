import { describe, expect, test } from 'vitest';
import { RestlessPhones } from '../../../../../proxy-core/server/restless-phones.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';

const aor = aorOf('1001', DOMAIN);

async function register(exchange: TestExchange, ...headers: HeaderLine[]): Promise<Incoming> {
  const incoming = exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, headers);
  await until('an answer', () => !incoming.isOpen);
  return incoming;
}

const contacts = (exchange: TestExchange): string[] =>
  exchange.locations.lookup(aor, exchange.clock.now()).map(({ contact }) => contact);

test('a phone registers, and is told all that is registered', async () => {
  const exchange = new TestExchange();
  const incoming = await register(exchange, ['Contact', '<sip:1001@192.0.2.50:5062>;q=0.5'], ['Expires', '600']);
  expect(incoming.statuses).toEqual([200]);
  expect(incoming.last.list(H.Contact)).toEqual(['<sip:1001@192.0.2.50:5062>;q=0.5;expires=600']);
  expect(exchange.locations.lookup(aor, exchange.clock.now())).toMatchObject([
    { received: 'udp:192.0.2.50:5060', listener: 'udp:192.0.2.1:5060', q: 500 },
  ]);
});

test('a phone that registers again and again is known for it', async () => {
  const restless = new RestlessPhones();
  const exchange = new TestExchange({}, { restless });
  for (let at = 0; at < 8; at++) {
    await register(exchange, ['Contact', '<sip:1001@192.0.2.50:5062>;expires=600']);
    exchange.clock.advance(20_000);
  }
  expect(restless.all(exchange.clock.now())).toMatchObject([{ aor, how: 'again', times: 7, host: '192.0.2.50' }]);
});

test('a phone more than a user may have is told of, with whose it is, and held against nobody', async () => {
  const exchange = new TestExchange({ contactsPerUser: 1 });
  await register(exchange, ['Contact', '<sip:1001@192.0.2.50>']);
  expect((await register(exchange, ['Contact', '<sip:1001@192.0.2.51>'])).last.status).toBe(403);
  expect(exchange.parts.guard.refusals.all()).toMatchObject([
    { as: aor, why: 'The user has as many phones as one may have.', count: 1 },
  ]);
});

describe('expiry', () => {
  const cases: [what: string, contact: string, expires: string | undefined, result: number][] = [
    ['the default where nothing is asked', '<sip:a@192.0.2.50>', undefined, 3600],
    ['what Expires asks', '<sip:a@192.0.2.50>', '120', 120],
    ['what the contact asks before what Expires asks', '<sip:a@192.0.2.50>;expires=90', '120', 90],
    ['not more than the longest', '<sip:a@192.0.2.50>', '999999', 7200],
    ['the default for what is malformed', '<sip:a@192.0.2.50>;expires=soon', '120', 3600],
  ];
  test.each(cases)('%s', async (_what, contact, expires, result) => {
    const headers: HeaderLine[] = [
      ['Contact', contact],
      ...(expires === undefined ? [] : [['Expires', expires] as const]),
    ];
    const { last } = await register(new TestExchange(), ...headers);
    expect(last.header(H.Contact)).toContain(`;expires=${result}`);
  });

  test('too short a time is refused with the shortest', async () => {
    const { last } = await register(new TestExchange(), ['Contact', '<sip:a@192.0.2.50>;expires=10']);
    expect([last.status, last.header(H.MinExpires)]).toEqual([423, '60']);
  });

  test('a binding ends by itself', async () => {
    const exchange = new TestExchange();
    await register(exchange, ['Contact', '<sip:a@192.0.2.50>;expires=60']);
    exchange.clock.advance(59_000);
    expect(contacts(exchange)).toHaveLength(1);
    exchange.clock.advance(1_000);
    expect(contacts(exchange)).toHaveLength(0);
  });
});

describe('removing and asking', () => {
  test('a query changes nothing', async () => {
    const exchange = new TestExchange();
    await register(exchange, ['Contact', '<sip:a@192.0.2.50>']);
    expect((await register(exchange)).last.list(H.Contact)).toEqual(['<sip:a@192.0.2.50>;expires=3600']);
  });

  test('expires=0 removes one, * removes all', async () => {
    const exchange = new TestExchange();
    await register(exchange, ['Contact', '<sip:a@192.0.2.50>, <sip:b@192.0.2.50>, <sip:c@192.0.2.50>']);
    await register(exchange, ['Contact', '<sip:a@192.0.2.50>;expires=0']);
    expect(contacts(exchange).sort()).toEqual(['sip:b@192.0.2.50', 'sip:c@192.0.2.50']);
    const all = await register(exchange, ['Contact', '*'], ['Expires', '0']);
    expect([all.last.status, all.last.list(H.Contact)]).toEqual([200, []]);
    expect(contacts(exchange)).toEqual([]);
  });

  test.each([
    [[['Contact', '*']]],
    [
      [
        ['Contact', '*'],
        ['Expires', '60'],
      ],
    ],
    [
      [
        ['Contact', '*, <sip:a@192.0.2.50>'],
        ['Expires', '0'],
      ],
    ],
    [[['Contact', '<sip:a@192.0.2.50>;q=7']]],
    [[['Contact', '<mailto:a@192.0.2.50>']]],
    [[['Contact', 'nonsense <']]],
  ] as [HeaderLine[]][])('%j is refused and changes nothing', async (headers) => {
    const exchange = new TestExchange();
    await register(exchange, ['Contact', '<sip:b@192.0.2.50>']);
    expect((await register(exchange, ...headers)).statuses).toEqual([400]);
    expect(contacts(exchange)).toEqual(['sip:b@192.0.2.50']);
  });
});

test('a full disk is a 500, and the phone is not registered', async () => {
  const exchange = new TestExchange();
  exchange.locations.fault = new Error('disk full');
  expect((await register(exchange, ['Contact', '<sip:a@192.0.2.50>'])).statuses).toEqual([500]);
  expect(contacts(exchange)).toEqual([]);
  expect(exchange.faults).toHaveLength(1);
});

test('a Path is kept, given back, and used', async () => {
  const exchange = new TestExchange();
  const path = '<sip:192.0.2.70;lr>';
  const { last } = await register(exchange, ['Contact', '<sip:a@192.0.2.50>'], ['Path', path]);
  expect(last.header(H.Path)).toBe(path);
  exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
  expect(exchange.out(0).request.list(H.Route)).toEqual([path]);
  expect(exchange.out(0).request.uriText).toBe('sip:a@192.0.2.50');
  expect(exchange.out(0).hop.host).toBe('192.0.2.70');
});

test('nobody registers for a domain that is not ours', () => {
  const exchange = new TestExchange();
  const to: HeaderLine[] = [
    ['From', '<sip:a@abroad.example>;tag=1'],
    ['To', '<sip:a@abroad.example>'],
  ];
  expect(exchange.receive('REGISTER', `sip:${DOMAIN}`, to).statuses).toEqual([404]);
  expect(exchange.receive('REGISTER', 'sip:abroad.example', to).statuses).toEqual([403]);
});

test('an address of record is a SIP URI (RFC 3261 §10.2, RFC 4475 §3.3.4)', () => {
  const to: HeaderLine[] = [['To', '<tel:+4912345>']];
  expect(new TestExchange().receive('REGISTER', `sip:${DOMAIN}`, to).statuses).toEqual([400]);
});

import { describe, expect, test } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import type { FlowId, Source } from '../../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';
import { Watcher } from '../../../../support/watching.ts';

const A = 'sip:1001@192.0.2.50:5062';

describe('a subscription', () => {
  test('is challenged as by a server, accepted, and told the whole state at once', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', A);
    const asked = exchange.receive('SUBSCRIBE', `sip:1001@${DOMAIN}`, [
      ['From', `<sip:1001@${DOMAIN}>;tag=w`],
      ['Event', 'reg'],
    ]);
    expect(asked.statuses).toEqual([401]);
    const watcher = new Watcher(exchange, '1001', 'one', [['Expires', '600']]);
    expect(watcher.first.statuses).toEqual([200]);
    expect([watcher.first.last.header(H.Expires), watcher.first.last.header(H.AllowEvents)]).toEqual([
      '600',
      'reg, presence, dialog, message-summary, tandem-office',
    ]);
    expect(watcher.states).toEqual(['active;expires=600']);
    const [notify] = watcher.notifies;
    expect(notify?.request.uriText).toBe('sip:1001@192.0.2.50');
    expect(notify?.hop).toMatchObject({ transport: 'UDP', host: '192.0.2.50', listener: source.listener });
    expect(notify?.request.header(H.Event)).toBe('reg');
    expect(notify?.request.to.tag).toBe('watcher');
    expect(notify?.request.from.tag).toBe(watcher.first.last.to.tag);
    expect(watcher.documents[0]).toEqual({
      ...{ version: 0, state: 'full', registration: 'active', contacts: [`registered ${A}`] },
    });
  });

  test('is refreshed, and told the whole state again', () => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [['Expires', '600']]);
    watcher.answer();
    watcher.exchange.clock.advance(300_000);
    const again = watcher.again([['Expires', '900']]);
    expect([again.statuses, again.last.header(H.Expires)]).toEqual([[200], '900']);
    expect(watcher.states).toEqual(['active;expires=600', 'active;expires=900']);
    expect(watcher.documents.map(({ version, state }) => [version, state])).toEqual([
      [0, 'full'],
      [1, 'full'],
    ]);
    watcher.answer();
    watcher.exchange.clock.advance(899_000);
    expect(watcher.exchange.parts.events.size).toBe(1);
  });

  test('ends by itself, and says so', () => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [['Expires', '600']]);
    watcher.answer();
    watcher.exchange.clock.advance(600_000);
    expect(watcher.states.at(-1)).toBe('terminated;reason=timeout');
    expect(watcher.again().statuses).toEqual([481]);
    watcher.answer();
    expect(watcher.exchange.parts.events.size).toBe(0);
    expect(watcher.exchange.clock.waiting).toBe(0);
  });

  test('is ended by its subscriber', () => {
    const watcher = new Watcher(new TestExchange());
    watcher.answer();
    expect(watcher.again([['Expires', '0']]).last.header(H.Expires)).toBe('0');
    expect(watcher.states.at(-1)).toBe('terminated;reason=timeout');
    watcher.answer();
    expect(watcher.exchange.parts.events.size).toBe(0);
  });

  test('of no time asks once', () => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [['Expires', '0']]);
    expect([watcher.first.statuses, watcher.states]).toEqual([[200], ['terminated;reason=timeout']]);
    watcher.answer();
    expect(watcher.exchange.parts.events.size).toBe(0);
  });

  test('stops without a word when the exchange closes: it goes on when that is open again', () => {
    const watcher = new Watcher(new TestExchange());
    watcher.exchange.parts.events.close();
    watcher.notifies[0]?.listener.failed({ reason: 'closed' });
    expect([watcher.notifies.length, watcher.exchange.clock.waiting]).toEqual([1, 0]);
  });
});

test('a device that is revoked is told nothing more', () => {
  const exchange = new TestExchange();
  exchange.users.addDevice('1001', 'lost', 'lost-pass');
  const lost = new Watcher(exchange, '1001', 'lost-pass');
  lost.answer();
  // The user is the same, without the device.
  exchange.users.add('1001', 'one');
  exchange.clock.advance(10_000);
  exchange.bind('1001', A);
  expect(lost.states.at(-1)).toBe('terminated;reason=rejected');
  expect(lost.notifies.at(-1)?.request.body).toBe('');
  lost.answer();
  expect(exchange.parts.events.size).toBe(0);
});

describe('what a subscriber does with a NOTIFY', () => {
  test.each([481, 404, 500, 489])('%i ends the subscription without a word', (status) => {
    const watcher = new Watcher(new TestExchange());
    watcher.answer(status);
    expect([watcher.exchange.parts.events.size, watcher.notifies.length]).toEqual([0, 1]);
    expect(watcher.exchange.clock.waiting).toBe(0);
  });

  test.each(['timeout', 'failed'] as const)('a subscriber who vanished is forgotten (%s)', (how) => {
    const watcher = new Watcher(new TestExchange());
    const listener = watcher.notifies[0]?.listener;
    if (how === 'timeout') listener?.timeout();
    else listener?.failed({ reason: 'unreachable' });
    expect([watcher.exchange.parts.events.size, watcher.exchange.clock.waiting]).toEqual([0, 0]);
  });

  test('one who asks for time is told all that he missed', () => {
    const watcher = new Watcher(new TestExchange());
    watcher.answer(503, [['Retry-After', '20']]);
    watcher.exchange.bind('1001', A);
    watcher.exchange.clock.advance(19_999);
    expect(watcher.notifies).toHaveLength(1);
    watcher.exchange.clock.advance(1);
    expect(watcher.documents.at(-1)).toMatchObject({ version: 1, state: 'full', contacts: [`registered ${A}`] });
  });

  test('while one is under way, what changes waits and is told in one', () => {
    const watcher = new Watcher(new TestExchange());
    watcher.exchange.bind('1001', A);
    watcher.exchange.clock.advance(10_000);
    watcher.exchange.bind('1001', A, 'sip:b@192.0.2.51');
    watcher.exchange.clock.advance(10_000);
    expect(watcher.notifies).toHaveLength(1);
    watcher.answer();
    expect(watcher.documents[1]?.contacts).toEqual([`registered ${A}`, 'registered sip:b@192.0.2.51']);
  });

  test('changes in quick succession are told together, five seconds apart', () => {
    const watcher = new Watcher(new TestExchange());
    watcher.answer();
    for (const port of [1, 2, 3]) watcher.exchange.bind('1001', `sip:a@192.0.2.50:${port}`);
    watcher.exchange.clock.advance(4_999);
    expect(watcher.notifies).toHaveLength(1);
    watcher.exchange.clock.advance(1);
    expect(watcher.documents[1]?.contacts).toEqual(['registered sip:a@192.0.2.50:3']);
    expect(watcher.notifies).toHaveLength(2);
  });
});

describe('refused', () => {
  const cases: [what: string, headers: HeaderLine[], status: number, header?: [number, string]][] = [
    ['a time too short', [['Expires', '30']], 423, [H.MinExpires, '60']],
    ['an extension', [['Require', 'eventlist']], 420, [H.Unsupported, 'eventlist']],
    ['another type only', [['Accept', 'application/pidf+xml']], 406, [H.Accept, 'application/reginfo+xml']],
    ['no Contact', [['Contact', '<mailto:a@h>']], 400],
    ['the registrations of another', [['To', `<sip:1002@${DOMAIN}>`]], 403],
    ['the registrations of nobody, which look the same', [['To', `<sip:1999@${DOMAIN}>`]], 403],
    [
      'the exchange itself, with an event it does not know',
      [
        ['To', `<sip:${DOMAIN}>`],
        ['Event', 'conference'],
      ],
      489,
    ],
  ];
  test.each(cases)('%s', (_what, headers, status, header) => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', headers);
    expect(watcher.first.statuses).toEqual([status]);
    if (header !== undefined) expect(watcher.first.last.header(header[0] as typeof H.Accept)).toBe(header[1]);
    expect([watcher.notifies.length, watcher.exchange.parts.events.size]).toEqual([0, 0]);
  });

  test('a package of the phones passes through to them', () => {
    const exchange = new TestExchange();
    exchange.bind('1002', 'sip:1002@192.0.2.62');
    const to: HeaderLine = ['To', `<sip:1002@${DOMAIN}>`];
    exchange.receiveFrom('1001', 'one', 'SUBSCRIBE', `sip:1002@${DOMAIN}`, [to, ['Event', 'kpml']]);
    expect(exchange.out(0).request.uriText).toBe('sip:1002@192.0.2.62');
  });

  test('a dialog that is not there, another user’s, an older CSeq, another event', () => {
    const watcher = new Watcher(new TestExchange());
    const to = watcher.first.last.header(H.To) ?? '';
    expect(watcher.again([['To', `${to}x`]]).statuses).toEqual([481]);
    expect(watcher.again([['CSeq', '0 SUBSCRIBE']]).statuses).toEqual([500]);
    expect(watcher.again([['Event', 'reg;id=9']]).statuses).toEqual([489]);
    const stranger: HeaderLine[] = [
      ['From', `<sip:1002@${DOMAIN}>;tag=watcher`],
      ['To', to],
      ['Call-ID', watcher.first.last.callId],
      ['CSeq', '20 SUBSCRIBE'],
      ['Event', 'reg'],
    ];
    expect(watcher.exchange.receiveFrom('1002', 'two', 'SUBSCRIBE', 'sip:192.0.2.1', stranger).statuses).toEqual([403]);
    expect(watcher.exchange.parts.events.size).toBe(1);
  });
});

describe('bounds', () => {
  const from = (exchange: TestExchange, call: number): number =>
    exchange.receiveFrom('1001', 'one', 'SUBSCRIBE', `sip:1001@${DOMAIN}`, [
      ['Call-ID', `call-of-${call}`],
      ['Contact', `<sip:1001@192.0.2.50:${call}>`],
      ['Event', 'reg'],
    ]).last.status;

  test('so many for one user', () => {
    const exchange = new TestExchange({ subscriptionsPerUser: 2 });
    expect([1, 2, 3].map((call) => from(exchange, call))).toEqual([200, 200, 403]);
    exchange.sent[0]?.answer(481);
    expect(from(exchange, 4)).toBe(200);
  });

  test('so many to one resource', () => {
    const exchange = new TestExchange({ subscriptionsPerResource: 1 });
    const presence = (number: string, password: string): number =>
      exchange.receiveFrom(number, password, 'SUBSCRIBE', `sip:1001@${DOMAIN}`, [
        ['To', `<sip:1001@${DOMAIN}>`],
        ['Contact', `<sip:${number}@192.0.2.50>`],
        ['Event', 'presence'],
      ]).last.status;
    expect([presence('1001', 'one'), presence('1002', 'two')]).toEqual([200, 503]);
  });

  test('so many in all', () => {
    const exchange = new TestExchange({ maxSubscriptions: 1 });
    expect([1, 2].map((call) => from(exchange, call))).toEqual([200, 503]);
  });

  test('a phone that started anew takes the place of its old one', () => {
    const exchange = new TestExchange({ subscriptionsPerUser: 1 });
    const one: HeaderLine[] = [
      ['Contact', '<sip:1001@192.0.2.50:5070>'],
      ['Event', 'reg'],
    ];
    for (let i = 0; i < 5; i++) {
      const { last } = exchange.receiveFrom('1001', 'one', 'SUBSCRIBE', `sip:1001@${DOMAIN}`, one);
      expect(last.status).toBe(200);
    }
    expect(exchange.parts.events.size).toBe(1);
  });
});

describe('a subscriber whose connection ends', () => {
  const tcp: Source = { ...source, transport: 'TCP', port: 40_001, flow: 'tcp:1' as FlowId };
  const cut = (): Watcher => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [], '', tcp);
    watcher.answer();
    watcher.exchange.clock.advance(6_000);
    watcher.exchange.bind('1001', A);
    watcher.notifies.at(-1)?.listener.failed({ reason: 'connection refused' });
    return watcher;
  };

  test('is told nothing until he comes again, and then all', () => {
    const watcher = cut();
    watcher.exchange.clock.advance(60_000);
    watcher.exchange.bind('1001', 'sip:b@192.0.2.51');
    expect(watcher.notifies).toHaveLength(2);
    expect(watcher.again().statuses).toEqual([200]);
    expect(watcher.documents.at(-1)).toMatchObject({ state: 'full', contacts: ['registered sip:b@192.0.2.51'] });
  });

  test('is forgotten after five minutes', () => {
    const watcher = cut();
    watcher.exchange.clock.advance(300_000);
    expect([watcher.exchange.parts.events.size, watcher.notifies.length, watcher.exchange.clock.waiting]).toEqual([
      0, 2, 0,
    ]);
  });
});

describe('the way to the subscriber', () => {
  const nated: HeaderLine[] = [['Contact', '<sip:1001@10.0.0.9:5062>']];

  test('is the one that he came by where his Contact is another address', () => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', nated);
    expect(watcher.notifies[0]?.hop).toMatchObject({ host: '192.0.2.50', port: 5060, flow: source.flow });
    expect(watcher.notifies[0]?.request.uriText).toBe('sip:1001@10.0.0.9:5062');
  });

  test('is the one that he came by where his Contact is an address of ours, as a GRUU is', () => {
    for (const contact of [`<sip:1001@${SELF};gr=urn:uuid:1>`, `<sip:1001@${DOMAIN};gr=urn:uuid:1>`]) {
      const watcher = new Watcher(new TestExchange(), '1001', 'one', [['Contact', contact]]);
      expect(watcher.notifies[0]?.hop).toMatchObject({ host: source.host, port: source.port, flow: source.flow });
    }
  });

  test('goes by his route where he has one', () => {
    const route = '<sip:192.0.2.70;lr>';
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [...nated, ['Record-Route', route]]);
    expect(watcher.first.last.header(H.RecordRoute)).toBe(route);
    expect(watcher.notifies[0]?.hop.host).toBe('192.0.2.70');
    expect(watcher.notifies[0]?.request.list(H.Route)).toEqual([route]);
  });

  test('may have to be looked up; where it leads nowhere the subscription ends', async () => {
    const exchange = new TestExchange({}, { resolve: () => Promise.resolve([]) });
    const watcher = new Watcher(exchange, '1001', 'one', [['Record-Route', '<sip:edge.example;lr>']]);
    await until('the end', () => exchange.parts.events.size === 0);
    expect(watcher.notifies).toHaveLength(0);
  });
});

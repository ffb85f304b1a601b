/** Where calls go, and the redirect server (RFC 3261 §16.5, §8.3). */
import { describe, expect, test } from 'vitest';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { Source } from '../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../support/exchange-parts.ts';

test.each([
  ['nobody has this number', `sip:1999@${DOMAIN}`, 404],
  ['nobody is meant', `sip:${DOMAIN}`, 404],
  ['a user without a device', `sip:1002@${DOMAIN}`, 480],
])('%s', (_what, uri, status) => {
  expect(new TestExchange().receive('INVITE', uri).statuses).toEqual([status]);
});

test.each([`sip:1001@${SELF}`, `sip:1001@${SELF}:5060`, `sip:1001@OFFICE.example`, `sip:%31001@${DOMAIN};user=phone`])(
  '%s is user 1001 of the office',
  (uri) => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5066');
    exchange.receive('INVITE', uri);
    expect(exchange.out(0).hop.host).toBe('192.0.2.61');
  },
);

test('a user of ours may call abroad', () => {
  const exchange = new TestExchange();
  exchange.receiveFrom('1001', 'one', 'INVITE', 'sip:alice@192.0.2.99:5070');
  expect(exchange.out(0)).toMatchObject({
    hop: { host: '192.0.2.99', port: 5070 },
    request: { uriText: 'sip:alice@192.0.2.99:5070' },
  });
});

test('another port of our address is another program', () => {
  const exchange = new TestExchange();
  exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1001@${SELF}:5099`);
  expect(exchange.out(0).hop.port).toBe(5099);
});

describe('how a device is reached', () => {
  const cases: [what: string, contact: string, received: string, hop: object][] = [
    [
      'by its contact where that is where it is',
      'sip:a@10.1.0.61:5070',
      'udp:10.1.0.61:40000',
      { host: '10.1.0.61', port: 5070 },
    ],
    [
      'by its source where another public port was seen',
      'sip:a@192.0.2.61:5070',
      'udp:192.0.2.61:40000',
      { host: '192.0.2.61', port: 40000 },
    ],
    [
      'by its source where it is behind a NAT',
      'sip:a@10.0.0.7:5070',
      'udp:192.0.2.61:40000',
      { host: '192.0.2.61', port: 40000 },
    ],
    [
      'by its source where its contact is a name',
      'sip:a@phone.local',
      'udp:192.0.2.61:40000',
      { host: '192.0.2.61', port: 40000 },
    ],
    [
      'by its connection',
      'sip:a@192.0.2.61:5070;transport=tcp',
      'tcp:192.0.2.61:40000',
      { transport: 'TCP', port: 40000 },
    ],
    ['by its contact where a proxy registered it', 'sip:a@192.0.2.61:5070', '', { host: '192.0.2.61', port: 5070 }],
    ['over IPv6', 'sip:a@[2001:db8::7]:5070', 'udp:[2001:db8::7]:40000', { host: '2001:db8::7', port: 5070 }],
  ];
  test.each(cases)('%s', (_what, contact, received, hop) => {
    const exchange = new TestExchange();
    exchange.bind('1001', { contact, received });
    exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    expect(exchange.out(0).hop).toMatchObject(hop);
  });
});

describe('redirect mode', () => {
  test('tells where the user is', () => {
    const exchange = new TestExchange({ mode: 'redirect' });
    exchange.bind('1001', 'sip:1001@192.0.2.61:5066', { contact: 'sip:1001@192.0.2.62', q: 500 });
    const { last } = exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    expect(last.status).toBe(302);
    expect(last.list(H.Contact)).toEqual(['<sip:1001@192.0.2.61:5066>', '<sip:1001@192.0.2.62>;q=0.5']);
    expect(exchange.sent).toEqual([]);
  });

  const outside: Source = { ...source, host: '8.8.8.8' };

  test.each([
    ['behind a NAT', { contact: 'sip:1001@10.0.0.5:5060', received: 'udp:9.9.9.9:4711' }],
    ['of a WebSocket', { contact: 'sip:1001@x.invalid;transport=ws', received: 'ws:9.9.9.9:4711' }],
    ['behind an edge proxy', { contact: 'sip:1001@9.9.9.9', path: ['<sip:9.9.9.8;lr>'] }],
    ['in our own network', { contact: 'sip:1001@10.0.0.5:5060', received: 'udp:10.0.0.5:5060' }],
  ])('calls a device %s itself: its address would help no caller from outside', (_where, binding) => {
    const exchange = new TestExchange({ mode: 'redirect' });
    exchange.bind('1001', binding);
    expect(exchange.receive('INVITE', `sip:1001@${DOMAIN}`, [], outside).statuses).toEqual([100]);
    expect(exchange.sent).toHaveLength(1);
  });

  test('tells those in the same network where a private address is', () => {
    const exchange = new TestExchange({ mode: 'redirect' });
    exchange.bind('1001', { contact: 'sip:1001@10.0.0.5:5060', received: 'udp:10.0.0.5:5060' });
    const inside: Source = { ...source, host: '10.0.0.6' };
    expect(exchange.receive('INVITE', `sip:1001@${DOMAIN}`, [], inside).statuses).toEqual([302]);
  });

  test('has nothing to say of others', () => {
    const exchange = new TestExchange({ mode: 'redirect' });
    expect(exchange.receiveFrom('1001', 'one', 'INVITE', 'sip:alice@192.0.2.99').statuses).toEqual([404]);
    expect(exchange.receive('INVITE', `sip:1002@${DOMAIN}`).statuses).toEqual([480]);
  });
});

/** Which messages are kept, for whom, and where the room ends. */
import { describe, expect, test } from 'vitest';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../../support/exchange-parts.ts';

const URI = `sip:1002@${DOMAIN}`;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};
const from = (exchange: TestExchange, headers: readonly (readonly [string, string])[] = [], uri = URI): Incoming =>
  exchange.receiveFrom('1001', 'one', 'MESSAGE', uri, headers);

test('is answered 202 only once it is kept', async () => {
  const exchange = new TestExchange();
  const message = from(exchange);
  expect(message.statuses).toEqual([]);
  await settle();
  expect(message.statuses).toEqual([202]);
  expect(exchange.messages.size).toBe(1);
});

test('what cannot be kept is told, and never answered 202', async () => {
  const exchange = new TestExchange();
  exchange.messages.fault = new Error('the disk is full');
  const away = from(exchange);
  exchange.bind('1002', 'sip:1002@192.0.2.61:5060');
  const there = from(exchange);
  exchange.clock.advance(4_000);
  await settle();
  expect([away.statuses, there.statuses]).toEqual([[500], [500]]);
});

describe('is refused', () => {
  test('when it is too long, whether anybody is there or not', () => {
    const exchange = new TestExchange({ messageBytes: 100 });
    const long = (uri: string): Incoming => {
      const { wire } = exchange.request('MESSAGE', uri);
      const parsed = parseMessage(
        wire.replace('Content-Length: 0\r\n\r\n', `Content-Length: 101\r\n\r\n${'x'.repeat(101)}`),
      );
      if (!parsed.ok) throw new Error(parsed.error.reason);
      return exchange.receiveRequest(parsed.value as SipRequest);
    };
    const message = long(URI);
    expect(message.statuses).toEqual([413]);
    expect(message.last.header(H.Warning)).toContain('at most 100 bytes');
  });

  test.each([
    ['one recipient', { messagesPerUser: 2 }, 'No Room For Messages While Away'],
    ['the whole office', { maxMessages: 2 }, 'No Room For Messages While Away'],
    ['one sender', { messagesPerSender: 2 }, 'Too Many Messages Are Waiting Already'],
    ['one sender for one recipient', { messagesPerPair: 2 }, 'Too Many Messages Are Waiting Already'],
  ])('beyond the bounds of %s', async (_whose, settings, reason) => {
    const exchange = new TestExchange(settings);
    const all = [from(exchange), from(exchange), from(exchange)];
    await settle();
    expect(all.map(({ last }) => last.status)).toEqual([202, 202, 480]);
    expect(all[2]?.last.reason).toBe(reason);
    expect(exchange.messages.size).toBe(2);
  });

  test('for somebody whom nobody knows', () => {
    const exchange = new TestExchange();
    expect(from(exchange, [], `sip:1999@${DOMAIN}`).statuses).toEqual([404]);
  });
});

describe('is not kept', () => {
  test('from strangers: they reach who is there, and fill nothing', () => {
    const exchange = new TestExchange();
    expect(exchange.receive('MESSAGE', URI).statuses).toEqual([480]);
    exchange.bind('1002', 'sip:1002@192.0.2.61:5060');
    const message = exchange.receive('MESSAGE', URI);
    exchange.clock.advance(10_000);
    expect(message.statuses).toEqual([]);
    exchange.out(0).answer(200);
    expect(message.statuses).toEqual([200]);
    expect(exchange.messages.size).toBe(0);
  });

  test.each([
    ['that somebody types', [['Content-Type', 'application/im-iscomposing+xml']]],
    ['that has expired', [['Expires', '0']]],
  ] as const)('a word %s', (_what, headers) => {
    const exchange = new TestExchange();
    expect(from(exchange, headers).statuses).toEqual([480]);
  });

  test('inside a dialog or to one device by its own address', () => {
    const exchange = new TestExchange();
    expect(from(exchange, [['To', `<${URI}>;tag=there`]]).statuses).toEqual([480]);
    expect(from(exchange, [], `${URI};gr=urn:uuid:1`).statuses).toEqual([480]);
    expect(exchange.messages.size).toBe(0);
  });
});

test('it is kept no longer than the office allows, nor than the sender wants', async () => {
  const exchange = new TestExchange({ messageDays: 1 });
  from(exchange, [['Expires', '60']]);
  from(exchange, [['Expires', '4294967295']]);
  from(exchange);
  await settle();
  const now = exchange.clock.now();
  expect(exchange.messages.kept.map(({ expiresAt }) => (expiresAt - now) / 1000)).toEqual([60, 86_400, 86_400]);
});

test('a kept message that cannot be read any more stops nobody else', async () => {
  const exchange = new TestExchange();
  const recipient = aorOf('1002', DOMAIN);
  void exchange.messages.keep({ recipient, sender: recipient, receivedAt: 0, expiresAt: 1e15, wire: 'spoilt' });
  from(exchange);
  await settle();
  exchange.bind('1002', 'sip:1002@192.0.2.61:5060');
  exchange.delivery.registered(recipient);
  exchange.clock.advance(100);
  expect(exchange.sent).toHaveLength(1);
  exchange.out(0).answer(200);
  expect(exchange.messages.size).toBe(0);
});

test('a machine that has too much to do delivers later', async () => {
  let isOver = true;
  const exchange = new TestExchange({}, { isOverloaded: () => isOver });
  const recipient = aorOf('1002', DOMAIN);
  const { wire } = exchange.request('MESSAGE', URI);
  void exchange.messages.keep({ recipient, sender: aorOf('1001', DOMAIN), receivedAt: 0, expiresAt: 1e15, wire });
  exchange.bind('1002', 'sip:1002@192.0.2.61:5060');
  exchange.delivery.registered(recipient);
  expect(exchange.sent).toHaveLength(0);
  isOver = false;
  exchange.clock.advance(5_000);
  expect(exchange.sent).toHaveLength(1);
});

test('when the exchange is closed nothing more is kept, and nobody is told that it was', async () => {
  const exchange = new TestExchange();
  exchange.bind('1002', 'sip:1002@192.0.2.61:5060');
  const message = from(exchange);
  exchange.delivery.close();
  exchange.clock.advance(60_000);
  await settle();
  expect(message.statuses).toEqual([]);
  expect([exchange.messages.size, exchange.clock.waiting, exchange.faults]).toEqual([0, 0, []]);
});

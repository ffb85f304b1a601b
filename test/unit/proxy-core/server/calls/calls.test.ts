import { beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../../../proxy-core/server/calls/call.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, source, TestExchange } from '../../../../support/exchange-parts.ts';

const URI = `sip:1001@${DOMAIN}`;
const PHONE = 'sip:1001@192.0.2.61:5060';

let exchange: TestExchange;
let calls: Call[];

beforeEach(() => {
  exchange = new TestExchange();
  exchange.bind('1001', { contact: PHONE, userAgent: 'Desk 7', device: 'desk' });
  calls = [];
  exchange.calls.listen({ changed: (call) => void (calls.includes(call) || calls.push(call)) });
});

const invite = (headers: readonly HeaderLine[] = []): Incoming =>
  exchange.receive('INVITE', URI, [['Call-ID', 'c1'], ...headers]);

const bye = (from: string, to: string, more: readonly HeaderLine[] = []): Incoming =>
  exchange.receive('BYE', URI, [
    ['Call-ID', 'c1'],
    ['From', `<sip:guest@elsewhere.example>;tag=${from}`],
    ['To', `<${URI}>;tag=${to}`],
    ...more,
  ]);

function only(): Call {
  const [call, ...more] = calls;
  if (call === undefined || more.length > 0) throw new Error(`${calls.length} calls`);
  return call;
}

describe('a stranger who calls', () => {
  test('is known by his own words, a device of ours by its registration', () => {
    invite([['From', '"Zo\xc3\xab, B." <sip:+49%20301@Elsewhere.Example>;tag=from']]);
    const { caller, callee, callerTag, callId, devices } = only();
    expect(caller).toEqual({ aor: undefined, number: '+49 301', domain: 'elsewhere.example', name: 'Zoë, B.' });
    expect(callee).toEqual({ aor: `1001@${DOMAIN}`, number: '1001', domain: DOMAIN, name: '' });
    expect([callId, callerTag]).toEqual(['c1', 'from']);
    expect(devices).toMatchObject([{ contact: PHONE, userAgent: 'Desk 7', label: 'desk', state: 'trying' }]);
  });

  test('writes no second line into anything, and nothing endless', () => {
    const long = 'x'.repeat(5_000);
    exchange.receive('INVITE', `sip:10%0a01${long}@${DOMAIN}`, [
      ['From', `"${long}" <sip:a%0d%0ab@elsewhere.example>;tag=f`],
    ]);
    const { caller, callee, callerTag } = only();
    expect(callerTag).toBe('f');
    expect(caller.number).toBe('a  b');
    expect([caller.name.length, callee.number.length]).toEqual([128, 128]);
    expect(callee.number.startsWith('10 01xx')).toBe(true);
  });
});

describe('a BYE', () => {
  beforeEach(() => {
    invite();
    exchange.out(0).answer(200, { toTag: 'callee' });
  });

  test.each([
    ['from', 'nobody'],
    ['nobody', 'from'],
    ['callee', 'nobody'],
    ['nobody', 'callee'],
  ])('with the tags %s and %s belongs to another dialog', (from, to) => {
    bye(from, to);
    expect(only().state).toBe('answered');
  });

  test('of the callee ends it and says why', () => {
    bye('callee', 'from', [
      ['Reason', 'Q.850;cause=16'],
      ['Reason', `SIP;cause=200;text="${'y'.repeat(500)}"`],
    ]);
    expect(only()).toMatchObject({ state: 'ended', end: { by: 'callee', status: 200 } });
    expect(only().end?.reason).toMatch(/^Q\.850;cause=16, SIP;cause=200;text="yyy/);
    expect(only().end?.reason).toHaveLength(200);
  });

  test('that comes twice ends it once', () => {
    bye('from', 'callee');
    const { endedAt } = only();
    exchange.clock.advance(1_000);
    bye('from', 'callee');
    expect(only().endedAt).toBe(endedAt);
  });
});

describe('an INVITE that is challenged behind us', () => {
  test('and comes again is one call', () => {
    invite();
    exchange.out(0).answer(407, { headers: [[H.ProxyAuthenticate, 'Digest realm="b", nonce="2"']] });
    expect(only().state).toBe('trying');
    exchange.clock.advance(1_000);
    invite([
      ['CSeq', '2 INVITE'],
      ['Via', 'SIP/2.0/UDP 192.0.2.50;branch=z9hG4bKagain'],
    ]);
    exchange.out(1).answer(200);
    expect(only().state).toBe('answered');
    exchange.clock.advance(20_000);
    expect(only().state).toBe('answered');
  });

  test('and never comes again has failed', () => {
    invite();
    exchange.out(0).answer(401, { headers: [[H.WwwAuthenticate, 'Digest realm="b", nonce="2"']] });
    exchange.clock.advance(11_000);
    expect(only()).toMatchObject({ state: 'ended', end: { by: 'callee', status: 401 } });
    expect(exchange.calls.size).toBe(0);
  });
});

test('an INVITE that comes by a second time is one call, which ends with the first', () => {
  const first = invite();
  const second = exchange.receive(
    'INVITE',
    'sip:1002@office.example',
    [
      ['Call-ID', 'c1'],
      ['Via', 'SIP/2.0/UDP 192.0.2.61;branch=z9hG4bKspiral'],
    ],
    { ...source, host: '192.0.2.61' },
  );
  expect(second.last.status).toBe(480);
  expect(only().state).toBe('trying');
  exchange.out(0).answer(486);
  expect(first.last.status).toBe(486);
  expect(only().end?.status).toBe(486);
});

test('the oldest call gives way where there are too many, and ends once', () => {
  exchange = new TestExchange({ maxCalls: 2 });
  exchange.bind('1001', PHONE);
  exchange.calls.listen({ changed: (call) => void (calls.includes(call) || calls.push(call)) });
  for (let count = 0; count < 3; count++) exchange.receive('INVITE', URI);
  expect(exchange.calls.size).toBe(2);
  expect(calls.map(({ end }) => end?.lost)).toEqual(['crowded', undefined, undefined]);
  exchange.out(0).answer(200);
  expect(calls[0]?.state).toBe('ended');
});

test('a call that a step of the office lets wait is given up', async () => {
  let go: (answer: 'continue') => void = () => undefined;
  const step = (): Promise<'continue'> =>
    new Promise((resolve) => {
      go = resolve;
    });
  const waiting = new TestExchange({}, { route: { step: step as never } });
  waiting.bind('1001', PHONE);
  waiting.calls.listen({ changed: (call) => void (calls.includes(call) || calls.push(call)) });
  const incoming = waiting.receive('INVITE', URI);
  waiting.receiveRequest(waiting.request('CANCEL', URI), source, incoming);
  expect(incoming.last.status).toBe(487);
  go('continue');
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  expect(only()).toMatchObject({ state: 'ended', isCancelled: true, end: { by: 'caller', status: 487 } });
  expect(waiting.calls.size).toBe(0);
});

test('nothing is kept of a finished call', () => {
  for (let count = 0; count < 100; count++) {
    exchange.receive('INVITE', URI);
    exchange.out(count).answer(486);
  }
  expect([exchange.calls.size, exchange.clock.waiting]).toEqual([0, 0]);
});

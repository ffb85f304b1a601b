import { beforeEach, describe, expect, test } from 'vitest';
import type { Binding } from '../../../../proxy-core/server/stores.ts';
import { MAX_HEADER_LINES } from '../../../../proxy-core/sip/message/header-table.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { MAX_MESSAGE } from '../../../../proxy-core/sip/message/parse.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../support/exchange-parts.ts';
import { until } from '../../../support/until.ts';

const URI = `sip:1001@${DOMAIN}`;
const phone = (last: number): string => `sip:1001@192.0.2.${last}:5060`;
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

let exchange: TestExchange;

function invite(...contacts: (string | Partial<Binding>)[]): Incoming {
  exchange.bind('1001', ...contacts);
  return exchange.receive('INVITE', URI);
}

const cancelled = (): number[] => exchange.sent.flatMap(({ cancels }, index) => (cancels.length > 0 ? [index] : []));

beforeEach(() => {
  exchange = new TestExchange();
});

describe('two devices', () => {
  test('both ring; the first to answer takes the call, the other stops and is told why', () => {
    const call = invite(phone(61), phone(62));
    exchange.out(0).answer(180);
    exchange.out(1).answer(180);
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([100, 180, 180, 200]);
    expect(exchange.out(0).cancels).toEqual([ELSEWHERE]);
    expect(exchange.out(1).cancels).toEqual([]);
    exchange.out(0).answer(487);
    expect(call.statuses).toEqual([100, 180, 180, 200]);
    expect(exchange.parts.openWork.count).toBe(0);
  });

  test('a 200 that crosses the CANCEL goes up as well', () => {
    const call = invite(phone(61), phone(62));
    exchange.out(0).answer(200);
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([100, 200, 200]);
    expect(call.responses.slice(1).map(({ to }) => to.tag)).toHaveLength(2);
  });

  test('a 200 that comes again goes up again', () => {
    const call = invite(phone(61));
    exchange.out(0).answer(200);
    exchange.out(0).answer(200);
    expect(call.statuses).toEqual([100, 200, 200]);
  });

  const both: [first: number, second: number, best: number][] = [
    [486, 480, 486],
    [480, 486, 486],
    [404, 486, 404],
    [302, 486, 302],
    [500, 486, 486],
    [486, 401, 401],
    [408, 404, 404],
  ];
  test.each(both)('%i and %i make %i', (first, second, best) => {
    const call = invite(phone(61), phone(62));
    exchange.out(0).answer(first);
    expect(call.statuses).toEqual([100]);
    exchange.out(1).answer(second);
    expect(call.statuses).toEqual([100, best]);
  });

  test('a 603 stops the others and waits for them', () => {
    const call = invite(phone(61), phone(62));
    exchange.out(1).answer(180);
    exchange.out(0).answer(603);
    expect(exchange.out(1).cancels).toEqual(['SIP;cause=603']);
    expect(call.statuses).toEqual([100, 180]);
    exchange.out(1).answer(487);
    expect(call.statuses).toEqual([100, 180, 603]);
  });

  test('the challenges of all go up together', () => {
    const call = invite(phone(61), phone(62));
    exchange.out(0).answer(401, { headers: [[H.WwwAuthenticate, 'Digest realm="a", nonce="1"']] });
    exchange.out(1).answer(407, { headers: [[H.ProxyAuthenticate, 'Digest realm="b", nonce="2"']] });
    expect(call.last.status).toBe(401);
    expect(call.last.headers.lines(H.WwwAuthenticate)).toHaveLength(1);
    expect(call.last.headers.lines(H.ProxyAuthenticate)).toEqual(['Digest realm="b", nonce="2"']);
  });
});

describe('q', () => {
  test('lower ones ring when the higher ones did not take the call', () => {
    const call = invite({ contact: phone(61), q: 1000 }, { contact: phone(62), q: 500 });
    expect(exchange.sent).toHaveLength(1);
    exchange.out(0).answer(486);
    expect(exchange.sent).toHaveLength(2);
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([100, 200]);
  });

  test('nobody rings after a 603', () => {
    const call = invite({ contact: phone(61), q: 1000 }, { contact: phone(62), q: 500 });
    exchange.out(0).answer(603);
    expect(exchange.sent).toHaveLength(1);
    expect(call.statuses).toEqual([100, 603]);
  });
});

describe('serial forking', () => {
  const groups = (): Incoming =>
    invite({ contact: phone(61), q: 1000 }, { contact: phone(62), q: 500 }, { contact: phone(63), q: 100 });

  test('who rings without answering makes room for the next after half a minute', () => {
    const call = groups();
    exchange.out(0).answer(180);
    exchange.clock.advance(30_000);
    expect(cancelled()).toEqual([0]);
    expect(exchange.sent).toHaveLength(2);
    exchange.out(0).answer(487);
    expect(call.statuses).toEqual([100, 180]);
    exchange.clock.advance(30_000);
    expect(exchange.sent).toHaveLength(3);
    exchange.out(1).answer(487);
    exchange.out(2).answer(200);
    expect(call.last.status).toBe(200);
    exchange.calls.close();
    expect(exchange.clock.waiting).toBe(0);
  });

  test('the last ones ring until Timer C', () => {
    groups();
    exchange.clock.advance(60_000);
    exchange.out(2).answer(180);
    exchange.clock.advance(180_000);
    expect(cancelled()).toEqual([0, 1]);
    exchange.clock.advance(1_000);
    expect(cancelled()).toEqual([0, 1, 2]);
  });

  test('the first who picks up after all has the call', () => {
    const call = groups();
    exchange.out(0).answer(180);
    exchange.clock.advance(30_000);
    exchange.out(0).answer(200);
    expect(call.last.status).toBe(200);
    expect(cancelled()).toEqual([0, 1]);
    exchange.clock.advance(60_000);
    expect(exchange.sent).toHaveLength(2);
  });

  test('one that failed does not wait', () => {
    groups();
    exchange.out(0).answer(486);
    expect(exchange.sent).toHaveLength(2);
  });

  test('a REFER is not handed on by time', () => {
    exchange.bind('1001', { contact: phone(61), q: 1000 }, { contact: phone(62), q: 500 });
    exchange.receive('REFER', URI);
    exchange.clock.advance(40_000);
    expect(exchange.sent).toHaveLength(1);
  });
});

describe('Max-Breadth (RFC 5393)', () => {
  const breadths = (): (string | undefined)[] => exchange.sent.map(({ request }) => request.header(H.MaxBreadth));
  function ring(breadth: string | undefined, ...contacts: (string | Partial<Binding>)[]): Incoming {
    exchange.bind('1001', ...contacts);
    return exchange.receive('INVITE', URI, breadth === undefined ? [] : [['Max-Breadth', breadth]]);
  }

  test.each([
    [undefined, 1, ['60']],
    [undefined, 2, ['30', '30']],
    [undefined, 7, ['9', '9', '9', '9', '8', '8', '8']],
    ['5', 2, ['3', '2']],
    ['3', 3, ['1', '1', '1']],
    ['1', 1, ['1']],
    ['1000', 1, ['60']],
  ])('%s is split over %i branches', (breadth, phones, parts) => {
    ring(breadth, ...Array.from({ length: phones }, (_, index) => phone(61 + index)));
    expect(breadths()).toEqual(parts);
  });

  test.each([
    ['1', 2],
    ['0', 1],
  ])('%s is too small for %i branches: 440, and nobody rings', (breadth, phones) => {
    const call = ring(breadth, ...Array.from({ length: phones }, (_, index) => phone(61 + index)));
    expect(exchange.sent).toHaveLength(0);
    expect(call.statuses).toEqual([100, 440]);
    expect(exchange.parts.openWork.count).toBe(0);
  });

  test('what ended is there for those who follow', () => {
    const call = ring('2', { contact: phone(61) }, { contact: phone(62), q: 500 }, { contact: phone(63), q: 500 });
    exchange.out(0).answer(486);
    expect(breadths()).toEqual(['1', '1', '1']);
    expect(call.statuses).toEqual([100]);
  });

  test('some is kept for those who may have to ring before the first ones have stopped', () => {
    ring('10', { contact: phone(61) }, { contact: phone(62), q: 500 }, { contact: phone(63), q: 500 });
    exchange.clock.advance(30_000);
    expect(breadths()).toEqual(['8', '1', '1']);
  });

  test('who finds too little left waits for those who ring', () => {
    exchange.bind('1002', phone(64), phone(65));
    const call = ring('2', phone(61), phone(62));
    exchange.out(0).answer(302, { headers: [[H.Contact, `<sip:1002@${DOMAIN}>`]] });
    expect(exchange.sent).toHaveLength(2);
    exchange.out(1).answer(480);
    expect(breadths()).toEqual(['1', '1', '1', '1']);
    exchange.out(2).answer(200);
    expect(call.last.status).toBe(200);
  });

  test('a malformed one is refused', () => {
    expect(ring('many', phone(61)).statuses).toEqual([400]);
  });
});

describe('the caller hangs up', () => {
  const hangUp = (call: Incoming): Incoming => {
    const cancel = exchange.request('CANCEL', URI, [['Reason', 'SIP;cause=487']]);
    return exchange.receiveRequest(cancel, undefined, call);
  };

  test('all stop, and the call ends with 487', () => {
    const call = invite(phone(61), phone(62));
    exchange.out(0).answer(180);
    expect(hangUp(call).statuses).toEqual([200]);
    expect(exchange.sent.map(({ cancels }) => cancels)).toEqual([['SIP;cause=487'], ['SIP;cause=487']]);
    exchange.out(0).answer(487);
    exchange.out(1).listener.timeout();
    expect(call.statuses).toEqual([100, 180, 487]);
  });

  test('all the reasons that were given go on', () => {
    const call = invite(phone(61));
    const cancel = exchange.request('CANCEL', URI, [
      ['Reason', 'SIP;cause=487'],
      ['reason', 'Q.850;cause=16;text="a, b"'],
    ]);
    exchange.receiveRequest(cancel, undefined, call);
    expect(exchange.out(0).cancels).toEqual(['SIP;cause=487, Q.850;cause=16;text="a, b"']);
  });

  test('no further group rings', () => {
    const call = invite({ contact: phone(61), q: 1000 }, { contact: phone(62), q: 500 });
    hangUp(call);
    exchange.out(0).answer(487);
    expect(exchange.sent).toHaveLength(1);
    expect(call.statuses).toEqual([100, 487]);
  });

  test('an answer that crosses the CANCEL wins', () => {
    const call = invite(phone(61));
    hangUp(call);
    exchange.out(0).answer(200);
    expect(call.statuses).toEqual([100, 200]);
  });

  test('too late: the call is answered, nothing is cancelled', () => {
    const call = invite(phone(61));
    exchange.out(0).answer(200);
    hangUp(call);
    expect(cancelled()).toEqual([]);
  });
});

describe('nobody answers', () => {
  test('a device that is never heard: 408', () => {
    const call = invite(phone(61));
    exchange.out(0).listener.timeout();
    expect(call.statuses).toEqual([100, 408]);
  });

  test('a non-INVITE gets no late 408', () => {
    exchange.bind('1001', phone(61));
    const message = exchange.receive('MESSAGE', URI);
    exchange.out(0).listener.timeout();
    expect(message.statuses).toEqual([]);
    expect(exchange.parts.openWork.count).toBe(0);
  });

  test('a non-INVITE gets no 408 of others and no provisional answer either', () => {
    exchange.bind('1001', phone(61));
    const message = exchange.receive('MESSAGE', URI);
    exchange.out(0).answer(183);
    exchange.out(0).answer(408);
    expect(message.statuses).toEqual([]);
    expect(exchange.parts.openWork.count).toBe(0);
  });

  test('it rings for too long: called back by Timer C, which each sign of life begins anew', () => {
    const call = invite(phone(61));
    exchange.clock.advance(100_000);
    exchange.out(0).answer(180);
    exchange.clock.advance(180_000);
    expect(cancelled()).toEqual([]);
    exchange.clock.advance(1_000);
    expect(cancelled()).toEqual([0]);
    exchange.out(0).answer(487);
    expect(call.statuses).toEqual([100, 180, 487]);
    expect(exchange.clock.waiting).toBe(0);
  });

  test('a phone that cannot be reached is not available', () => {
    const call = invite(phone(61));
    exchange.out(0).listener.failed({ reason: 'refused' });
    expect(call.statuses).toEqual([100, 480]);
  });

  test('a 503 of one server goes up as 500', () => {
    const call = invite(phone(61));
    exchange.out(0).answer(503);
    expect(call.statuses).toEqual([100, 500]);
  });
});

test('the next address is tried when one fails, and stops being tried when one answers', () => {
  const received = { contact: 'sip:1001@10.0.0.7:5062;transport=tcp', received: 'tcp:192.0.2.77:40001' };
  exchange.bind('1001', received);
  const call = exchange.receive('INVITE', URI);
  expect(exchange.out(0).hop).toMatchObject({ host: '192.0.2.77', port: 40001 });
  exchange.out(0).listener.failed({ reason: 'gone' });
  expect(exchange.out(1).hop).toMatchObject({ host: '10.0.0.7', port: 5062 });
  exchange.out(1).answer(486);
  expect(call.statuses).toEqual([100, 486]);
});

test('a resolver that fails ends only its own branch', async () => {
  exchange = new TestExchange({}, { resolve: () => Promise.reject(new Error('no DNS')) });
  const call = invite('sip:1001@phone.example', {
    contact: phone(62),
    received: 'udp:192.0.2.62:5060',
  });
  expect(exchange.sent).toHaveLength(1);
  exchange.out(0).answer(486);
  await Promise.resolve();
  await Promise.resolve();
  expect(call.statuses).toEqual([100, 486]);
});

test.each([
  ['header lines', Array.from({ length: MAX_HEADER_LINES - 7 }, (): [string, string] => ['X-Odd', 'y'])],
  ['bytes', [['X-Odd', 'y'.repeat(MAX_MESSAGE - 300)] as [string, string]]],
])('a request with as many %s as there may be is sent on with ours on top', async (_, headers) => {
  exchange = new TestExchange({}, { resolve: async () => [{ transport: 'UDP', host: '192.0.2.62', port: 5060 }] });
  exchange.bind('1001', 'sip:1001@phone.example');
  const call = exchange.receive('INVITE', URI, headers);
  await until('the request to go on', () => exchange.sent.length > 0);
  expect(exchange.out(0).request.list(H.Via)).toHaveLength(2);
  expect(call.statuses).toEqual([100]);
});

test('a fault while sending on, however late, is a 500 and a line in the log', async () => {
  exchange = new TestExchange({}, { resolve: async () => [{ transport: 'UDP', host: '192.0.2.62', port: 5060 }] });
  Object.assign(exchange.parts.transactions, {
    request: () => {
      throw new Error('a fault');
    },
  });
  const call = invite('sip:1001@phone.example');
  await until('the answer', () => call.statuses.length > 1);
  expect(call.statuses).toEqual([100, 500]);
  expect(exchange.faults).toHaveLength(1);
  expect(exchange.parts.openWork.count).toBe(0);
});

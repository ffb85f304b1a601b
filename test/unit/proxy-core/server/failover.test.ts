/** One target with several addresses or several flows (RFC 3263 §4.3, RFC 5626 §5.3), and requests too long for UDP (RFC 3261 §18.1.1). */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ServerHop } from '../../../../proxy-core/server/failed-hops.ts';
import { Fork } from '../../../../proxy-core/server/forking.ts';
import { RequestContext } from '../../../../proxy-core/server/request-context.ts';
import type { Settings } from '../../../../proxy-core/server/settings.ts';
import { aorOf } from '../../../../proxy-core/server/stores.ts';
import { bindingTarget } from '../../../../proxy-core/server/targets.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, Incoming, source, TestExchange } from '../../../support/exchange-parts.ts';
import { bindingOf } from '../../../support/memory-stores.ts';

const hop = (last: number, server?: string): ServerHop => ({
  ...{ transport: 'UDP', host: `192.0.2.${last}`, port: 5060 },
  ...(server !== undefined && { server }),
});

let exchange: TestExchange;

function open(hops: readonly ServerHop[], settings: Partial<Settings> = {}): void {
  exchange = new TestExchange(settings, { resolve: () => hops, transports: new Set(['UDP', 'TCP']) });
}

/** A user of ours calls a server abroad. */
const callOut = (method = 'INVITE', headers: [string, string][] = []): Incoming =>
  exchange.receiveFrom('1001', 'one', method, 'sip:bob@abroad.example', headers);
const tried = (): string[] => exchange.sent.map(({ hop: { transport, host } }) => `${transport} ${host.slice(8)}`);

describe('addresses of a server abroad', () => {
  beforeEach(() => open([hop(91), hop(92), hop(93)]));

  test('one that cannot be reached gives way to the next, in the same call', () => {
    const call = callOut();
    exchange.out(0).listener.failed({ reason: 'refused' });
    exchange.out(1).answer(200);
    expect(tried()).toEqual(['UDP 91', 'UDP 92']);
    expect(call.statuses).toEqual([100, 200]);
  });

  test('each attempt has a branch of its own', () => {
    callOut();
    exchange.out(0).listener.failed({ reason: 'refused' });
    expect(exchange.out(0).request.via.branch).not.toBe(exchange.out(1).request.via.branch);
  });

  test('one that failed is tried last in the calls that follow, until it is forgiven', () => {
    callOut();
    exchange.out(0).listener.failed({ reason: 'refused' });
    callOut();
    expect(tried()).toEqual(['UDP 91', 'UDP 92', 'UDP 92']);
    exchange.clock.advance(30_000);
    callOut();
    expect(tried().at(-1)).toBe('UDP 91');
  });

  test('one that is silent gives way after a few seconds, not after 32', () => {
    const call = callOut();
    exchange.clock.advance(3_999);
    expect(tried()).toHaveLength(1);
    exchange.clock.advance(1);
    expect(tried()).toEqual(['UDP 91', 'UDP 92']);
    // Should it wake up, it is told to stop.
    expect(exchange.out(0).cancels).toHaveLength(1);
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([100, 200]);
  });

  test('one that said anything is waited for', () => {
    callOut();
    exchange.out(0).answer(100);
    exchange.clock.advance(60_000);
    expect(tried()).toHaveLength(1);
  });

  test('one that was given up and answers all the same has the call', () => {
    const call = callOut();
    exchange.clock.advance(4_000);
    exchange.out(0).answer(200);
    expect(call.statuses).toEqual([100, 200]);
    expect(exchange.out(1).cancels).toHaveLength(1);
  });

  test('a failure that comes late from one that was given up says nothing', () => {
    const call = callOut();
    exchange.clock.advance(4_000);
    exchange.out(0).answer(486);
    expect(call.statuses).toEqual([100]);
  });

  test('503 gives way, also after a 100, and keeps us away for as long as it says', () => {
    callOut();
    exchange.out(0).answer(100);
    exchange.out(0).answer(503, { headers: [[H.RetryAfter, '120 (mending)']] });
    expect(tried()).toEqual(['UDP 91', 'UDP 92']);
    exchange.clock.advance(119_000);
    callOut();
    expect(tried().at(-1)).toBe('UDP 92');
    exchange.clock.advance(1_000);
    callOut();
    expect(tried().at(-1)).toBe('UDP 91');
  });

  test('where all fail the caller hears 500, not 503', () => {
    const call = callOut();
    exchange.out(0).answer(503);
    exchange.out(1).listener.failed({ reason: 'refused' });
    exchange.out(2).answer(503);
    expect(call.statuses).toEqual([100, 500]);
  });

  test('any other answer ends the search', () => {
    const call = callOut();
    exchange.out(0).answer(500);
    expect(tried()).toHaveLength(1);
    expect(call.statuses).toEqual([100, 500]);
  });

  test('once the caller hung up no further address is tried', () => {
    const call = callOut();
    exchange.receiveRequest(exchange.request('CANCEL', 'sip:bob@abroad.example'), undefined, call);
    exchange.out(0).listener.failed({ reason: 'refused' });
    exchange.clock.advance(10_000);
    expect(tried()).toHaveLength(1);
    expect(call.statuses).toEqual([100, 487]);
  });

  test('a MESSAGE finds the next address as well', () => {
    const message = callOut('MESSAGE');
    exchange.clock.advance(4_000);
    exchange.out(1).answer(202);
    expect(message.statuses).toEqual([202]);
    expect(exchange.clock.waiting).toBe(0);
  });
});

test('a silent SRV server is tried last with all its addresses', () => {
  open([hop(91, 'a'), hop(92, 'a'), hop(93, 'b')]);
  callOut();
  exchange.clock.advance(4_000);
  callOut();
  expect(tried()).toEqual(['UDP 91', 'UDP 92', 'UDP 93']);
});

describe('flows of one device', () => {
  const flow = (last: number) =>
    bindingTarget(
      bindingOf(aorOf('1001', DOMAIN), 'sip:1001@10.0.0.7', { received: `tcp:192.0.2.${last}:40001`, instance: 'i' }),
    );

  function ring(): Incoming {
    open([]);
    const incoming = new Incoming(exchange.request('INVITE', `sip:1001@${DOMAIN}`), source);
    const [first, second] = [flow(61), flow(62)];
    if (first === undefined || second === undefined) throw new Error('no targets');
    new Fork(new RequestContext(exchange.parts, incoming), [{ ...first, next: second }]).start();
    return incoming;
  }

  test('the second is tried when the first turns out to be dead, never together', () => {
    const call = ring();
    expect(tried()).toEqual(['TCP 61']);
    exchange.out(0).listener.failed({ reason: 'gone' });
    expect(tried()).toEqual(['TCP 61', 'TCP 62']);
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([200]);
  });

  test('430 of an edge proxy means the same, and goes to no caller', () => {
    const call = ring();
    exchange.out(0).answer(430);
    exchange.out(1).answer(430);
    expect(call.statuses).toEqual([480]);
  });

  test('a device that is busy is busy on every flow', () => {
    const call = ring();
    exchange.out(0).answer(486);
    expect(tried()).toHaveLength(1);
    expect(call.statuses).toEqual([486]);
  });
});

describe('a request too long for a datagram', () => {
  const long = (bytes: number): [string, string][] => [['X-Long', 'x'.repeat(bytes)]];

  test('goes over TCP, and its Via and Record-Route say so', () => {
    open([hop(91)]);
    callOut('INVITE', long(1_300));
    expect(tried()).toEqual(['TCP 91']);
    const { request } = exchange.out(0);
    expect(request.via.transport).toBe('TCP');
    expect(request.list(H.RecordRoute)[0]).toContain(';transport=tcp;');
  });

  test('goes over UDP after all where TCP is refused, and soon where it is not answered', () => {
    open([hop(91)]);
    const call = callOut('INVITE', long(1_300));
    exchange.out(0).listener.failed({ reason: 'refused' });
    expect(tried()).toEqual(['TCP 91', 'UDP 91']);
    expect(exchange.out(1).request.via.transport).toBe('UDP');
    exchange.out(1).answer(200);
    expect(call.statuses).toEqual([100, 200]);

    open([hop(91)]);
    callOut('INVITE', long(1_300));
    exchange.clock.advance(4_000);
    expect(tried()).toEqual(['TCP 91', 'UDP 91']);
  });

  test('is not tried over TCP again for ten minutes', () => {
    open([hop(91)]);
    callOut('INVITE', long(1_300));
    exchange.out(0).listener.failed({ reason: 'refused' });
    exchange.clock.advance(599_000);
    callOut('INVITE', long(1_300));
    expect(tried()).toEqual(['TCP 91', 'UDP 91', 'UDP 91']);
    exchange.clock.advance(1_000);
    callOut('INVITE', long(1_300));
    expect(tried().at(-1)).toBe('TCP 91');
  });

  test('is measured as it goes out, to the byte', () => {
    const measured = (extra: number): number => {
      open([hop(91)], { udpLimit: 1_300 });
      callOut('INVITE', long(extra));
      return tried()[0] === 'UDP 91' ? exchange.out(0).request.wire.length : -1;
    };
    const free = 1_300 - measured(1);
    expect(measured(1 + free)).toBe(1_300);
    expect(measured(2 + free)).toBe(-1);
  });

  test('stays on UDP where we could not be reached over TCP', () => {
    exchange = new TestExchange({}, { resolve: () => [hop(91)] });
    callOut('INVITE', long(1_300));
    expect(tried()).toEqual(['UDP 91']);
  });

  test.each([
    ['goes to a phone that can be connected to', 'sip:1001@192.0.2.61:5062', ['TCP 61']],
    ['stays on UDP to one behind a NAT', 'sip:1001@10.0.0.7:5062', ['UDP 61']],
  ])('%s', (_what, contact, expected) => {
    open([]);
    exchange.bind('1001', { contact, received: 'udp:192.0.2.61:5062' });
    exchange.receive('INVITE', `sip:1001@${DOMAIN}`, long(1_300));
    expect(tried()).toEqual(expected);
  });
});

test('what cannot be made ends its call with 500 and nothing else', () => {
  open([hop(91), hop(92)]);
  exchange.parts.transactions.request = () => {
    throw new Error('a fault of ours');
  };
  const call = callOut();
  expect(call.statuses).toEqual([100, 500]);
  expect(exchange.faults).toHaveLength(1);
  expect(exchange.parts.openWork.count).toBe(0);
  expect(exchange.clock.waiting).toBe(0);
});

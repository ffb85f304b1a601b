/** Registrations that end with their connections, and calls that ring over one (RFC 5626 §5.3, §6; RFC 7118 §5). */
import { beforeEach, describe, expect, test } from 'vitest';
import { aorOf, type Binding } from '../../../../proxy-core/server/stores.ts';
import type { FlowId, Source } from '../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, flowOf, type Incoming, SELF, source, TestExchange } from '../../../support/exchange-parts.ts';
import { Watcher } from '../../../support/watching.ts';

const ANNA = aorOf('1001', DOMAIN);
const BEN = `sip:1002@${DOMAIN}`;

let exchange: TestExchange;

beforeEach(() => {
  exchange = new TestExchange();
});

const held = (aor = ANNA): string[] =>
  exchange.locations.lookup(aor, exchange.clock.now()).map(({ contact }) => contact);

const over = (transport: Source['transport'], port = 40_000): Source => ({
  ...{ transport, host: '203.0.113.9', port },
  ...{ flow: `${transport}-${port}` as FlowId, listener: `${transport.toLowerCase()}://${SELF}:5060` },
});

describe('a binding', () => {
  const page: Partial<Binding> = { contact: 'sip:1001@page.invalid;transport=ws', received: 'ws:203.0.113.9:40000' };
  const flow = { contact: 'sip:1001@203.0.113.9:40001;transport=tcp', received: 'tcp:203.0.113.9:40001' };
  const outbound = { ...flow, instance: 'urn:uuid:desk', regId: 1 };

  test.each([
    ['by a WebSocket ends with it', page, 0],
    ['by a flow ends with it', outbound, 0],
    ['by a plain TCP connection stays', flow, 1],
    ['by an edge proxy stays: the flow is not ours', { ...outbound, path: ['<sip:edge.example;lr>'] }, 1],
  ])('%s', (_what, parts, left) => {
    exchange.bind('1001', parts);
    exchange.exchange.flowClosed(flowOf(parts as Binding));
    expect(held()).toHaveLength(left);
  });

  test('of another connection stays', () => {
    exchange.bind('1001', page, { ...outbound });
    exchange.exchange.flowClosed(flowOf(page as Binding));
    expect(held()).toEqual([outbound.contact]);
    exchange.exchange.flowClosed('unheard of' as FlowId);
    expect(held()).toHaveLength(1);
  });

  test('whose phone came back on a new connection outlives the old one', () => {
    exchange.bind('1001', outbound);
    const again = { ...outbound, received: 'tcp:203.0.113.9:40002' };
    exchange.bind('1001', again);
    exchange.exchange.flowClosed(flowOf(outbound as unknown as Binding));
    expect(held()).toEqual([again.contact]);
  });

  test('is no way to a phone when it came back from the store, and its sibling is', () => {
    exchange.bind('1002', { ...outbound, contact: 'sip:1002@203.0.113.9:40001;transport=tcp' });
    const [restored] = exchange.locations.lookup(aorOf('1002', DOMAIN), 0);
    if (restored === undefined) throw new Error('nothing is bound');
    const restarted = new TestExchange();
    void restarted.locations.replace(restored.aor, [restored]);
    expect(restarted.receive('INVITE', BEN).statuses).toEqual([480]);
    const sibling = { ...restored, contact: 'sip:1002@203.0.113.9:5060', regId: 2, received: 'udp:203.0.113.9:5060' };
    void restarted.locations.replace(restored.aor, [restored, sibling]);
    restarted.receive('INVITE', BEN);
    expect(restarted.sent.map(({ hop }) => hop.transport)).toEqual(['UDP']);
  });

  test('that ends while it is being stored is not left behind', () => {
    const connection = over('WS');
    const lines = [['Contact', '<sip:1001@page.invalid>'] as const];
    const register = exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, lines, connection);
    expect(register.responses).toEqual([]);
    exchange.exchange.flowClosed(connection.flow);
    expect(held()).toEqual([]);
  });

  test('that ends is told to watchers as what it is: no farewell of the phone', () => {
    exchange.bind('1001', page);
    const watcher = new Watcher(exchange, '1001', 'one', [['Expires', '3600']]);
    watcher.answer();
    exchange.exchange.flowClosed(flowOf(page as Binding));
    exchange.clock.advance(5_000);
    expect(watcher.documents.at(-1)).toMatchObject({
      registration: 'terminated',
      contacts: [`deactivated ${page.contact}`],
    });
  });
});

describe('a call that rings when the connection ends', () => {
  const ringing = (parts: Partial<Binding>): Incoming => {
    exchange.bind('1002', parts);
    const call = exchange.receive('INVITE', BEN);
    exchange.out(0).answer(180);
    exchange.out(0).listener.connectionLost?.();
    return call;
  };
  const contact = 'sip:1002@203.0.113.9:5070;transport=tcp';

  test.each([
    ['a WebSocket', { contact: 'sip:1002@page.invalid;transport=ws', received: 'ws:203.0.113.9:40000' }],
    ['a flow', { contact, received: 'tcp:203.0.113.9:40000', regId: 1 }],
    ['TLS, where phones take no connections', { contact, received: 'tls:203.0.113.9:40000' }],
  ])('over %s is over', (_what, parts) => {
    expect(ringing(parts).statuses).toEqual([100, 180, 480]);
    // What the phone may still ring with is called back, should it be heard of again.
    expect(exchange.out(0).cancels).toHaveLength(1);
  });

  test('from behind a NAT over TCP is over: its Contact is in another network', () => {
    const call = ringing({ contact: 'sip:1002@10.0.0.7:5070;transport=tcp', received: 'tcp:203.0.113.9:40000' });
    expect(call.statuses).toEqual([100, 180, 480]);
    expect(exchange.sent).toHaveLength(1);
  });

  test('over plain TCP in the open rings on: the answer finds its way', () => {
    const call = ringing({ contact, received: 'tcp:203.0.113.9:40000' });
    expect(call.statuses).toEqual([100, 180]);
    exchange.out(0).answer(200);
    expect(call.statuses).toEqual([100, 180, 200]);
  });

  test('after the caller hung up is over as that', () => {
    exchange.bind('1002', { contact: 'sip:1002@page.invalid;transport=ws', received: 'ws:203.0.113.9:40000' });
    const call = exchange.receive('INVITE', BEN);
    exchange.out(0).answer(180);
    const cancel = exchange.request('CANCEL', BEN, [
      ['Via', call.request.via.toString()],
      ['Call-ID', call.request.callId],
    ]);
    exchange.receiveRequest(cancel, source, call);
    exchange.out(0).listener.connectionLost?.();
    expect(call.last.status).toBe(487);
  });

  test('a 200 all the same has the call', () => {
    const call = ringing({ contact, received: 'tcp:203.0.113.9:40000', instance: 'urn:uuid:b', regId: 1 });
    exchange.out(0).answer(200);
    expect(call.statuses).toEqual([100, 180, 200]);
  });

  describe('and whose phone has a name', () => {
    const desk = { contact, received: 'tcp:203.0.113.9:40000', instance: 'urn:uuid:b', regId: 1 };
    const back = { ...desk, received: 'tcp:203.0.113.9:40009' };
    /** The phone registers it, in place of what it had with this number. */
    const registers = (parts: Partial<Binding>): void => {
      exchange.bind('1002', parts);
      const [binding] = exchange.locations.lookup(aorOf('1002', DOMAIN), 0);
      if (binding !== undefined) exchange.parts.livingFlows.returning.registered(binding);
    };

    test('waits for it, and rings by the connection that it comes back with', () => {
      const call = ringing(desk);
      expect(call.statuses).toEqual([100, 180]);
      exchange.clock.advance(3_999);
      registers({ ...back, regId: 2 });
      expect(exchange.out(1).hop).toMatchObject({ transport: 'TCP', port: 40_009 });
      exchange.out(1).answer(180);
      exchange.out(1).answer(200);
      expect(call.statuses).toEqual([100, 180, 180, 200]);
      // What may still ring there for the first is called back by the way that there is.
      expect([exchange.out(0).hop.port, exchange.out(0).cancels.length]).toEqual([40_009, 1]);
      expect(exchange.parts.livingFlows.returning.size).toBe(0);
    });

    test('is over where it does not come back in time', () => {
      const call = ringing(desk);
      exchange.clock.advance(4_000);
      expect(call.statuses).toEqual([100, 180, 480]);
      expect(exchange.out(0).cancels).toHaveLength(1);
      expect(exchange.parts.livingFlows.returning.size).toBe(0);
      registers(back);
      expect(exchange.sent).toHaveLength(1);
    });

    test('rings on where the phone says that it has the call already (482)', () => {
      const call = ringing(desk);
      registers(back);
      exchange.out(1).answer(482);
      exchange.clock.advance(60_000);
      exchange.out(0).answer(200);
      expect(call.statuses).toEqual([100, 180, 200]);
      expect(exchange.out(0).cancels).toEqual([]);
    });

    test('is led to a connection that takes the place of the first before that is known to be dead', () => {
      exchange.bind('1002', desk);
      const call = exchange.receive('INVITE', BEN);
      exchange.out(0).answer(180);
      registers(desk);
      registers({ ...back, regId: 2 });
      expect(exchange.sent).toHaveLength(1);
      registers(back);
      expect(exchange.out(1).hop.port).toBe(40_009);
      exchange.out(1).answer(200);
      expect(call.statuses).toEqual([100, 180, 200]);
    });

    test('ends with its caller meanwhile', () => {
      const call = ringing(desk);
      const cancel = exchange.request('CANCEL', BEN, [
        ['Via', call.request.via.toString()],
        ['Call-ID', call.request.callId],
      ]);
      exchange.receiveRequest(cancel, source, call);
      expect(call.last.status).toBe(487);
      registers(back);
      exchange.clock.advance(10_000);
      expect([exchange.sent.length, exchange.parts.livingFlows.returning.size]).toEqual([1, 0]);
    });
  });
});

/** What the wire does to transactions: loss, repetition, overtaking, and two things at once. */
import { describe, expect, it } from 'vitest';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { FlowId } from '../../../../../proxy-core/sip/transport/port.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { RoughNetwork, roughFate } from '../../../../support/rough-network.ts';
import { agent, notes, reply, request, send } from './messages.ts';

function world(transport: 'UDP' | 'TCP' = 'UDP') {
  const clock = new FakeClock();
  const network = new RoughNetwork(clock);
  const alice = agent(network, clock, '10.0.0.1', transport);
  const bob = agent(network, clock, '10.0.0.2', transport);
  const empty = (): void => {
    expect([alice.transactions.size, bob.transactions.size]).toEqual([
      { client: 0, server: 0, open: 0 },
      { client: 0, server: 0, open: 0 },
    ]);
    expect(clock.waiting).toBe(0);
  };
  return { clock, network, alice, bob, empty };
}

describe('one INVITE', () => {
  it('gets a 100 by itself after 200 ms unless its user answered', () => {
    const { clock, alice, bob } = world();
    const told = notes();
    send(alice, bob, 'INVITE', told);
    clock.advance(200);
    expect(told.statuses).toEqual([]);
    clock.advance(10);
    expect(told.statuses).toEqual([100]);
    bob.answer = (transaction) => reply(transaction, 180);
    const quick = notes();
    send(alice, bob, 'INVITE', quick);
    clock.advance(1000);
    expect(quick.statuses).toEqual([180]);
  });

  it('is refused although the response and its ACK get lost', () => {
    const { clock, network, alice, bob, empty } = world();
    let lost = 0;
    network.fate = ({ what }) => ((what === '486 INVITE' || what === 'ACK') && lost++ < 3 ? [] : [5]);
    bob.answer = (transaction) => reply(transaction, 486);
    const told = notes();
    send(alice, bob, 'INVITE', told);
    clock.advance(5000);
    expect(told.statuses).toEqual([486]);
    expect(network.whatFrom(bob.port.address).filter((what) => what === '486 INVITE').length).toBeGreaterThan(2);
    expect(bob.acks).toEqual([]);
    clock.advance(64_000);
    expect(told.ends).toEqual([]);
    empty();
  });

  it('ends without an ACK after 32 s and says so', () => {
    const { clock, network, alice, bob, empty } = world();
    network.fate = ({ what }) => (what === 'ACK' ? [] : [5]);
    const ends: string[] = [];
    bob.answer = (transaction) => {
      transaction.onEnd((how) => ends.push(how));
      reply(transaction, 486);
      expect(transaction.isOpen).toBe(false);
    };
    send(alice, bob, 'INVITE', notes());
    clock.advance(31_900);
    expect(ends).toEqual([]);
    clock.advance(200);
    expect(ends).toEqual(['no-ack']);
    clock.advance(64_000);
    empty();
  });

  it('gives up after 32 s when nobody answers', () => {
    const { clock, network, alice, bob, empty } = world();
    network.fate = () => [];
    const told = notes();
    send(alice, bob, 'INVITE', told);
    clock.advance(32_000);
    expect(told.ends).toEqual(['timeout']);
    expect(network.sent).toHaveLength(7);
    empty();
  });

  it('brings up every 2xx, of each fork and again (RFC 6026)', () => {
    const { clock, alice, bob, empty } = world();
    bob.answer = (transaction) => {
      reply(transaction, 200, 'one');
      reply(transaction, 200, 'two');
      clock.after(500, () => reply(transaction, 200, 'one'));
    };
    const told = notes();
    send(alice, bob, 'INVITE', told);
    clock.advance(1000);
    expect(told.responses.map(({ status, to }) => `${status} ${to.tag}`)).toEqual(['200 one', '200 two', '200 one']);
    clock.advance(40_000);
    empty();
  });

  it('leaves a 2xx that comes after its time to the user', () => {
    const { clock, alice, bob } = world();
    bob.answer = (transaction) => reply(transaction, 200);
    send(alice, bob, 'INVITE', notes());
    clock.advance(40_000);
    const [transaction] = bob.requests;
    if (transaction === undefined) throw new Error('no INVITE came');
    expect(alice.strays).toEqual([]);
    bob.transport.sendResponse(buildResponse(transaction.request, 200, { toTag: 'b' }), undefined, () => {});
    clock.advance(10);
    expect(alice.strays.map(({ status }) => status)).toEqual([200]);
  });

  it('passes the ACK to a 2xx up, whichever branch it has', () => {
    const { clock, alice, bob } = world();
    bob.answer = (transaction) => reply(transaction, 200);
    send(alice, bob, 'INVITE', notes());
    clock.advance(10);
    alice.transactions.sendAck((via) => request('ACK', via), bob.hop);
    clock.advance(10);
    expect(bob.acks.map(({ method }) => method)).toEqual(['ACK']);
  });
});

describe('CANCEL', () => {
  it('waits for the first provisional response, then ends the INVITE with 487', () => {
    const { clock, network, alice, bob, empty } = world();
    bob.answer = (transaction) => {
      if (transaction.request.method !== 'CANCEL') return;
      reply(transaction, 200);
      const [invite] = bob.requests;
      if (invite !== undefined) reply(invite, 487);
    };
    const told = notes();
    const invite = send(alice, bob, 'INVITE', told);
    invite.cancel('SIP;cause=200');
    clock.advance(100);
    expect(network.whatFrom(alice.port.address)).toEqual(['INVITE']);
    clock.advance(200);
    expect(told.statuses).toEqual([100, 487]);
    expect(bob.cancels).toEqual([bob.requests[0]]);
    const cancel = network.sent.find(({ what }) => what === 'CANCEL');
    expect(cancel?.wire).toContain('Reason: SIP;cause=200');
    expect(cancel?.wire).toContain(`branch=${invite.request.via.branch}`);
    clock.advance(64_000);
    empty();
  });

  it('is told when it matches nothing, and when it comes too late', () => {
    const { clock, alice, bob } = world();
    bob.answer = (transaction) => transaction.request.method === 'INVITE' && reply(transaction, 180);
    const invite = send(alice, bob, 'INVITE', notes());
    clock.advance(10);
    const [ringing] = bob.requests;
    if (ringing !== undefined) reply(ringing, 200);
    // The 200 and the CANCEL pass each other on the wire.
    invite.cancel();
    clock.advance(10);
    expect(bob.cancels).toEqual([ringing]);
    expect(ringing?.isOpen).toBe(false);
    alice.transactions.request((via) => request('CANCEL', via), bob.hop, notes());
    clock.advance(10);
    expect(bob.cancels).toEqual([ringing, undefined]);
  });

  it('loses against a 2xx in every order in which the two can pass: the 2xx comes up', () => {
    for (const [cancelMs, okMs] of [
      [5, 5],
      [5, 300],
      [300, 5],
      [900, 1100],
    ] as const) {
      const { clock, network, alice, bob, empty } = world();
      network.fate = ({ what }) => (what === 'CANCEL' ? [cancelMs] : what === '200 INVITE' ? [okMs] : [5]);
      bob.answer = (transaction) => {
        if (transaction.request.method === 'INVITE') reply(transaction, 180);
        else if (transaction.request.method === 'CANCEL') {
          reply(transaction, 200);
          const [invite] = bob.requests;
          if (invite?.isOpen) reply(invite, 487);
        }
      };
      const told = notes();
      const invite = send(alice, bob, 'INVITE', told);
      clock.advance(20);
      const [ringing] = bob.requests;
      if (ringing !== undefined) reply(ringing, 200);
      invite.cancel();
      clock.advance(5000);
      expect(told.statuses).toEqual([180, 200]);
      clock.advance(64_000);
      expect(told.ends).toEqual([]);
      empty();
    }
  });

  it('ends the INVITE after 32 s when the peer neither ends it nor speaks', () => {
    const { clock, alice, bob, empty } = world();
    bob.answer = (transaction) => transaction.request.method === 'INVITE' && reply(transaction, 180);
    const told = notes();
    const invite = send(alice, bob, 'INVITE', told);
    clock.advance(10);
    bob.port.detach();
    invite.cancel();
    clock.advance(32_000);
    expect(told.ends).toEqual(['timeout']);
    bob.transactions.close();
    clock.advance(64_000);
    empty();
  });
});

describe('a rough network', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
    'brings each request up once and one answer back (seed %i)',
    (seed) => {
      const { clock, network, alice, bob, empty } = world();
      network.fate = roughFate(seed, 0.3, 0.3, 900);
      bob.answer = (transaction) => {
        const { method } = transaction.request;
        if (method === 'INVITE') reply(transaction, 180);
        clock.after(300, () => reply(transaction, method === 'INVITE' ? 486 : 200));
      };
      const all = ['INVITE', 'OPTIONS', 'REGISTER', 'INVITE', 'BYE'].map((method) => {
        const told = notes();
        send(alice, bob, method, told);
        return told;
      });
      clock.advance(33_000);
      for (const told of all) {
        const finals = told.statuses.filter((status) => status >= 200);
        expect(finals.length + told.ends.length).toBe(1);
      }
      expect(bob.requests.length).toBeLessThanOrEqual(5);
      expect(bob.acks).toEqual([]);
      clock.advance(120_000);
      empty();
    },
  );
});

describe('over TCP', () => {
  it('sends nothing twice and keeps nothing after the answer', () => {
    const { clock, network, alice, bob, empty } = world('TCP');
    bob.answer = (transaction) => clock.after(3000, () => reply(transaction, 200));
    const told = notes();
    send(alice, bob, 'OPTIONS', told);
    clock.advance(3100);
    expect(told.statuses).toEqual([200]);
    expect(network.sent).toHaveLength(2);
    empty();
  });

  it('tells of a peer that cannot be reached, never before `request` has returned', () => {
    const { clock, alice, bob, empty } = world('TCP');
    bob.port.detach();
    const told = notes();
    send(alice, bob, 'INVITE', told);
    expect(told.ends).toEqual([]);
    clock.advance(10);
    expect(told.ends).toEqual(['failed: nobody listens on 10.0.0.2:5060']);
    empty();
  });

  it('waits with a failure that the port tells at once', () => {
    const { clock, alice, bob } = world('TCP');
    const told = notes();
    alice.port.send = (_hop, _wire, failed) => failed({ reason: 'closed' });
    send(alice, bob, 'OPTIONS', told);
    expect(told.ends).toEqual([]);
    clock.advance(0);
    expect(told.ends).toEqual(['failed: closed']);
  });
});

describe('a user that', () => {
  it('forgets hears nothing more, while the wire goes on as it must', () => {
    const { clock, network, alice, bob } = world();
    bob.answer = (transaction) => reply(transaction, 486);
    const told = notes();
    send(alice, bob, 'INVITE', told).forget();
    clock.advance(100);
    expect(told.statuses).toEqual([]);
    expect(network.whatFrom(alice.port.address)).toEqual(['INVITE', 'ACK']);
  });

  it('closes the layer leaves no timer and hears of nothing', () => {
    const { clock, alice, bob, empty } = world();
    const told = notes();
    send(alice, bob, 'INVITE', told);
    clock.advance(10);
    alice.transactions.close();
    bob.transactions.close();
    clock.advance(64_000);
    expect([told.statuses, told.ends]).toEqual([[], []]);
    empty();
  });

  it('answers too late is ignored', () => {
    const { clock, network, alice, bob } = world();
    send(alice, bob, 'OPTIONS', notes());
    clock.advance(33_000);
    const [late] = bob.requests;
    expect(late?.isOpen).toBe(false);
    if (late !== undefined) reply(late, 200);
    clock.advance(10);
    expect(network.whatFrom(bob.port.address)).toEqual([]);
  });
});

describe('a connection that ends', () => {
  const flow = 'tcp-1' as FlowId;

  it.each(['INVITE', 'OPTIONS'])(
    'fails an %s that was not answered, found by flow or by address, at once',
    (method) => {
      const { clock, alice, bob } = world('TCP');
      const told = [notes(), notes(), notes()] as const;
      alice.transactions.request((via) => request(method, via), { ...bob.hop, flow }, told[0]);
      send(alice, bob, method, told[1]);
      alice.transactions.request((via) => request(method, via), { ...bob.hop, port: 5061 }, told[2]);
      alice.transport.flowClosed(flow, bob.hop);
      expect(told.map(({ ends }) => ends.length)).toEqual([1, 1, 0]);
      expect(told[0].ends[0]).toContain('failed');
      clock.advance(64_000);
      expect(told.map(({ ends }) => ends.length)).toEqual([1, 1, 1]);
      expect(alice.transactions.size.client).toBe(0);
    },
  );

  it('leaves an INVITE alone that is ringing already: the answer comes by another one (§18.2.2)', () => {
    const { clock, alice, bob } = world('TCP');
    const told = notes();
    bob.answer = (transaction) => reply(transaction, 180);
    send(alice, bob, 'INVITE', told);
    clock.advance(100);
    alice.transport.flowClosed(flow, bob.hop);
    for (const transaction of bob.requests) reply(transaction, 200);
    clock.advance(100);
    expect([told.statuses, told.ends]).toEqual([[180, 200], []]);
  });

  it('means nothing to datagrams', () => {
    const { clock, alice, bob } = world('UDP');
    const told = notes();
    bob.answer = (transaction) => reply(transaction, 200);
    send(alice, bob, 'OPTIONS', told);
    alice.transport.flowClosed(flow, bob.hop);
    clock.advance(100);
    expect([told.statuses, told.ends]).toEqual([[200], []]);
  });
});

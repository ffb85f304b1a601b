/** RFC 3261 §17.1.3, §17.2.3 and §9.2, with what RFC 2543 clients send. */
import { describe, expect, it } from 'vitest';
import { buildAck, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import { editRequest } from '../../../../../proxy-core/sip/message/edit.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { createStack } from '../../../../../proxy-core/sip/transaction/stack.ts';
import type { ServerTransaction } from '../../../../../proxy-core/sip/transaction/user.ts';
import type { FlowId, Source } from '../../../../../proxy-core/sip/transport/port.ts';
import { countingHex, FakeClock } from '../../../../support/fake-clock.ts';
import { RoughNetwork } from '../../../../support/rough-network.ts';
import { agent, notes, reply, request, send } from './messages.ts';

const source: Source = {
  transport: 'UDP',
  host: '10.0.0.9',
  port: 5060,
  flow: 'f' as FlowId,
  listener: 'udp://10.0.0.2:5060',
};
const via = (branch: string, sentBy = '10.0.0.9'): string =>
  `SIP/2.0/UDP ${sentBy}${branch === '' ? '' : `;branch=${branch}`}`;
const withVia = (message: SipRequest, value: string): SipRequest =>
  editRequest(message).replaceFirst(H.Via, value).toMessage();

function server() {
  const clock = new FakeClock();
  const network = new RoughNetwork(clock);
  const bob = agent(network, clock, '10.0.0.2');
  const take = (message: SipRequest): void => bob.transport.received(message.wire, source);
  return { clock, network, bob, take };
}

describe('an answer that need not be remembered', () => {
  function asking(method: string, isRemembered: boolean) {
    const { clock, bob, take } = server();
    bob.answer = (transaction) => {
      const challenge = buildResponse(transaction.request, 401, { toTag: 'same' });
      if (isRemembered) transaction.respond(challenge);
      else transaction.dismiss(challenge);
    };
    const came = request(method, via('z9hG4bKasked'));
    take(came);
    take(came);
    return { clock, bob, asked: bob.requests };
  }

  it('ends the transaction: what comes again is asked again', () => {
    const { bob, asked, clock } = asking('REGISTER', false);
    expect([asked.length, asked[0]?.isOpen]).toEqual([2, false]);
    expect(bob.transactions.size).toEqual({ client: 0, server: 0, open: 0 });
    // The answers arrive; no timer is left.
    clock.advance(1_000);
    expect(clock.waiting).toBe(0);
    const ends: string[] = [];
    asked[0]?.onEnd((how) => ends.push(how));
    expect(ends).toEqual(['done']);
    // A second answer comes too late.
    asked[0]?.respond(buildResponse(asked[0].request, 200, { toTag: 'late' }));
    expect(bob.transactions.size.server).toBe(0);
  });

  it('is remembered all the same where an ACK follows', () => {
    const { bob, asked } = asking('INVITE', false);
    expect(asked).toHaveLength(1);
    expect(bob.transactions.size).toEqual({ client: 0, server: 1, open: 0 });
  });

  it('is told from those that are: they linger, and are not open', () => {
    const { bob, asked } = asking('REGISTER', true);
    expect(asked).toHaveLength(1);
    expect(bob.transactions.size).toEqual({ client: 0, server: 1, open: 0 });
  });
});

describe('an INVITE that comes again by another way', () => {
  const elsewhere: Source = { ...source, host: '10.0.0.77', port: 5099, flow: 'g' as FlowId };
  const PROOF = 'Digest username="1001", nonce="n", response="0123456789abcdef"';
  /** Where the answers go after the INVITE came from `elsewhere` too, changed or not. */
  function answersTo(change: (message: SipRequest) => string, from = elsewhere, isProved = true): string[] {
    const clock = new FakeClock();
    const to: string[] = [];
    const asked: ServerTransaction[] = [];
    const { transport } = createStack({
      clock,
      random: countingHex(),
      port: {
        send: (hop) => void to.push(`${hop.transport} ${hop.host}:${hop.port}`),
        sentBy: () => ({ transport: 'UDP', sentBy: '10.0.0.2' }),
        isReliable: () => false,
      },
      user: { request: (transaction) => void asked.push(transaction), ack: () => {}, strayResponse: () => {} },
    });
    const plain = request('INVITE', `${via('z9hG4bKmoved')};rport`);
    const invite = isProved ? editRequest(plain).prepend(H.ProxyAuthorization, PROOF).toMessage() : plain;
    transport.received(invite.wire, source);
    asked[0]?.respond(buildResponse(asked[0].request, 180, { toTag: 'b' }));
    transport.received(change(invite), from);
    asked[0]?.respond(buildResponse(asked[0].request, 200, { toTag: 'b' }));
    expect(asked).toHaveLength(1);
    return to;
  }
  const first = 'UDP 10.0.0.9:5060';

  it('is answered there from then on', () => {
    const moved = 'UDP 10.0.0.77:5099';
    expect(answersTo(({ wire }) => wire)).toEqual([first, moved, moved]);
  });

  it.each([
    ['is of another call', (text: string) => text.replace(/Call-ID: .*/, 'Call-ID: other')],
    ['is of another caller', (text: string) => text.replace(/(From: .*tag=)\w+/, '$1other')],
    ['has another number', (text: string) => text.replace(/CSeq: \d+/, 'CSeq: 77')],
    ['lacks the credentials', (text: string) => text.replace(/Proxy-Authorization: .*\r\n/, '')],
    ['has other credentials', (text: string) => text.replace('0123456789abcdef', '0123456789abcdee')],
  ])('is not where it %s', (_what, change) => {
    expect(answersTo(({ wire }) => change(wire))).toEqual([first, first, first]);
  });

  it('is not without credentials, which whoever was called has not seen, but from another port of its host', () => {
    expect(answersTo(({ wire }) => wire, elsewhere, false)).toEqual([first, first, first]);
    const otherPort = { ...source, port: 5099, flow: 'g' as FlowId };
    const moved = 'UDP 10.0.0.9:5099';
    expect(answersTo(({ wire }) => wire, otherPort, false)).toEqual([first, moved, moved]);
  });

  it('is not by another transport', () => {
    expect(answersTo(({ wire }) => wire, { ...elsewhere, transport: 'TCP' })).toEqual([first, first, first]);
  });
});

describe('a flood of requests', () => {
  function full() {
    const clock = new FakeClock();
    const sent: string[] = [];
    const asked: ServerTransaction[] = [];
    const acks: SipRequest[] = [];
    const { transport, transactions } = createStack({
      port: {
        send: (_hop, wire) => void sent.push(wire),
        sentBy: () => ({ transport: 'UDP', sentBy: '10.0.0.2' }),
        isReliable: () => false,
      },
      clock,
      random: countingHex(),
      user: {
        request: (transaction) => {
          asked.push(transaction);
          reply(transaction, 200);
        },
        ack: (ack) => void acks.push(ack),
        strayResponse: () => {},
      },
      maxServerBytes: 10_000,
    });
    let n = 0;
    const come = (): string => {
      transport.received(request('OPTIONS', via(`z9hG4bK${++n}`)).wire, source);
      return sent.at(-1) ?? '';
    };
    return { clock, sent, asked, acks, transport, transactions, come };
  }

  it('takes bounded memory: what is beyond is put off and not remembered', () => {
    const { transactions, asked, come } = full();
    const answers = Array.from({ length: 50 }, come);
    expect(transactions.size.server).toBe(asked.length);
    expect(asked.length).toBeLessThan(10);
    expect(answers[asked.length]).toMatch(/^SIP\/2\.0 503 .*\r\nRetry-After: 5\r\n/s);
  });

  it('lets in for a while longer who ends a call', () => {
    const { asked, come, transport, sent } = full();
    for (let i = 0; i < 50; i++) come();
    const before = asked.length;
    transport.received(request('BYE', via('z9hG4bKbye')).wire, source);
    expect(asked).toHaveLength(before + 1);
    for (let i = 0; i < 50; i++) transport.received(request('BYE', via(`z9hG4bKbye${i}`)).wire, source);
    expect(asked.length).toBeLessThan(before + 5);
    expect(sent.at(-1)).toContain('SIP/2.0 503');
  });

  it('does not keep out those who come when it is over', () => {
    const { clock, asked, come } = full();
    for (let i = 0; i < 50; i++) come();
    clock.advance(32_000);
    const before = asked.length;
    expect(come()).toContain('SIP/2.0 200');
    expect(asked).toHaveLength(before + 1);
  });

  it('is answered with one tag, and the ACK starts nothing', () => {
    const { sent, asked, acks, transport, come } = full();
    for (let i = 0; i < 50; i++) come();
    const before = asked.length;
    const invite = request('INVITE', via('z9hG4bKinvite'));
    const answers = [invite, invite].map(({ wire }) => {
      transport.received(wire, source);
      return sent.at(-1) ?? '';
    });
    expect(answers[1]).toBe(answers[0]);
    const refusal = parseMessage(answers[0] ?? '');
    if (!refusal.ok || refusal.value.kind !== 'response') throw new Error('no response');
    transport.received(buildAck(invite, refusal.value).wire, source);
    expect([asked.length, acks.length]).toEqual([before, 1]);
  });
});

describe('requests', () => {
  const invite = request('INVITE', via('z9hG4bK1'));
  const table: [string, SipRequest, number][] = [
    ['the same again is absorbed', invite, 1],
    ['another branch is another transaction', withVia(invite, via('z9hG4bK2')), 2],
    ['another sent-by too', withVia(invite, via('z9hG4bK1', '10.0.0.8')), 2],
    ['another port in sent-by too', withVia(invite, via('z9hG4bK1', '10.0.0.9:5062')), 2],
  ];
  it.each(table)('%s', (_name, second, expected) => {
    const { bob, take } = server();
    take(invite);
    take(second);
    expect(bob.requests).toHaveLength(expected);
  });

  it('are the same whatever the case of the host in sent-by', () => {
    const { bob, take } = server();
    take(withVia(invite, via('z9hG4bK1', 'A.test')));
    take(withVia(invite, via('z9hG4bK1', 'a.TEST')));
    expect(bob.requests).toHaveLength(1);
  });

  it('of one branch but another method are other transactions', () => {
    const { bob, take } = server();
    take(request('OPTIONS', via('z9hG4bK1')));
    take(request('INFO', via('z9hG4bK1')));
    expect(bob.requests).toHaveLength(2);
  });

  it('absorb the ACK to a failure and pass any other up', () => {
    const { bob, take } = server();
    bob.answer = (transaction) => reply(transaction, 404);
    take(invite);
    take(buildAck(invite, buildResponse(invite, 404, { toTag: 'b' })));
    expect(bob.acks).toEqual([]);
    take(request('ACK', via('z9hG4bKother')));
    expect(bob.acks).toHaveLength(1);
  });
});

describe.each([
  ['no branch', ''],
  ['a branch of its own kind', 'abc.1'],
  ['the bare cookie', 'z9hG4bK'],
])('RFC 2543 with %s', (_name, branch) => {
  const invite = request('INVITE', via(branch));
  const variant = (id: typeof H.CSeq | typeof H.CallId | typeof H.From, value: string): SipRequest =>
    editRequest(invite).set(id, value).toMessage();

  it('knows an INVITE that comes again', () => {
    const { bob, take } = server();
    take(invite);
    take(invite);
    expect(bob.requests).toHaveLength(1);
    take(variant(H.CSeq, '2 INVITE'));
    take(variant(H.CallId, 'another'));
    take(variant(H.From, '<sip:alice@10.0.0.1>;tag=other'));
    expect(bob.requests).toHaveLength(4);
  });

  it('knows the ACK to a failure by the tag that the response gave', () => {
    const { bob, take } = server();
    const answer = buildResponse(invite, 486, { toTag: 'ours' });
    bob.answer = (transaction) => transaction.respond(buildResponse(transaction.request, 486, { toTag: 'ours' }));
    take(invite);
    take(editRequest(buildAck(invite, answer)).set(H.To, '<sip:bob@10.0.0.2>;tag=theirs').toMessage());
    expect(bob.acks).toHaveLength(1);
    take(buildAck(invite, answer));
    expect(bob.acks).toHaveLength(1);
  });

  it('finds what a CANCEL cancels', () => {
    const { bob, take } = server();
    take(invite);
    take(parsed(invite.wire.replace('INVITE sip:', 'CANCEL sip:').replace('1 INVITE', '1 CANCEL')));
    expect(bob.cancels).toEqual([bob.requests[0]]);
  });
});

function parsed(wire: string): SipRequest {
  const result = parseMessage(wire);
  if (!result.ok || result.value.kind !== 'request') throw new Error('not a request');
  return result.value;
}

describe('responses', () => {
  it('belong to the branch and the method in CSeq', () => {
    const clock = new FakeClock();
    const network = new RoughNetwork(clock);
    const alice = agent(network, clock, '10.0.0.1');
    const bob = agent(network, clock, '10.0.0.2');
    const told = notes();
    const options = send(alice, bob, 'OPTIONS', told);
    const wire = buildResponse(options.request, 200, { toTag: 'x' }).wire;
    const take = (text: string): void => alice.transport.received(text, { ...source, listener: 'udp://10.0.0.1:5060' });
    take(wire.replace('1 OPTIONS', '1 INFO'));
    take(wire.replace(/branch=\w+/, 'branch=z9hG4bKguess'));
    expect([told.statuses, alice.strays.length]).toEqual([[], 2]);
    take(wire.replace('UDP 10.0.0.1:5060', 'UDP 10.0.0.77:5060'));
    expect([told.statuses, alice.strays.length]).toEqual([[], 2]);
    take(wire);
    expect(told.statuses).toEqual([200]);
  });
});

describe('a client transaction', () => {
  const pair = () => {
    const clock = new FakeClock();
    const network = new RoughNetwork(clock);
    return { clock, network, alice: agent(network, clock, '10.0.0.1'), bob: agent(network, clock, '10.0.0.2') };
  };

  it('puts our Via on a message that passes through and leaves those below', () => {
    const { alice, bob } = pair();
    const passing = request('INVITE', 'SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKbelow');
    const sent = alice.transactions.request(passing, bob.hop, notes()).request;
    expect(sent.list(H.Via)).toEqual([sent.via.toString(), 'SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKbelow']);
    expect(sent.via.toString()).toMatch(/^SIP\/2\.0\/UDP 10\.0\.0\.1:5060;branch=z9hG4bK\w{20,};rport$/);
  });

  it('refuses an ACK, which has none', () => {
    const { alice, bob } = pair();
    expect(() => alice.transactions.request((value) => request('ACK', value), bob.hop, notes())).toThrow(TypeError);
  });

  it('acknowledges a failure along the route of its INVITE, to the tag of the response (§17.1.1.3)', () => {
    const { clock, network, alice, bob } = pair();
    const draft = (value: string): SipRequest =>
      editRequest(request('INVITE', value)).append(H.Route, '<sip:10.0.0.2;lr>').toMessage();
    bob.answer = (transaction) => reply(transaction, 404, 'from-bob');
    const told = notes();
    const { request: sent } = alice.transactions.request(draft, bob.hop, told);
    clock.advance(10);
    const ack = network.sent.filter(({ what }) => what === 'ACK').map(({ wire }) => parsed(wire));
    expect(told.statuses).toEqual([404]);
    expect(ack).toHaveLength(1);
    const [one] = ack;
    expect(one?.via.toString()).toBe(sent.via.toString());
    expect(one?.list(H.Route)).toEqual(['<sip:10.0.0.2;lr>']);
    expect([one?.to.tag, one?.from.tag, one?.callId, one?.cseq, one?.uriText]).toEqual([
      'from-bob',
      'a',
      sent.callId,
      1,
      sent.uriText,
    ]);
  });
});

/** Messages and agents for the tests of this folder. */
import { buildRequest, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { createStack, LateSink, type SipStack } from '../../../../../proxy-core/sip/transaction/stack.ts';
import type {
  ClientListener,
  ClientTransaction,
  ServerTransaction,
} from '../../../../../proxy-core/sip/transaction/user.ts';
import type { Hop, TransportFailure } from '../../../../../proxy-core/sip/transport/port.ts';
import { countingHex, type FakeClock } from '../../../../support/fake-clock.ts';
import type { NodePort, RoughNetwork } from '../../../../support/rough-network.ts';

let calls = 0;

/** A request of a new call, without Via given: for a machine that never looks at it. */
export function request(method: string, via = 'SIP/2.0/UDP a.test;branch=z9hG4bKa'): SipRequest {
  return buildRequest({
    method,
    uri: 'sip:bob@10.0.0.2',
    via,
    from: '<sip:alice@10.0.0.1>;tag=a',
    to: '<sip:bob@10.0.0.2>',
    callId: `call-${++calls}`,
    cseq: 1,
  });
}

export const response = (status: number, method = 'INVITE', tag = 'b'): SipResponse =>
  buildResponse(request(method), status, { toTag: tag });

export interface Agent extends SipStack {
  readonly port: NodePort;
  readonly hop: Hop;
  readonly requests: ServerTransaction[];
  /** The INVITE transaction that each CANCEL matched. */
  readonly cancels: (ServerTransaction | undefined)[];
  readonly acks: SipRequest[];
  readonly strays: SipResponse[];
  /** Called for each new request after it was noted. */
  answer: (transaction: ServerTransaction) => void;
}

export function agent(network: RoughNetwork, clock: FakeClock, host: string, transport: 'UDP' | 'TCP' = 'UDP'): Agent {
  const late = new LateSink();
  const port = network.attach(`${host}:5060`, late);
  const notes = { requests: [], cancels: [], acks: [], strays: [] } as Pick<
    Agent,
    'requests' | 'cancels' | 'acks' | 'strays'
  >;
  const hex = countingHex();
  const stack = createStack({
    port,
    clock,
    // Two agents must not make the same branches.
    random: (bytes) => host.replaceAll('.', '') + hex(bytes),
    user: {
      request(transaction, cancels) {
        notes.requests.push(transaction);
        if (transaction.request.method === 'CANCEL') notes.cancels.push(cancels);
        self.answer(transaction);
      },
      ack: (ack) => void notes.acks.push(ack),
      strayResponse: (stray) => void notes.strays.push(stray),
    },
  });
  late.connect(stack.transport);
  const self: Agent = { ...stack, port, hop: { transport, host, port: 5060 }, ...notes, answer: () => {} };
  return self;
}

/** A listener that notes what it is told. */
export interface Notes extends ClientListener {
  readonly statuses: number[];
  readonly responses: SipResponse[];
  readonly ends: string[];
}

export function notes(onResponse: (response: SipResponse) => void = () => {}): Notes {
  const statuses: number[] = [];
  const responses: SipResponse[] = [];
  const ends: string[] = [];
  return {
    statuses,
    responses,
    ends,
    response(one) {
      statuses.push(one.status);
      responses.push(one);
      onResponse(one);
    },
    timeout: () => void ends.push('timeout'),
    failed: (failure: TransportFailure) => void ends.push(`failed: ${failure.reason}`),
  };
}

export const send = (from: Agent, to: Agent, method: string, listener: ClientListener): ClientTransaction =>
  from.transactions.request((via) => request(method, via), to.hop, listener);

export const reply = (transaction: ServerTransaction, status: number, toTag = 'b'): void =>
  transaction.respond(buildResponse(transaction.request, status, { toTag }));

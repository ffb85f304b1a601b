/** An answered call (RFC 3261 §15): its end; changes of its sound are negotiation.ts. What goes wrong with signalling never ends the sound. */

import { H } from '../../../../proxy-core/sip/message/names.ts';
import { replyToOther } from './features.ts';
import { ackAndBye } from './gone.ts';
import { stepSession } from './negotiation.ts';
import { byeReason } from './reasons.ts';
import {
  type CallEffect,
  type CallEvent,
  type CallStep,
  end,
  factsOf,
  type In,
  never,
  sentence,
  stay,
} from './types.ts';

/** Reason of the BYE where the session's time ran out. */
const EXPIRED = 'SIP;cause=408;text="Session expired"';

export function stepTalking(at: In<'talking'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'hang-up':
      return leave(at, undefined, event.reason);
    case 'decline':
      return leave(at, undefined);
    case 'media-lost':
      return leave(at, sentence(event.reason));
    case 'gone':
      return event.bye ? leave(at, event.reason, EXPIRED) : end(at, event.reason, refuseChange(at));
    case 'request':
      return requested(at, event);
    case 'response':
      // Another phone of the same number answered too: the first one has the call (§13.2.2.4).
      return event.response.status >= 200 && event.response.status < 300 && event.leg !== at.leg
        ? stay(at, ackAndBye(event))
        : stay(at);
    case 'hold':
    case 'refresh':
    case 'restore':
    case 'sdp-ready':
    case 'answer-applied':
    case 'media-refused':
    case 'change-response':
    case 'change-failed':
    case 'ack':
    case 'no-ack':
    case 'timer':
      return negotiate(at, event);
    case 'no-response':
    case 'cancelled':
    case 'answer':
    case 'way-found':
    case 'redirect':
    case 'consent':
    case 'no-prack':
      return stay(at);
    default:
      return never(event);
  }
}

/** Hung up before our 2xx was acknowledged. */
export function stepLeaving(at: In<'leaving'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'ack':
    case 'no-ack':
      return end(at, at.reason, [{ do: 'acknowledged' }, { do: 'bye', leg: at.leg }]);
    case 'request':
      if (event.transaction.request.method !== 'BYE') return stay(at, [replyToOther(event.transaction, 'confirmed')]);
      return end(at, at.reason, [{ do: 'acknowledged' }, { do: 'reply', transaction: event.transaction, status: 200 }]);
    default:
      return stay(at);
  }
}

function negotiate(at: In<'talking'>, event: CallEvent): CallStep {
  const { session, effects, over } = stepSession(at.session, event, at.leg, at.late);
  const next = { ...at, session };
  if (over === undefined) return stay(next, effects);
  const bye: CallEffect[] = over.bye ? [{ do: 'bye', leg: at.leg }] : [];
  return end(next, over.reason, [...effects, { do: 'acknowledged' }, ...bye]);
}

function requested(at: In<'talking'>, event: Extract<CallEvent, { type: 'request' }>): CallStep {
  const { transaction } = event;
  switch (transaction.request.method) {
    case 'BYE': {
      const reason = byeReason(transaction.request.list(H.Reason));
      return end(at, reason, [{ do: 'reply', transaction, status: 200 }, ...refuseChange(at), { do: 'acknowledged' }]);
    }
    case 'INVITE':
    case 'UPDATE':
      return negotiate(at, event);
    default:
      return stay(at, [replyToOther(transaction, 'confirmed')]);
  }
}

function leave(at: In<'talking'>, reason: string | undefined, why?: string): CallStep {
  const pending = refuseChange(at);
  const { exchange } = at.session;
  if (exchange.state === 'unacknowledged' && exchange.first) {
    return {
      next: { ...factsOf(at), phase: 'leaving', leg: at.leg, reason },
      effects: [...pending, { do: 'close-media' }],
    };
  }
  const bye: CallEffect = { do: 'bye', leg: at.leg, ...(why === undefined ? {} : { reason: why }) };
  return end(at, reason, [...pending, ...acknowledge(at), { do: 'acknowledged' }, bye]);
}

/** A change that the peer still waits for. */
const refuseChange = ({ session: { exchange } }: In<'talking'>): CallEffect[] =>
  exchange.state === 'answering' ? [{ do: 'reply', transaction: exchange.transaction, status: 487 }] : [];

/** A 2xx whose ACK waited for our answer must be acknowledged before the BYE (§13.2.2.4). */
const acknowledge = ({ leg, session: { exchange } }: In<'talking'>): CallEffect[] =>
  exchange.state === 'replying' ? [{ do: 'ack', leg, invite: exchange.invite, response: exchange.response }] : [];

/** A call to here until it is answered (RFC 3261 §13.3, §9.2). */
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { replyToOther } from './features.ts';
import { cancelReason } from './reasons.ts';
import { begun } from './session-state.ts';
import { type CallEffect, type CallEvent, type CallStep, end, factsOf, type In, sentence, stay } from './types.ts';

/** How long it may ring here; a caller that gives up earlier says so. */
const RINGS = 180_000;

export interface Arrival {
  readonly who: string;
  readonly late: boolean;
  readonly leg: string;
  readonly offer: string | undefined;
  /** Milliseconds that the INVITE itself allows (§13.3.1). */
  readonly expiresMs: number | undefined;
}

export const startIncoming = ({ who, late, leg, offer, expiresMs }: Arrival): CallStep => ({
  next: { who, late, phase: 'alerting', leg, offer },
  effects: [
    { do: 'respond', status: 180 },
    { do: 'timer', name: 'ring', ms: Math.min(expiresMs ?? RINGS, RINGS) },
  ],
});

/** A call that is not let ring, and is shown all the same. */
export const startRefused = (who: string, status: number, reason: string): CallStep => ({
  next: { who, late: false, phase: 'ended', reason },
  effects: [{ do: 'respond', status }],
});

const respond = (status: number): CallEffect => ({ do: 'respond', status });

export function stepAlerting(at: In<'alerting'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'answer':
      return {
        next: { ...at, phase: 'answering' },
        effects: [
          { do: 'no-timer', name: 'ring' },
          at.offer === undefined
            ? { do: 'make-offer', purpose: 'invite', held: false }
            : { do: 'accept-offer', purpose: 'invite', sdp: at.offer, held: false },
        ],
      };
    case 'decline':
    case 'hang-up':
      return end(at, undefined, [respond(603)]);
    case 'redirect':
      // Whoever calls, or the server on the way, goes on from here (RFC 3261 §8.1.3.4, §16.7).
      return end(at, `Sent on to ${event.who}.`, [
        { do: 'respond', status: 302, headers: [[H.Contact, `<${event.uri}>`]] },
      ]);
    case 'timer':
      return end(at, 'Nobody answered here.', [respond(480)]);
    default:
      return unanswered(at, event);
  }
}

export function stepAnswering(at: In<'answering'>, event: CallEvent, now: number): CallStep {
  switch (event.type) {
    case 'sdp-ready': {
      const late = at.offer === undefined;
      const session = begun({ state: 'unacknowledged', held: false, first: true, answer: late }, !late);
      return {
        next: { ...factsOf(at), answeredAt: now, phase: 'talking', leg: at.leg, session },
        effects: [{ do: 'respond', status: 200, sdp: event.sdp }],
      };
    }
    case 'media-refused':
      return end(at, sentence(event.reason), [respond(event.status)]);
    case 'decline':
    case 'hang-up':
      return end(at, undefined, [respond(603)]);
    default:
      return unanswered(at, event);
  }
}

function unanswered(at: In<'alerting'> | In<'answering'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'cancelled':
      return end(at, cancelReason(event.reasons), [respond(487)]);
    case 'media-lost':
      return end(at, sentence(event.reason), [respond(480)]);
    case 'no-prack':
      // RFC 3262 §3: the caller that wanted to confirm each word never did.
      return end(at, 'The caller could not be reached any more.', [respond(504)]);
    case 'request':
      return requested(at, event);
    default:
      return stay(at);
  }
}

function requested(
  at: In<'alerting'> | In<'answering'>,
  { transaction }: Extract<CallEvent, { type: 'request' }>,
): CallStep {
  const { method, body } = transaction.request;
  switch (method) {
    case 'BYE':
      // A caller may leave the early dialog by BYE instead of CANCEL (§15).
      return end(at, 'The caller hung up.', [{ do: 'reply', transaction, status: 200 }, respond(487)]);
    case 'INVITE':
      return stay(at, [{ do: 'reply', transaction, status: 500, headers: [[H.RetryAfter, '3']] }]);
    case 'UPDATE':
      // A new offer must wait until the one in the INVITE is answered (RFC 3311 §5.2).
      return stay(
        at,
        body === ''
          ? [
              { do: 'retarget', message: transaction.request },
              { do: 'reply', transaction, status: 200 },
            ]
          : [{ do: 'reply', transaction, status: 500, headers: [[H.RetryAfter, '3']] }],
      );
    default:
      return stay(at, [replyToOther(transaction, 'early')]);
  }
}

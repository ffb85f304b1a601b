/** A call to here until it is answered (RFC 3261 §13.3, §9.2). */
import { confirmAsCallee, type Dialog } from '../../../proxy-core/sip/dialog/dialog.ts';
import { replyToOther } from './call-requests.ts';
import { type CallEffect, type CallEvent, type CallStep, end, factsOf, type In, sentence, stay } from './call-types.ts';
import { cancelReason } from './status-words.ts';

/** How long it may ring here; a caller that gives up earlier says so. */
const RINGS = 180_000;

export interface Arrival {
  readonly who: string;
  readonly dialog: Dialog;
  readonly offer: string | undefined;
  /** Milliseconds that the INVITE itself allows (§13.3.1). */
  readonly expiresMs: number | undefined;
}

export const startIncoming = ({ who, dialog, offer, expiresMs }: Arrival): CallStep => ({
  next: { who, heldByPeer: false, phase: 'alerting', dialog, offer },
  effects: [
    { do: 'respond', status: 180 },
    { do: 'timer', ms: Math.min(expiresMs ?? RINGS, RINGS) },
  ],
});

const respond = (status: number): CallEffect => ({ do: 'respond', status });

export function stepAlerting(at: In<'alerting'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'answer':
      return {
        next: { ...at, phase: 'answering' },
        effects: [
          { do: 'no-timer' },
          at.offer === undefined
            ? { do: 'make-offer', purpose: 'invite' }
            : { do: 'accept-offer', purpose: 'invite', sdp: at.offer },
        ],
      };
    case 'decline':
    case 'hang-up':
      return end(at, undefined, [respond(603)]);
    case 'timer':
      return end(at, 'Nobody answered here.', [respond(480)]);
    default:
      return unanswered(at, event);
  }
}

export function stepAnswering(at: In<'answering'>, event: CallEvent, now: number): CallStep {
  switch (event.type) {
    case 'sdp-ready':
      return {
        next: {
          ...factsOf(at),
          answeredAt: now,
          phase: 'talking',
          dialog: confirmAsCallee(at.dialog),
          media: at.offer === undefined ? 'starting' : 'running',
          awaits: { ackTo: 'invite', answer: at.offer === undefined },
          change: undefined,
        },
        effects: [{ do: 'respond', status: 200, sdp: event.sdp }],
      };
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
    case 'request': {
      const { transaction } = event;
      const { method } = transaction.request;
      // A caller may leave the early dialog by BYE instead of CANCEL (§15).
      if (method === 'BYE') {
        return end(at, 'The caller hung up.', [{ do: 'reply', transaction, status: 200 }, respond(487)]);
      }
      if (method === 'INVITE')
        return stay(at, [{ do: 'reply', transaction, status: 500, headers: [['Retry-After', '3']] }]);
      return stay(at, [replyToOther(transaction, 'early')]);
    }
    default:
      return stay(at);
  }
}

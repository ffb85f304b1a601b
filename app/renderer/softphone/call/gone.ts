/** A call that is over here, and what still comes for it (RFC 3261 §13.2.2.4, §9.1). */
import { type CallEffect, type CallEvent, type CallStep, end, type In, stay } from './types.ts';

/** Given up, or ended otherwise: a 2xx that comes still must be acknowledged and the dialog ended. */
export function stepGone(at: In<'cancelling'> | In<'ended'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'response': {
      if (event.response.status < 200) {
        const { leg, reliable, response } = event;
        return stay(at, reliable && leg !== undefined ? [{ do: 'prack', leg, response }] : []);
      }
      const effects = event.response.status < 300 ? ackAndBye(event) : [];
      return at.phase === 'ended' ? stay(at, effects) : end(at, at.reason, effects);
    }
    case 'request': {
      const { transaction } = event;
      return stay(at, [{ do: 'reply', transaction, status: transaction.request.method === 'BYE' ? 200 : 481 }]);
    }
    case 'change-response':
      // A change that was under way when the call ended.
      return stay(at, event.response.status >= 200 && event.response.status < 300 ? [{ do: 'ack', ...event }] : []);
    case 'timer':
    case 'no-response':
      return at.phase === 'cancelling' ? end(at, at.reason) : stay(at);
    default:
      return stay(at);
  }
}

/** What is owed to a 2xx that nobody wants any more. */
export const ackAndBye = ({
  leg,
  invite: request,
  response,
}: Extract<CallEvent, { type: 'response' }>): CallEffect[] =>
  leg === undefined
    ? []
    : [
        { do: 'ack', leg, invite: request, response },
        { do: 'bye', leg },
      ];

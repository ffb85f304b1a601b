/**
 * Puts new requests off while more transactions are open than this machine can serve, while it has no memory or time
 * left, and while the exchange closes (RFC 3261 §21.5.4). What ends or goes on with a call, or signs a phone off, makes room
 * and passes.
 */
import { H } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

const RETRY_AFTER_SECONDS = 5;

export const limits: Step = {
  name: 'limits',
  run({ request, exchange, isDraining, inDialog }: RequestContext): Outcome {
    const isFull = exchange.transactions.size.open > exchange.settings.maxTransactions;
    if (!isDraining && !isFull && !exchange.isOverloaded()) return 'continue';
    const { method } = request;
    if (inDialog || method === 'BYE' || method === 'CANCEL') return 'continue';
    if (method === 'REGISTER' && request.header(H.Expires) === '0') return 'continue';
    // In the words that server/why knows.
    const reason = isDraining ? 'Closing Down' : isFull ? 'Too Many Open Requests' : 'Overloaded';
    // Not all at the same moment again.
    const seconds = RETRY_AFTER_SECONDS + (Number.parseInt(exchange.random(1), 16) % 10);
    return answer(503, reason, [[H.RetryAfter, String(seconds)]]);
  },
};

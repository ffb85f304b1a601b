/**
 * Puts new requests off while more transactions are open than this machine can serve, and while the exchange closes
 * (RFC 3261 §21.5.4).
 */
import { H } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

const RETRY_AFTER_SECONDS = 5;

export const limits: Step = {
  name: 'limits',
  run({ request, exchange, isDraining }: RequestContext): Outcome {
    if (!isDraining && exchange.transactions.size.server <= exchange.settings.maxTransactions) return 'continue';
    // What ends a call makes room.
    if (request.method === 'BYE' || request.method === 'CANCEL') return 'continue';
    return answer(503, undefined, [[H.RetryAfter, String(RETRY_AFTER_SECONDS)]]);
  },
};

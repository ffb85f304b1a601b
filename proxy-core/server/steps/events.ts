/** Takes subscriptions to what the exchange itself can tell, and what phones publish (RFC 6665, 3903); the rest goes on. */
import type { RequestContext } from '../request-context.ts';
import type { Outcome, Step } from '../step.ts';

export const events: Step = {
  name: 'events',
  run(context: RequestContext): Outcome {
    const { exchange, request, domain } = context;
    return exchange.events.serves(request, domain) ? exchange.events.answer(context) : 'continue';
  },
};

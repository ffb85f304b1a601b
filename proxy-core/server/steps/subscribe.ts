/** Takes subscriptions to what the exchange itself can tell (RFC 6665); those to phones go on. */
import type { RequestContext } from '../request-context.ts';
import type { Outcome, Step } from '../step.ts';

export const subscribe: Step = {
  name: 'subscribe',
  run(context: RequestContext): Outcome {
    if (context.request.method !== 'SUBSCRIBE') return 'continue';
    const { events } = context.exchange;
    return events.serves(context.request, context.domain) ? events.subscribe(context) : 'continue';
  },
};

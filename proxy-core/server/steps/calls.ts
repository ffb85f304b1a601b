/** Tells the book of calls what begins a call, keeps it alive or ends it; decides nothing. */
import type { RequestContext } from '../request-context.ts';
import type { Outcome, Step } from '../step.ts';

export const calls: Step = {
  name: 'calls',
  run(context: RequestContext): Outcome {
    context.exchange.calls?.follow(context);
    return 'continue';
  },
};

/** Takes what phones report of the sound of their calls (RFC 6035). */
import type { RequestContext } from '../request-context.ts';
import type { Outcome, Step } from '../step.ts';

export const quality: Step = {
  name: 'quality',
  run(context: RequestContext): Outcome {
    const { request, domain, exchange } = context;
    return exchange.quality?.serves(request, domain) === true ? exchange.quality.collect(context) : 'continue';
  },
};

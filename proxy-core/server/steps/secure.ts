/** Who is called by `sips:` is reached over TLS, at an address that promises the same, or not at all (RFC 5630 §5.3). */
import { H } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { secureTarget } from '../targets.ts';

export const secure: Step = {
  name: 'secure',
  run(context: RequestContext): Outcome {
    // A step of the office that sends the call elsewhere does not undo what the caller asked for.
    if (context.uri.scheme !== 'sips' && context.request.uri.scheme !== 'sips') return 'continue';
    context.targets = context.targets.flatMap((target) => secureTarget(target) ?? []);
    if (context.targets.length > 0) return 'continue';
    const { sentBy } = context.exchange.sentBy(context.source);
    return answer(480, undefined, [[H.Warning, `380 ${sentBy} "SIPS Not Allowed"`]]);
  },
};

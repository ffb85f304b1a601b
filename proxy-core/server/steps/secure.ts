/** Who is called by `sips:` is reached over TLS, at an address that promises the same, or not at all (RFC 5630 §5.3). */
import { H } from '../../sip/message/names.ts';
import { isSecure } from '../../sip/transport/port.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import type { Target } from '../targets.ts';

export const secure: Step = {
  name: 'secure',
  run(context: RequestContext): Outcome {
    if (context.uri.scheme !== 'sips') return 'continue';
    context.targets = context.targets.flatMap(securely);
    if (context.targets.length > 0) return 'continue';
    const { sentBy } = context.exchange.sentBy(context.source);
    return answer(480, undefined, [[H.Warning, `380 ${sentBy} "SIPS Not Allowed"`]]);
  },
};

function securely(target: Target): Target[] {
  if (target.uri.scheme !== 'sips') return [];
  if (target.hops === undefined) return [target];
  const hops = target.hops.filter(({ transport }) => isSecure(transport));
  return hops.length === 0 ? [] : [{ ...target, hops }];
}

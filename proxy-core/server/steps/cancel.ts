/**
 * CANCEL is hop by hop (RFC 3261 §9.2, §16.10): we answer it, and cancel each branch that still rings. Where there is
 * nothing to cancel we say so: passing on what matches no request of ours would make us a relay for anyone.
 */
import { buildResponse } from '../../sip/message/build.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { forkOf } from '../forking.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const cancel: Step = {
  name: 'cancel',
  run({ request, transaction, cancels, exchange }: RequestContext): Outcome {
    if (request.method !== 'CANCEL') return 'continue';
    if (cancels === undefined) return answer(481);
    transaction.respond(buildResponse(request, 200, { toTag: exchange.random(8) }));
    const fork = forkOf(cancels);
    if (fork !== undefined) fork.cancel(reasons(request));
    else if (cancels.isOpen) cancels.respond(buildResponse(cancels.request, 487, { toTag: exchange.random(8) }));
    return 'taken';
  },
};

/** Every Reason that was given goes on (RFC 3326 §2). */
function reasons(request: SipRequest): string | undefined {
  const lines = request.headers.lines(H.Reason);
  return lines.length === 0 ? undefined : lines.join(', ');
}

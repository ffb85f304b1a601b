/** Obeys what the called user set: do not disturb, and where calls go instead. Without any such wishes it costs one check. */

import { H } from '../../sip/message/names.ts';
import { CallDiversion } from '../divert/diversion.ts';
import type { Diverted } from '../divert/wishes.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const divert: Step = {
  name: 'divert',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { exchange, request, domain, uri } = context;
    if (exchange.callHandling.isEmpty || request.method !== 'INVITE' || domain === undefined) return 'continue';
    if (context.inDialog || request.to.tag !== undefined || context.targets.length > 0) return 'continue';
    // What belongs to a call that is there already, or is for one device, is nobody else's (RFC 3891, 3911, 5627).
    const { headers } = request;
    if (uri.has('gr') || headers.find(H.Replaces) >= 0 || headers.find(H.Join) >= 0) return 'continue';
    const user = exchange.users.find(uri.userDecoded, domain);
    if (user === undefined || exchange.callHandling.find(user) === undefined) return 'continue';
    const found = new CallDiversion(context).reach(user, uri);
    return found instanceof Promise ? found.then((late) => follow(context, late)) : follow(context, found);
  },
};

function follow(context: RequestContext, { targets, callee, wishes, status, reason, notice }: Diverted): Outcome {
  if (targets.length === 0) return answer(status, reason);
  context.callee = callee;
  context.targets = targets;
  context.wishes = wishes;
  context.notice = notice;
  if (callee !== undefined) {
    context.mode = context.exchange.users.modeOf(callee.number, callee.domain) ?? context.mode;
  }
  return 'continue';
}

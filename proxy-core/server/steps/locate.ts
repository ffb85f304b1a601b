/** Finds where the request goes (RFC 3261 §16.5): inside a dialog or abroad to its own URI, else to a user's devices. */
import { flowTarget } from '../nat/contact.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { uriTarget } from '../targets.ts';
import { calledBy } from '../user-targets.ts';

export const locate: Step = {
  name: 'locate',
  run(context: RequestContext): Outcome {
    const { exchange, domain, uri } = context;
    // Decided by a step of the office.
    if (context.targets.length > 0) return 'continue';
    const way = flowTarget(context);
    if (way !== undefined) {
      context.targets = [way];
      return 'continue';
    }
    if (domain === undefined || (context.inDialog && context.routes.length > 0)) {
      context.targets = [uriTarget(uri, context.uriText)];
      return 'continue';
    }
    const called = calledBy(exchange, uri, domain);
    if (called === undefined) return answer(404);
    const { user, targets } = called;
    if (targets.length === 0) return answer(called.absence);
    context.mode = exchange.users.modeOf(user.number, user.domain) ?? context.mode;
    context.callee = user;
    context.targets = targets;
    return 'continue';
  },
};

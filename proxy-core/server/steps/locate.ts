/** Finds where the request goes (RFC 3261 §16.5): inside a dialog or abroad to its own URI, else to a user's devices. */
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { aorOf } from '../stores.ts';
import { bindingTarget, type Target, uriTarget } from '../targets.ts';

export const locate: Step = {
  name: 'locate',
  run(context: RequestContext): Outcome {
    const { exchange, domain, uri } = context;
    if (domain === undefined || (context.inDialog && context.routes.length > 0)) {
      context.targets = [uriTarget(uri, context.uriText)];
      return 'continue';
    }
    const user = uri.user === '' ? undefined : exchange.users.find(uri.userDecoded, domain);
    if (user === undefined) return answer(404);
    const bindings = exchange.locations.lookup(aorOf(user.number, user.domain), exchange.clock.now());
    const targets: Target[] = [];
    for (const binding of bindings) {
      const target = bindingTarget(binding);
      if (target !== undefined) targets.push(target);
    }
    if (targets.length === 0) return answer(480);
    context.targets = targets;
    return 'continue';
  },
};

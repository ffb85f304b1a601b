/** Finds where the request goes (RFC 3261 §16.5): inside a dialog or abroad to its own URI, else to a user's devices. */
import { deviceTargets } from '../device-targets.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { aorOf } from '../stores.ts';
import { uriTarget } from '../targets.ts';

export const locate: Step = {
  name: 'locate',
  run(context: RequestContext): Outcome {
    const { exchange, domain, uri } = context;
    if (domain === undefined || (context.inDialog && context.routes.length > 0)) {
      context.targets = [uriTarget(uri, context.uriText)];
      return 'continue';
    }
    const isGruu = uri.params !== '' && uri.has('gr');
    const gruu = isGruu ? exchange.gruus.read(uri, domain) : undefined;
    const number = isGruu ? (gruu?.number ?? '') : uri.userDecoded;
    const user = number === '' ? undefined : exchange.users.find(number, domain);
    if (user === undefined) return answer(404);
    let bindings = exchange.locations.lookup(aorOf(user.number, user.domain), exchange.clock.now());
    if (gruu !== undefined) bindings = bindings.filter(gruu.matches);
    const targets = deviceTargets(bindings);
    // A temporary GRUU is no address any more once its registration has ended (RFC 5627 §3.1.2).
    if (targets.length === 0) return answer(gruu?.isTemporary === true ? 404 : 480);
    context.targets = targets;
    return 'continue';
  },
};

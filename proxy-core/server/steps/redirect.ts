/**
 * In redirect mode: tells the caller where the user is and leaves the rest to him (RFC 3261 §8.3). A user with a device
 * that the caller could not reach is called through us: its address would help nobody and tell of the network behind.
 */
import type { HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import { isNumeric, realmOf } from '../nat/addresses.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import type { Target } from '../targets.ts';

export const redirect: Step = {
  name: 'redirect',
  run(context: RequestContext): Outcome {
    // What belongs to a call that we carry already is carried on.
    if (context.mode !== 'redirect' || context.inDialog) return 'continue';
    // To send someone on to the address that he named himself would only send him round in a circle.
    if (context.domain === undefined) return answer(404);
    if (!context.targets.every((target) => isReachable(target, context.source.host))) return 'continue';
    const contacts = context.targets.map(
      ({ uriText, q }): HeaderLine => [H.Contact, q === 1000 ? `<${uriText}>` : `<${uriText}>;q=${q / 1000}`],
    );
    return answer(302, undefined, contacts);
  },
};

function isReachable({ uri, path, isHidden, next }: Target, caller: string): boolean {
  if (isHidden === true || path.length > 0) return false;
  const isInside = isNumeric(uri.host) && realmOf(uri.host) !== 'public' && realmOf(caller) === 'public';
  return !isInside && (next === undefined || isReachable(next, caller));
}

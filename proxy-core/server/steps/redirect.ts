/** In redirect mode: tells the caller where the user is and leaves the rest to him (RFC 3261 §8.3). */
import type { HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const redirect: Step = {
  name: 'redirect',
  run(context: RequestContext): Outcome {
    // What belongs to a call that we carry already is carried on.
    if (context.mode !== 'redirect' || context.inDialog) return 'continue';
    // To send someone on to the address that he named himself would only send him round in a circle.
    if (context.domain === undefined) return answer(404);
    const contacts = context.targets.map(
      ({ uriText, q }): HeaderLine => [H.Contact, q === 1000 ? `<${uriText}>` : `<${uriText}>;q=${q / 1000}`],
    );
    return answer(302, undefined, contacts);
  },
};

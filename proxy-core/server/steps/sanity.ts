/** Refuses what cannot be handled by anyone: RFC 3261 §16.3 steps 2 to 5, §8.2.2; RFC 5393 §5.3.3. */
import { H } from '../../sip/message/names.ts';
import { maxForwards, optionTags } from '../../sip/message/parse.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const sanity: Step = {
  name: 'sanity',
  run(context: RequestContext): Outcome {
    const { request, uri, exchange } = context;
    if (!uri.isSip) return answer(416);
    const hops = maxForwards(request);
    if (Number.isNaN(hops)) return answer(400, 'Bad Request - a malformed Max-Forwards');
    // An OPTIONS that may go no further is answered by whoever holds it (§11), and a registrar is where a REGISTER ends.
    const endsHere =
      request.method === 'OPTIONS' || (request.method === 'REGISTER' && exchange.identity.domainOf(uri) !== undefined);
    if (hops === 0 && !endsHere) return answer(483);
    if (request.method === 'CANCEL') return 'continue';
    const breadth = request.header(H.MaxBreadth);
    if (breadth !== undefined) {
      if (!/^\d{1,9}$/.test(breadth)) return answer(400, 'Bad Request - a malformed Max-Breadth');
      // What is more than we allow is cut down to that (RFC 5393 §5.3.3).
      context.maxBreadth = Math.min(Number(breadth), exchange.settings.maxBreadth);
    }
    if (request.headers.find(H.ProxyRequire) >= 0) {
      // No extension asks anything of a proxy that this one would do.
      const tags = optionTags(request, H.ProxyRequire);
      if (tags.length > 0) return answer(420, undefined, [[H.Unsupported, tags.join(', ')]]);
    }
    if (exchange.loopMarks.isLoop(request)) return answer(482);
    return 'continue';
  },
};

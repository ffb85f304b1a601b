/** Bans the tools that look for exchanges to break into and say so by their name, at the first word. */
import { H } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

/** User-Agents of tools that look for exchanges to break into. */
export const SCANNERS =
  /friendly-scanner|friendly-request|sipvicious|sip-?scan|sundayddr|sivus|\bsmap\b|\bgulp\b|iwar|vaxsip|pplsip|sipcli/i;

export const scanners: Step = {
  name: 'scanners',
  run({ request, exchange, source }: RequestContext): Outcome {
    const line = request.headers.find(H.UserAgent);
    if (line < 0 || !SCANNERS.test(request.headers.valueAt(line))) return 'continue';
    exchange.guard.accuse(source.host, 'scanner');
    return { ...answer(403), isAccused: true };
  },
};

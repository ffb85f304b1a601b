/** Takes instant messages for users of ours (RFC 3428), and refuses those that are too long before anyone else has them. */
import { H } from '../../sip/message/names.ts';
import { bodyLength } from '../messages/mail.ts';
import { takeMessage } from '../messages/take.ts';
import { phrase } from '../phrase.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const message: Step = {
  name: 'message',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { request, exchange, domain, uri } = context;
    if (request.method !== 'MESSAGE') return 'continue';
    const { messageBytes } = exchange.settings;
    if (bodyLength(request) > messageBytes) {
      const { sentBy } = exchange.sentBy(context.source);
      const warning = `399 ${sentBy} "${phrase(`A message has at most ${messageBytes} bytes`)}"`;
      return answer(413, undefined, [[H.Warning, warning]]);
    }
    // Inside a dialog, by a route, to one device (RFC 5627) or to several users: on its way like anything else.
    const isDirect = context.routes.length === 0 && context.targets.length === 0 && !uri.has('gr');
    if (domain === undefined || context.inDialog || request.to.tag !== undefined || !isDirect) return 'continue';
    const callee = exchange.users.find(uri.userDecoded, domain);
    return callee === undefined ? 'continue' : takeMessage(context, callee);
  },
};

/** Answers an OPTIONS that is for the exchange itself, or that may go no further (RFC 3261 §11.2). */
import { H } from '../../sip/message/names.ts';
import { maxForwards } from '../../sip/message/parse.ts';
import { REGISTER_EXTENSIONS } from '../register-extensions.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const ALLOWED =
  'INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, MESSAGE, INFO, UPDATE, PRACK, REGISTER, PUBLISH';

export const options: Step = {
  name: 'options',
  run(context: RequestContext): Outcome {
    const { request, uri, domain, exchange } = context;
    if (request.method !== 'OPTIONS') return 'continue';
    const ours = uri.user === '' && (domain !== undefined || exchange.identity.isSelf(uri));
    if (!(ours && context.routes.length === 0) && maxForwards(request) !== 0) return 'continue';
    return answer(200, undefined, [
      [H.Allow, ALLOWED],
      [H.Accept, 'application/sdp, */*'],
      [H.Supported, REGISTER_EXTENSIONS.join(', ')],
      [H.Server, exchange.settings.product],
    ]);
  },
};

/**
 * Somebody new comes with a code that an administrator gave: a method of our own, JOIN, to the exchange itself. Only by a
 * connection: its address is not forged.
 */
import { buildResponse } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import type { JoinAnswer } from '../join-desk.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

export const join: Step = {
  name: 'join',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { request, uri, source, exchange, routes } = context;
    const { joining } = exchange;
    if (request.method !== 'JOIN' || uri.user !== '' || routes.length > 0 || joining === undefined) return 'continue';
    if (source.transport !== 'TCP' && source.transport !== 'TLS') return answer(405, 'Join by TCP or TLS');
    const told = joining.hear(request.body, source.host);
    return told instanceof Promise ? told.then((late) => respond(context, late)) : respond(context, told);
  },
};

function respond({ request, transaction, exchange }: RequestContext, { status, reason, body }: JoinAnswer): Outcome {
  const headers = [[H.Server, exchange.settings.product]] as const;
  if (transaction.isOpen) {
    transaction.respond(buildResponse(request, status, { toTag: exchange.random(8), reason, headers, body }));
  }
  return 'taken';
}

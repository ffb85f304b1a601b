/** Sends the request to its targets and leaves the answer to the fork (RFC 3261 §16.6). */
import { buildResponse } from '../../sip/message/build.ts';
import { Fork } from '../forking.ts';
import type { RequestContext } from '../request-context.ts';
import type { Outcome, Step } from '../step.ts';

export const forward: Step = {
  name: 'forward',
  run(context: RequestContext): Outcome {
    const { request, transaction, targets } = context;
    // The caller stops sending it again, however long the others take (§16.2).
    if (request.method === 'INVITE') transaction.respond(buildResponse(request, 100));
    new Fork(context, targets).start();
    return 'taken';
  },
};

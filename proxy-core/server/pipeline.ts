/**
 * What happens to a request, in order. Read this first: each step is one file in steps/, decides one thing, and either
 * lets the request go on to the next, answers it, or takes it over (RFC 3261 §16.3 to §16.6, §10.3, §8.2).
 *
 * Not here: the ACK to a 2xx, which passes no transaction and gets no answer (exchange.ts), and stateless forwarding,
 * which takes the same steps but the last (stateless.ts).
 */
import { buildResponse } from '../sip/message/build.ts';
import { tellRefusal } from './refused.ts';
import type { RequestContext } from './request-context.ts';
import { type Answer, answer, type Outcome, type Step } from './step.ts';
import { authenticate } from './steps/authenticate.ts';
import { calls } from './steps/calls.ts';
import { cancel } from './steps/cancel.ts';
import { divert } from './steps/divert.ts';
import { events } from './steps/events.ts';
import { forward } from './steps/forward.ts';
import { join } from './steps/join.ts';
import { limits } from './steps/limits.ts';
import { locate } from './steps/locate.ts';
import { message } from './steps/message.ts';
import { officeRoute } from './steps/office-route.ts';
import { options } from './steps/options.ts';
import { quality } from './steps/quality.ts';
import { redirect } from './steps/redirect.ts';
import { register } from './steps/register.ts';
import { routes } from './steps/routes.ts';
import { sanity } from './steps/sanity.ts';
import { scanners } from './steps/scanners.ts';
import { secure } from './steps/secure.ts';
import { serviceCode } from './steps/service-code.ts';

export const pipeline: readonly Step[] = [
  scanners, //      no time for those who only look for holes
  sanity, //        can anyone handle this at all?
  cancel, //        stops what still rings, hop by hop
  routes, //        take our own Route away; know our dialogs again
  limits, //        is there room for one more?
  options, //       "are you there?"
  join, //          someone new comes in by a code
  authenticate, //  who is it, and may they?
  quality, //       how did a call sound?
  serviceCode, //   *21*1003# and its like, which are no calls
  calls, //         does it begin a call, or end one?
  register, //      a phone tells where it is
  events, //       someone wants to be told of what changes here, or tells it
  officeRoute, //   what does the office itself say to it?
  message, //       to all devices of someone, or kept until one is there
  divert, //        does who is called want it elsewhere?
  locate, //        where is the one who is called?
  secure, //        by sips: over TLS or not at all
  redirect, //      redirect mode: tell the caller, and no more
  forward, //       send it there and bring the answer back
];

/** Runs the steps from `from` on. Never throws and never rejects: a fault of ours is a 500 and a line in the log. */
export function runPipeline(context: RequestContext, steps: readonly Step[] = pipeline, from = 0): void {
  try {
    for (let i = from; i < steps.length; i++) {
      const step = steps[i];
      if (step === undefined) break;
      const outcome = step.run(context);
      if (outcome === 'continue') continue;
      if (outcome instanceof Promise) {
        const { openWork } = context.exchange;
        openWork.begin();
        outcome
          .then((late) => resume(context, steps, i, late))
          .catch((cause: unknown) => fault(context, step, cause))
          .finally(() => openWork.end());
        return;
      }
      if (outcome !== 'taken') respond(context, outcome);
      return;
    }
    respond(context, answer(404));
  } catch (cause) {
    fault(context, undefined, cause);
  }
}

function resume(context: RequestContext, steps: readonly Step[], at: number, outcome: Outcome): void {
  if (outcome === 'continue') {
    // It may have been cancelled or have timed out while the step waited.
    if (context.transaction.isOpen) runPipeline(context, steps, at + 1);
    else gaveUp(context);
  } else if (outcome !== 'taken') {
    if (!context.transaction.isOpen) gaveUp(context);
    respond(context, outcome);
  }
}

/** Cancelled before it was sent to anybody (steps/cancel.ts). */
function gaveUp({ listener }: RequestContext): void {
  listener?.cancelled(undefined);
  listener?.refused(487);
}

function respond(context: RequestContext, given: Answer): void {
  const { status, reason, headers, isForgotten = false } = given;
  const { request, transaction, exchange } = context;
  tellRefusal(context, given);
  const toTag = isForgotten ? exchange.forgottenTag : exchange.random(8);
  const response = buildResponse(request, status, { toTag, reason, headers });
  if (isForgotten) transaction.dismiss(response);
  else transaction.respond(response);
  context.listener?.refused(status);
}

function fault(context: RequestContext, step: Step | undefined, cause: unknown): void {
  const { request, exchange, transaction } = context;
  exchange.log.error('a step of the pipeline failed', {
    step: step?.name,
    method: request.method,
    callId: request.callId,
    cause,
  });
  if (!transaction.isOpen) return;
  try {
    respond(context, answer(500));
  } catch (second) {
    exchange.log.error('could not answer 500', { callId: request.callId, cause: second });
  }
}

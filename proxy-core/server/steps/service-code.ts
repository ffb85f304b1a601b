/**
 * Takes the codes by which users say where their calls go (docs/exchange.md). There is no voice to confirm them: the call
 * ends at once with a status whose reason phrase the phone shows, and a message says the same to all of the user's devices.
 * A program sends the code by a MESSAGE, which disturbs nobody.
 */
import { toBytes } from '../../sip/grammar/text.ts';
import { H } from '../../sip/message/names.ts';
import { noHandling } from '../divert/call-handling.ts';
import { changeHandling, type Refusal } from '../divert/change.ts';
import { readServiceCode, type ServiceCode, tellCode } from '../divert/service-codes.ts';
import { say } from '../messages/say.ts';
import { phrase } from '../phrase.ts';
import type { RequestContext } from '../request-context.ts';
import { type Answer, answer, type Outcome, type Step } from '../step.ts';
import type { User } from '../stores.ts';

const STATUS: Readonly<Record<Refusal['problem'], number>> = {
  invalid: 484,
  forbidden: 403,
  circle: 482,
};

export const serviceCode: Step = {
  name: 'service-code',
  run(context: RequestContext): Outcome {
    const { request, exchange, domain, uri, user } = context;
    if ((request.method !== 'INVITE' && request.method !== 'MESSAGE') || domain === undefined || user === undefined)
      return 'continue';
    const first = uri.user.charCodeAt(0);
    // "*", or an escaped "#".
    if ((first !== 42 && first !== 37) || context.inDialog || request.to.tag !== undefined) return 'continue';
    const dialled = uri.userDecoded;
    const code = readServiceCode(dialled);
    // A user may have been given such a number.
    if (code === undefined || exchange.users.find(dialled, domain) !== undefined) return 'continue';
    if (code.kind === 'incomplete') return told(context, user, 484, phrase('A Number Is Missing'), false);
    try {
      return obey(context, user, code);
    } catch (cause) {
      exchange.log.error('could not keep where calls go', { number: user.number, cause });
      return told(context, user, 500, phrase('Your Change Could Not Be Stored'), false);
    }
  },
};

function obey(context: RequestContext, user: User, code: Exclude<ServiceCode, { kind: 'incomplete' }>): Answer {
  const { exchange } = context;
  if (code.kind === 'ask') {
    return told(context, user, 480, tellCode(code, exchange.callHandling.find(user) ?? noHandling), false);
  }
  const done = changeHandling(exchange, user, code.change);
  if (!done.ok) return told(context, user, STATUS[done.error.problem], done.error.text.replace(/\.$/, ''), false);
  // 480 has no busy tone on most phones, and offers no call back as 486 does.
  return told(context, user, 480, tellCode(code, done.value), true);
}

function told(
  { exchange, source, request }: RequestContext,
  user: User,
  status: number,
  text: string,
  isChange: boolean,
): Answer {
  const line = toBytes(text).slice(0, 200);
  const isQuiet = request.method === 'MESSAGE';
  if (isChange && !isQuiet) {
    const body = { type: 'text/plain;charset=UTF-8', content: `${line}.` };
    say(exchange, { to: user, from: `sip:${user.domain}`, body });
  }
  const { sentBy } = exchange.sentBy(source);
  return answer(isQuiet && status === 480 ? 200 : status, line, [
    [H.Warning, `399 ${sentBy} "${line.replace(/["\\]/g, '\\$&')}"`],
  ]);
}

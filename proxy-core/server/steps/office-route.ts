/**
 * Asks the office's own step where a request goes (docs/routing.md). Whatever is wrong with it, the request is answered
 * with 500, the fault stands in the log, and everything else goes on.
 */
import { escapeUser, parseUri, type SipUri } from '../../sip/grammar/uri.ts';
import type { HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import { phrase } from '../phrase.ts';
import type { RequestContext } from '../request-context.ts';
import type { RouteAnswer } from '../route/api.ts';
import { type Decision, readDecision, type WantedTarget } from '../route/decision.ts';
import { RequestFacts } from '../route/facts.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import type { User } from '../stores.ts';
import { asRequestUri, type Target, uriTarget } from '../targets.ts';
import { calledBy } from '../user-targets.ts';

export const officeRoute: Step = {
  name: 'office-route',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { request, exchange } = context;
    if (exchange.route === undefined) return 'continue';
    if (context.inDialog || request.to.tag !== undefined || request.method === 'REGISTER') return 'continue';
    let given: RouteAnswer | Promise<RouteAnswer>;
    try {
      given = exchange.route.step(new RequestFacts(context));
    } catch (cause) {
      return fault(context, phrase('it threw an error'), cause);
    }
    return isThenable(given) ? inTime(context, given) : act(context, given);
  },
};

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** What comes after the time limit is not heard any more. */
function inTime(context: RequestContext, given: PromiseLike<unknown>): Promise<Outcome> {
  const { clock, settings } = context.exchange;
  return new Promise((resolve) => {
    let isOver = false;
    const once = (outcome: () => Outcome): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      resolve(outcome());
    };
    const timer = clock.after(settings.routeTimeout, () =>
      once(() => fault(context, phrase(`it gave no answer within ${settings.routeTimeout} ms`))),
    );
    // Its own `then` may be as wrong as anything else of it.
    Promise.resolve(given).then(
      (value) => once(() => act(context, value)),
      (cause: unknown) => once(() => fault(context, phrase('its promise was rejected'), cause)),
    );
  });
}

function act(context: RequestContext, given: unknown): Outcome {
  try {
    const decision = readDecision(given);
    return decision.ok ? perform(context, decision.value) : fault(context, decision.error);
  } catch (cause) {
    // An answer may hold getters that throw.
    return fault(context, phrase('its answer cannot be read'), cause);
  }
}

function fault({ request, exchange }: RequestContext, what: string, cause?: unknown): Outcome {
  exchange.log.error(`the route file made a mistake: ${what}`, {
    method: request.method,
    uri: request.uriText,
    callId: request.callId,
    ...(cause !== undefined && { cause }),
  });
  return answer(500);
}

function perform(context: RequestContext, decision: Decision): Outcome {
  switch (decision.kind) {
    case 'continue':
      context.headerEdits = decision.edits;
      return 'continue';
    case 'reject':
      return answer(decision.status, decision.reason, decision.headers);
    case 'redirect':
      return redirect(context, decision.status, decision.targets);
    case 'send':
      context.headerEdits = decision.edits;
      return send(context, decision.targets);
    default:
      return decision satisfies never;
  }
}

function redirect(context: RequestContext, status: number, targets: readonly WantedTarget[]): Outcome {
  const contacts: HeaderLine[] = [];
  for (const { text, q } of targets) {
    const uri = uriOf(context, text);
    if (uri === undefined) return fault(context, phrase(`"${text}" is neither a number nor a URI`));
    contacts.push([H.Contact, q === 1000 ? `<${uri}>` : `<${uri}>;q=${q / 1000}`]);
  }
  return answer(status, undefined, contacts);
}

/** One target takes the place of what was called; several are found here, each user's devices in their own order. */
function send(context: RequestContext, wanted: readonly WantedTarget[]): Outcome {
  const { exchange } = context;
  const targets: Target[] = [];
  let refused: number | undefined;
  for (const { text, q } of wanted) {
    const found = uriOf(context, text);
    if (found === undefined || !found.isSip)
      return fault(context, phrase(`"${text}" is neither a number nor a SIP URI`));
    const uri = asRequestUri(found);
    const domain = exchange.identity.domainOf(uri);
    if (wanted.length === 1) {
      context.uri = uri;
      context.uriText = uri.toString();
      context.domain = domain;
      return 'continue';
    }
    if (domain === undefined) {
      targets.push(uriTarget(uri, uri.toString(), q));
      continue;
    }
    const called = calledBy(exchange, uri, domain);
    const devices = called === undefined || isAtRest(context, called.user) ? [] : called.targets;
    if (called === undefined) refused ??= 404;
    else if (devices.length === 0) refused = called.absence;
    else context.callee ??= called.user;
    for (const device of devices) targets.push({ ...device, q: (q * device.q) / 1000 });
  }
  if (targets.length === 0) return answer(refused ?? 404);
  context.targets = targets;
  return 'continue';
}

/** In a group nobody rings who does not want to be disturbed; where his own calls go is his own matter. */
const isAtRest = ({ request, exchange }: RequestContext, user: User): boolean =>
  request.method === 'INVITE' && exchange.callHandling.find(user)?.doNotDisturb === true;

/** A bare number is one of the domain that is called; undefined where the text is neither that nor a URI. */
function uriOf(context: RequestContext, text: string): SipUri | undefined {
  const isNumber = !/^[a-z][a-z0-9+.-]*:/i.test(text) && !text.includes('@');
  const domain = context.domain ?? context.exchange.identity.defaultDomain;
  const uri = parseUri(
    isNumber ? `${context.uri.scheme}:${escapeUser(text)}@${domain ?? ''}` : text.includes(':') ? text : `sip:${text}`,
  );
  return uri.ok ? uri.value : undefined;
}

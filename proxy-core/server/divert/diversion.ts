/**
 * One call on its way by the wishes of those who are called: do not disturb, and forwards always, when busy, on no answer,
 * when not reachable. It goes to nobody twice, no further than the office lets its users forward, and keeps the caller's
 * own identity.
 */
import { escapeUser, parseUri, type SipUri } from '../../sip/grammar/uri.ts';
import type { ExchangeParts } from '../parts.ts';
import { RequestContext } from '../request-context.ts';
import type { Outcome } from '../step.ts';
import { officeRoute } from '../steps/office-route.ts';
import { type Aor, aorOf, type User } from '../stores.ts';
import { asRequestUri, secureTarget, type Target, uriTarget } from '../targets.ts';
import { calledBy } from '../user-targets.ts';
import { type CallHandling, noHandling } from './call-handling.ts';
import { isPlainNumber } from './forward-target.ts';
import { CallHistory, type DiversionCause } from './history.ts';
import type { CalleeWishes, Diverted } from './wishes.ts';

type Maybe = Diverted | Promise<Diverted>;

export class CallDiversion {
  readonly #context: RequestContext;
  readonly #exchange: ExchangeParts;
  readonly #history: CallHistory;
  readonly #visited = new Set<Aor>();

  constructor(context: RequestContext) {
    this.#context = context;
    this.#exchange = context.exchange;
    this.#history = new CallHistory(context.request, context.uriText);
  }

  /** Where a call for this user goes first. */
  reach(user: User, uri: SipUri): Maybe {
    const aor = aorOf(user.number, user.domain);
    if (this.#visited.has(aor)) return refused(482, 'Forwarded In A Circle');
    this.#visited.add(aor);
    const handling = this.#exchange.callHandling.find(user) ?? noHandling;
    const { always, busy } = handling.forwards;
    const from = new Forwarding(user, uri, handling);
    if (always !== undefined && !this.#comesFrom(user, always)) return this.forward(from, 'always', always);
    if (handling.doNotDisturb) {
      if (busy !== undefined) return this.forward(from, 'do-not-disturb', busy);
      // RFC 3261 §21.4.18 names this very case.
      return refused(480, 'Do Not Disturb');
    }
    return this.#ring(from);
  }

  #ring(from: Forwarding): Maybe {
    const { user, uri, handling } = from;
    const called = calledBy(this.#exchange, uri, user.domain);
    const targets = this.#safe(called?.targets ?? []);
    const { busy, unreachable } = handling.forwards;
    if (targets.length === 0) {
      return unreachable === undefined ? refused(480) : this.forward(from, 'unreachable', unreachable);
    }
    const noAnswer = handling.forwards['no-answer'];
    const hasWishes = busy !== undefined || unreachable !== undefined || noAnswer !== undefined;
    return this.#diverted(targets, user, hasWishes ? new Wishes(this, from) : undefined);
  }

  /** The call goes on to `to`, as the user wished for this case. */
  forward({ user, uri, handling }: Forwarding, cause: DiversionCause, to: string): Maybe {
    const { settings, log } = this.#exchange;
    if (this.#history.count >= settings.maxDiversions) return refused(480, 'Forwarded Too Often');
    const next = this.#uriOf(to, user);
    if (next === undefined) {
      log.error('a forward leads to what is no SIP address', { user: user.number, to });
      return refused(480);
    }
    this.#history.add(uri.toString(), next.toString(), cause);
    if (this.#exchange.route === undefined) return this.#go(next, user, handling);
    // The office's own step decides about it as about a call of the user who forwards: he answers for it.
    const asked = new RequestContext(this.#exchange, this.#context.transaction);
    asked.uri = next;
    asked.uriText = next.toString();
    asked.routes = [];
    asked.domain = this.#exchange.identity.domainOf(next);
    asked.user = user;
    const outcome = officeRoute.run(asked);
    return outcome instanceof Promise
      ? outcome.then((late) => this.#routed(asked, late, user, handling))
      : this.#routed(asked, outcome, user, handling);
  }

  #routed(asked: RequestContext, outcome: Outcome, user: User, handling: CallHandling): Maybe {
    if (outcome === 'taken') return refused(480);
    if (outcome !== 'continue') return outcome.status < 400 ? refused(480) : refused(outcome.status, outcome.reason);
    this.#context.headerEdits = asked.headerEdits ?? this.#context.headerEdits;
    if (asked.targets.length === 0) return this.#go(asked.uri, user, handling);
    const isOutside = asked.targets.some(({ isBinding }) => !isBinding);
    if (isOutside && !handling.mayForwardOutside) return this.#notOutside(user);
    return this.#diverted(this.#safe(asked.targets), asked.callee, undefined);
  }

  #go(uri: SipUri, by: User, handling: CallHandling): Maybe {
    const { identity, users } = this.#exchange;
    const domain = identity.domainOf(uri);
    if (domain === undefined) {
      if (!handling.mayForwardOutside) return this.#notOutside(by);
      return this.#diverted(this.#safe([uriTarget(uri, uri.toString())]), undefined, undefined);
    }
    const user = users.find(uri.userDecoded, domain);
    return user === undefined ? refused(404) : this.reach(user, uri);
  }

  /** It was allowed when it was entered, or the office's step leads there: for whoever looks after the office to see. */
  #notOutside({ number, domain }: User): Diverted {
    this.#exchange.log.warn('a forward outside the office was not followed: the user may not', { number, domain });
    return refused(480);
  }

  /** Who asked for a secure way is not sent another (RFC 3261 §16.7 step 4). */
  #safe(targets: readonly Target[]): readonly Target[] {
    return this.#context.uri.scheme === 'sips' ? targets.flatMap((target) => secureTarget(target) ?? []) : targets;
  }

  #diverted(targets: readonly Target[], callee: User | undefined, wishes: CalleeWishes | undefined): Diverted {
    const headers = this.#history.headers;
    const isForwarded = headers.history.length > 0;
    const marked = (target: Target): Target => ({
      ...target,
      diverted: headers,
      ...(target.next !== undefined && { next: marked(target.next) }),
    });
    return {
      targets: isForwarded ? targets.map(marked) : targets,
      ...{ callee, wishes, status: 480, reason: undefined },
      notice: isForwarded ? this.#history.noticeFor(this.#context.request) : undefined,
    };
  }

  #uriOf(to: string, { domain }: User): SipUri | undefined {
    const { scheme } = this.#context.uri;
    const read = parseUri(isPlainNumber(to) ? `${scheme}:${escapeUser(to)}@${domain}` : to);
    if (!read.ok || !read.value.isSip) return undefined;
    const uri = asRequestUri(read.value);
    return scheme === 'sips' ? uri.with({ scheme }) : uri;
  }

  /** The one who takes somebody's calls can still call him, and everybody his own other phones. */
  #comesFrom(user: User, to: string): boolean {
    const caller = this.#context.user;
    if (caller === undefined) return false;
    if (caller.number === user.number && caller.domain === user.domain) return true;
    const uri = this.#uriOf(to, user);
    const domain = uri && this.#exchange.identity.domainOf(uri);
    const taker = domain === undefined ? undefined : this.#exchange.users.find(uri?.userDecoded ?? '', domain);
    return taker?.number === caller.number && taker.domain === caller.domain;
  }
}

/** A user whose call goes on, by which address he was called, and what he wishes. */
class Forwarding {
  readonly user: User;
  readonly uri: SipUri;
  readonly handling: CallHandling;

  constructor(user: User, uri: SipUri, handling: CallHandling) {
    this.user = user;
    this.uri = uri;
    this.handling = handling;
  }
}

class Wishes implements CalleeWishes {
  readonly #diversion: CallDiversion;
  readonly #from: Forwarding;

  constructor(diversion: CallDiversion, from: Forwarding) {
    this.#diversion = diversion;
    this.#from = from;
  }

  get ringTime(): number | undefined {
    const { forwards, noAnswerSeconds } = this.#from.handling;
    return forwards['no-answer'] === undefined ? undefined : noAnswerSeconds * 1000;
  }

  unanswered(): Maybe {
    return this.#to('no-answer') ?? refused(480);
  }

  after(status: number, rang: boolean): Maybe | undefined {
    // Who presses a button to be left alone is busy (486, 600, 603). Many phones end long ringing by themselves.
    if (status === 486 || status === 600 || status === 603) return this.#to('busy');
    if (status === 408 || status === 480 || status === 487) return this.#to(rang ? 'no-answer' : 'unreachable');
    return status === 430 || status === 502 || status === 503 || status === 504 ? this.#to('unreachable') : undefined;
  }

  #to(cause: 'busy' | 'no-answer' | 'unreachable'): Maybe | undefined {
    const to = this.#from.handling.forwards[cause];
    return to === undefined ? undefined : this.#diversion.forward(this.#from, cause, to);
  }
}

const refused = (status: number, reason?: string): Diverted => ({
  ...{ targets: [], callee: undefined, wishes: undefined, status, reason, notice: undefined },
});

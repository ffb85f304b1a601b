/**
 * The response context of one forwarded request (RFC 3261 §16.6 to §16.10): groups of targets one after another, the
 * targets of a group together, and one final response out of all that come back (every 2xx to an INVITE besides).
 */
import { buildResponse, type HeaderLine } from '../sip/message/build.ts';
import { editResponse } from '../sip/message/edit.ts';
import type { SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { Timer } from '../sip/transaction/clock.ts';
import type { ServerTransaction } from '../sip/transaction/user.ts';
import { answer } from './answer.ts';
import { bestResult, type FinalResult, withAllChallenges } from './best-response.ts';
import { Branch, type BranchOwner, ELSEWHERE } from './branch.ts';
import type { CalleeWishes, Diverted } from './divert/wishes.ts';
import { isFollowed, readRedirection, uriKey, Visited } from './redirects.ts';
import type { RequestContext } from './request-context.ts';
import { aorOf } from './stores.ts';
import type { Target } from './targets.ts';

/** The fork that a server transaction waits for; undefined where it was answered without one. */
export const forkOf = ({ attached }: ServerTransaction): Fork | undefined =>
  attached instanceof Fork ? attached : undefined;

export class Fork implements BranchOwner {
  readonly context: RequestContext;
  /** Groups of one q each, best first, that were not tried yet. */
  readonly #groups: Target[][];
  readonly #branches: Branch[] = [];
  /** Results that no branch stands for: what could not be sent, and redirections that lead nowhere. */
  readonly #others: FinalResult[] = [];
  readonly #isInvite: boolean;
  /** Where the request was sent to; undefined until somebody redirects it. */
  #visited: Visited | undefined;
  #targets: number;
  /** Until the next group rings. */
  #timer: Timer | undefined;
  /** Until the call goes elsewhere because nobody answers. */
  #ringing: Timer | undefined;
  /** Somebody hears it ring; asked only where the callee wishes something. */
  #rang = false;
  /** Where the call goes instead is being asked. */
  #isDiverting = false;
  /** Branches before this one belong to those who did not take the call before it went elsewhere. */
  #past = 0;
  /** A final response went back. */
  #answered = false;
  #isCancelled = false;

  constructor(context: RequestContext, targets: readonly Target[]) {
    const { settings, openWork } = context.exchange;
    this.context = context;
    this.#isInvite = context.request.method === 'INVITE';
    this.#groups = groupByQ(targets.slice(0, settings.maxTargets));
    this.#targets = Math.min(targets.length, settings.maxTargets);
    context.transaction.attached = this;
    openWork.begin();
    context.listener?.begins?.((reason) => this.cancel(reason));
  }

  start(): void {
    const { notice, wishes } = this.context;
    if (notice !== undefined) this.#tellForwarded(notice);
    if (wishes !== undefined) this.#waitForAnswer(wishes);
    this.#startGroup();
    this.#finishIfDone();
  }

  /** The caller hung up before an answer (§16.10). */
  cancel(reason: string | undefined): void {
    if (this.#answered || this.#isCancelled) return;
    this.#isCancelled = true;
    this.context.listener?.cancelled(reason);
    this.#stop(reason);
    this.#finishIfDone();
  }

  #startGroup(): void {
    const group = this.#groups.shift() ?? [];
    this.#send(group);
    this.#waitForNext();
  }

  /** Those that ring get no longer than others who could ring need to wait. */
  #waitForNext(): void {
    this.#timer?.cancel();
    if (this.#groups.length === 0 || !this.#isInvite || this.#answered) return;
    const { clock, settings } = this.context.exchange;
    this.#timer = clock.after(settings.serialRing, () => {
      for (const branch of this.#branches) branch.cancel(undefined);
      this.#startGroup();
      this.#finishIfDone();
    });
  }

  /**
   * Sends to all of them at once, each with its part of the breadth that is left (RFC 5393 §5.3.3). Where too little is
   * left they wait for those who ring; where nobody rings there is no more to wait for.
   */
  #send(group: readonly Target[]): void {
    const breadth = this.#breadthLeft();
    if (breadth < group.length) {
      if (this.#branches.some(isOpen)) this.#groups.unshift([...group]);
      else this.#others.push({ status: 440, response: undefined });
      return;
    }
    // Those who follow may have to start before these have ended.
    let waiting = this.context.wishes === undefined ? 0 : FOR_WISHES;
    for (const { length } of this.#groups) waiting += length;
    const parts = breadth - Math.min(waiting, breadth - group.length);
    const share = Math.floor(parts / group.length);
    const rest = parts - share * group.length;
    // All of a group are known before the first is sent: one may fail at once, and must not be taken for the last.
    const branches = group.map((target, index) => new Branch(this, target, index < rest ? share + 1 : share));
    this.#branches.push(...branches);
    for (const branch of branches) branch.start();
  }

  #breadthLeft(): number {
    let left = this.context.maxBreadth;
    for (const { result, breadth } of this.#branches) if (result === undefined) left -= breadth;
    return left;
  }

  progressed(response: SipResponse): void {
    this.#rang ||= response.status === 180 || response.status === 183;
    if (!this.#answered) this.context.transaction.respond(response);
  }

  /** A 2xx goes back at once, also the second one of another branch or fork (§16.7 step 5). */
  accepted(_branch: Branch, response: SipResponse): void {
    if (this.#answered && !this.#isInvite) return;
    const isFirst = !this.#answered;
    if (isFirst) this.#close();
    this.context.transaction.respond(response, true);
    if (isFirst) this.#stop(ELSEWHERE);
  }

  ended(branch: Branch): void {
    const { result } = branch;
    if (result === undefined) return;
    if (this.#isPast(branch)) {
      this.#finishIfDone();
      return;
    }
    if (this.#redirected(branch, result)) return;
    // A 6xx speaks for the whole user: nobody else needs to ring (§16.7 step 5).
    if (result.status >= 600) this.#stop(`SIP;cause=${result.status}`);
    this.#finishIfDone();
  }

  /** Follows a redirection where that may be; what is left of it for the caller becomes the result of the branch. */
  #redirected(branch: Branch, { status, response }: FinalResult): boolean {
    if (response === undefined || this.#answered || this.#isCancelled || branch.isCancelled) return false;
    if (!isFollowed(this.context, status)) return false;
    this.#visited ??= this.#visitedSoFar();
    const { targets, left, status: refused } = readRedirection(this.context, response, this.#visited);
    if (targets.length === 0 && left.length === 0 && refused === undefined) return false;
    const room = Math.max(0, this.context.exchange.settings.maxTargets - this.#targets);
    const followed = targets.slice(0, room);
    this.#targets += followed.length;
    if (left.length > 0) branch.result = { status, response: withContacts(response, left) };
    else branch.result = { status: refused ?? (followed.length > 0 ? FOLLOWED : 482), response: undefined };
    const [first, ...later] = groupByQ(followed);
    this.#groups.unshift(...later);
    if (first !== undefined) this.#send(first);
    if (later.length > 0) this.#waitForNext();
    this.#finishIfDone();
    return true;
  }

  #visitedSoFar(): Visited {
    const visited = new Visited();
    const { callee } = this.context;
    if (callee !== undefined) visited.add(aorOf(callee.number, callee.domain));
    for (const { target } of this.#branches) visited.add(uriKey(target.uri));
    for (const { uri } of this.#groups.flat()) visited.add(uriKey(uri));
    return visited;
  }

  #finishIfDone(): void {
    while (!this.#answered && !this.#current().some(isOpen)) {
      if (this.#groups.length === 0) {
        if (!this.#isCancelled && (this.#isDiverting || this.#divertedAfter())) return;
        this.#finish();
        return;
      }
      // Those who are called back still hold what the others need.
      if (this.#branches.some(isOpen) && this.#breadthLeft() < (this.#groups[0]?.length ?? 0)) return;
      this.#startGroup();
    }
  }

  /** Those who may still take the call where it is now. */
  #current(): readonly Branch[] {
    return this.#past === 0 ? this.#branches : this.#branches.slice(this.#past);
  }

  #isPast(branch: Branch): boolean {
    return this.#past > 0 && this.#branches.indexOf(branch) < this.#past;
  }

  #waitForAnswer({ ringTime }: CalleeWishes): void {
    if (ringTime === undefined) return;
    this.#ringing = this.context.exchange.clock.after(ringTime, () => {
      const { wishes } = this.context;
      if (wishes !== undefined && !this.#answered && !this.#isCancelled) this.#divert(wishes.unanswered());
    });
  }

  /** Nobody took the call: whether it goes elsewhere now. */
  #divertedAfter(): boolean {
    const { wishes } = this.context;
    const next = wishes?.after(bestResult(this.#results()).status, this.#rang);
    if (next === undefined) return false;
    this.#divert(next);
    return true;
  }

  #divert(next: Diverted | Promise<Diverted>): void {
    this.context.wishes = undefined;
    this.#stop(undefined);
    this.#others.length = 0;
    this.#past = this.#branches.length;
    this.#rang = false;
    if (!(next instanceof Promise)) {
      this.#follow(next);
      return;
    }
    this.#isDiverting = true;
    next
      .catch((cause: unknown): Diverted => {
        this.context.exchange.log.error('could not find out where a call is forwarded to', { cause });
        return { targets: [], callee: undefined, wishes: undefined, status: 500, reason: undefined, notice: undefined };
      })
      .then((found) => {
        this.#isDiverting = false;
        if (!this.#answered && !this.#isCancelled) this.#follow(found);
      })
      .catch((cause: unknown) => this.context.exchange.log.error('could not forward a call', { cause }));
  }

  #follow({ targets, callee, wishes, status, reason, notice }: Diverted): void {
    const { context } = this;
    const followed = targets.slice(0, Math.max(0, context.exchange.settings.maxTargets - this.#targets));
    this.#targets += followed.length;
    if (followed.length === 0) {
      const toTag = context.exchange.random(8);
      this.#others.push({ status, response: buildResponse(context.request, status, { toTag, reason }) });
    } else {
      context.callee = callee;
      context.wishes = wishes;
      if (notice !== undefined) this.#tellForwarded(notice);
      if (wishes !== undefined) this.#waitForAnswer(wishes);
      this.#groups.push(...groupByQ(followed));
      this.#startGroup();
    }
    this.#finishIfDone();
  }

  #tellForwarded(headers: readonly HeaderLine[]): void {
    const { request, transaction, exchange } = this.context;
    transaction.respond(buildResponse(request, 181, { toTag: exchange.random(8), headers }));
  }

  #results(): FinalResult[] {
    const results = [...this.#others];
    for (const { result } of this.#current())
      if (result !== undefined && result.status !== FOLLOWED) results.push(result);
    return results;
  }

  /** Nothing more is begun, and what rings is called back. */
  #stop(reason: string | undefined): void {
    this.#timer?.cancel();
    this.#ringing?.cancel();
    this.#groups.length = 0;
    if (this.#isInvite) for (const branch of this.#branches) branch.cancel(reason);
  }

  #close(): void {
    this.#answered = true;
    this.#timer?.cancel();
    this.#ringing?.cancel();
    this.context.exchange.openWork.end();
  }

  #finish(): void {
    this.#close();
    const { request, transaction, exchange, listener } = this.context;
    const results = this.#results();
    const cancelled = this.#isCancelled ? results.find(({ status }) => status === 487) : undefined;
    const best = cancelled ?? bestResult(results);
    // The other side gave up at the same moment, and a late 408, ours or another's, would only mislead (RFC 4320 §4.2).
    if (best.status === 408 && !this.#isInvite) return;
    const { status } = best;
    // A 503 would keep the caller away from all of us for a fault of one (§16.7 step 6), and a 430 is between us and the
    // phone's edge proxy (RFC 5626 §5.3).
    if (best.response !== undefined && status !== 503 && status !== 430) {
      const others = results.filter((result) => result !== best);
      transaction.respond(withAllChallenges(best.response, others));
      listener?.refused(status);
      return;
    }
    const isCalledOff = this.#isCancelled && best.response === undefined;
    const own = isCalledOff ? answer(487) : (best.own ?? answer(status === 503 ? 500 : status === 430 ? 480 : status));
    const { reason, headers } = own;
    transaction.respond(buildResponse(request, own.status, { toTag: exchange.random(8), reason, headers }));
    listener?.refused(own.status);
  }
}

/** The breadth that is left for those to whom a call may go while the first ones still have to be called back. */
const FOR_WISHES = 10;

/** In place of a status: the branch was redirected, and its new targets speak for it. */
const FOLLOWED = 0;

const isOpen = ({ result }: Branch): boolean => result === undefined;

const withContacts = (response: SipResponse, contacts: readonly string[]): SipResponse =>
  editResponse(response).set(H.Contact, contacts.join(', ')).toMessage();

/** `targets` of one q each, best first. */
function groupByQ(targets: readonly Target[]): Target[][] {
  if (targets.length === 0) return [];
  const [{ q }] = targets as readonly [Target];
  if (targets.every((target) => target.q === q)) return [[...targets]];
  const groups = new Map<number, Target[]>();
  for (const target of targets) {
    const group = groups.get(target.q);
    if (group === undefined) groups.set(target.q, [target]);
    else group.push(target);
  }
  return [...groups.entries()].sort(([a], [b]) => b - a).map(([, group]) => group);
}

/**
 * The response context of one forwarded request (RFC 3261 §16.6 to §16.10): groups of targets one after another, the
 * targets of a group together, and one final response out of all that come back (every 2xx to an INVITE besides).
 */
import { buildResponse } from '../sip/message/build.ts';
import type { SipResponse } from '../sip/message/message.ts';
import type { Timer } from '../sip/transaction/clock.ts';
import type { ClientTransaction, ServerTransaction } from '../sip/transaction/user.ts';
import type { Hop, TransportFailure } from '../sip/transport/port.ts';
import { bestResult, type FinalResult, withAllChallenges } from './best-response.ts';
import { forwardedRequest, nextHopUri, returnedResponse } from './forwarding.ts';
import type { RequestContext } from './request-context.ts';
import type { Target } from './targets.ts';

/** Why the others stop ringing (RFC 3326 §2). */
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

const forks = new WeakMap<ServerTransaction, Fork>();

/** The fork that a server transaction waits for; undefined where it was answered without one. */
export const forkOf = (transaction: ServerTransaction): Fork | undefined => forks.get(transaction);

interface Branch {
  readonly target: Target;
  hops: readonly Hop[];
  tried: number;
  client: ClientTransaction | undefined;
  /** A provisional response came: the next hop lives and has the request. */
  heard: boolean;
  cancelled: boolean;
  result: FinalResult | undefined;
  timer: Timer | undefined;
}

export class Fork {
  readonly #context: RequestContext;
  /** Groups of one q each, best first. */
  readonly #groups: Target[][];
  readonly #branches: Branch[] = [];
  readonly #isInvite: boolean;
  /** A final response went back. */
  #answered = false;
  #isCancelled = false;

  constructor(context: RequestContext, targets: readonly Target[]) {
    this.#context = context;
    this.#isInvite = context.request.method === 'INVITE';
    this.#groups = groupByQ(targets.slice(0, context.exchange.settings.maxTargets));
    forks.set(context.transaction, this);
    context.exchange.openWork.begin();
  }

  start(): void {
    const group = this.#groups.shift() ?? [];
    // All of a group are known before the first is sent: one may fail at once, and must not be taken for the last.
    const branches = group.map((target): Branch => {
      const rest = { tried: 0, client: undefined, heard: false, cancelled: false, result: undefined, timer: undefined };
      return { target, hops: [], ...rest };
    });
    this.#branches.push(...branches);
    for (const branch of branches) this.#resolve(branch);
    if (branches.length === 0) this.#finish();
  }

  /** The caller hung up before an answer (§16.10). */
  cancel(reason: string | undefined): void {
    if (this.#answered || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#groups.length = 0;
    this.#cancelOpen(reason);
    this.#finishIfDone();
  }

  #resolve(branch: Branch): void {
    const { exchange } = this.#context;
    const known = branch.target.hops;
    const routed = this.#context.routes.length > 0;
    const hops = known !== undefined && !routed ? known : exchange.resolve(nextHopUri(this.#context, branch.target));
    if (!(hops instanceof Promise)) {
      branch.hops = hops;
      this.#sendNext(branch);
      return;
    }
    hops.then(
      (found) => {
        branch.hops = found;
        if (branch.result === undefined) this.#sendNext(branch);
      },
      (cause: unknown) => {
        exchange.log.warn('could not resolve a target', { target: branch.target.uriText, cause });
        if (branch.result === undefined) this.#end(branch, { status: 503, response: undefined });
      },
    );
  }

  /** Sends to the next address of this target that was not tried yet (RFC 3263 §4.3). */
  #sendNext(branch: Branch): void {
    const hop = branch.hops[branch.tried++];
    const { exchange } = this.#context;
    if (hop === undefined) {
      // Without any way left to a phone, its user is not available (RFC 5626 §5.3); anything else is a 503 (§16.9).
      this.#end(branch, { status: branch.target.isBinding ? 480 : 503, response: undefined });
      return;
    }
    if (this.#isInvite) this.#startTimerC(branch);
    try {
      this.#send(branch, hop);
    } catch (cause) {
      // Also comes out of promises and timers, where nobody else would catch it: one request must not end the program.
      exchange.log.error('could not send a request on', { target: branch.target.uriText, cause });
      this.#end(branch, { status: 500, response: undefined });
    }
  }

  #send(branch: Branch, hop: Hop): void {
    const { exchange } = this.#context;
    const attempt = branch.tried;
    const isCurrent = (): boolean => branch.tried === attempt && branch.result === undefined;
    branch.client = exchange.transactions.request(
      (via) => forwardedRequest(this.#context, branch.target, hop, via),
      hop,
      {
        response: (response) => this.#received(branch, response, isCurrent()),
        timeout: () => {
          if (!isCurrent()) return;
          if (branch.hops.length > branch.tried && !branch.cancelled) this.#sendNext(branch);
          else this.#end(branch, { status: branch.cancelled ? 487 : 408, response: undefined });
        },
        failed: (failure: TransportFailure) => {
          if (!isCurrent()) return;
          exchange.log.info('a target could not be reached', {
            hop: `${hop.host}:${hop.port}`,
            reason: failure.reason,
          });
          if (branch.cancelled) this.#end(branch, { status: 487, response: undefined });
          else this.#sendNext(branch);
        },
      },
    );
  }

  #received(branch: Branch, received: SipResponse, isCurrent: boolean): void {
    const { status } = received;
    const response = status === 100 ? received : returnedResponse(received);
    if (response === undefined) {
      // What ended there cannot be told to the caller in the other's own words.
      if (isCurrent && status >= 200) this.#end(branch, { status: 502, response: undefined });
      else if (isCurrent) branch.heard = true;
      return;
    }
    if (status >= 200 && status < 300) {
      this.#accepted(branch, response);
      return;
    }
    if (!isCurrent) return;
    if (status < 200) {
      branch.heard = true;
      // Nobody is to be told by anything but a 100 that a non-INVITE takes its time (RFC 4320 §4.1).
      if (status === 100 || !this.#isInvite) return;
      if (!branch.cancelled) this.#startTimerC(branch);
      if (!this.#answered) this.#context.transaction.respond(response);
      return;
    }
    if (status === 503 && !branch.heard && !branch.cancelled && branch.hops.length > branch.tried) {
      this.#sendNext(branch);
      return;
    }
    this.#end(branch, { status, response });
  }

  /** A 2xx goes back at once, also the second one of another branch or fork (§16.7 step 5). */
  #accepted(branch: Branch, response: SipResponse): void {
    branch.timer?.cancel();
    branch.result ??= { status: response.status, response };
    if (this.#answered && !this.#isInvite) return;
    const isFirst = !this.#answered;
    if (isFirst) this.#close();
    this.#groups.length = 0;
    this.#context.transaction.respond(response);
    if (isFirst) this.#cancelOpen(ELSEWHERE);
  }

  #end(branch: Branch, result: FinalResult): void {
    branch.timer?.cancel();
    branch.result = result;
    // A 6xx speaks for the whole user: nobody else needs to ring (§16.7 step 5).
    if (result.status >= 600) {
      this.#groups.length = 0;
      this.#cancelOpen(undefined);
    }
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.#answered || this.#branches.some((branch) => branch.result === undefined)) return;
    if (this.#groups.length > 0) this.start();
    else this.#finish();
  }

  #close(): void {
    this.#answered = true;
    this.#context.exchange.openWork.end();
  }

  #finish(): void {
    this.#close();
    const { request, transaction, exchange } = this.#context;
    const results = this.#branches.flatMap(({ result }) => (result === undefined ? [] : [result]));
    const cancelled = this.#isCancelled ? results.find(({ status }) => status === 487) : undefined;
    const best = cancelled ?? bestResult(results);
    // The other side gave up at the same moment, and a late 408, ours or another's, would only mislead (RFC 4320 §4.2).
    if (best.status === 408 && !this.#isInvite) return;
    // A 503 would keep the caller away from all of us for a fault of one (§16.7 step 6).
    if (best.response !== undefined && best.status !== 503) {
      const others = results.filter((result) => result !== best);
      transaction.respond(withAllChallenges(best.response, others));
      return;
    }
    const status = this.#isCancelled && best.response === undefined ? 487 : best.status === 503 ? 500 : best.status;
    transaction.respond(buildResponse(request, status, { toTag: exchange.random(8) }));
  }

  #cancelOpen(reason: string | undefined): void {
    for (const branch of this.#branches) {
      if (branch.result !== undefined || branch.cancelled) continue;
      // Only an INVITE can be called back (§9.1); what else is out may end as it likes.
      if (!this.#isInvite) continue;
      branch.cancelled = true;
      if (branch.client === undefined) {
        this.#settle(branch, { status: 487, response: undefined });
        continue;
      }
      // Its transaction gives up 64 × T1 later, should the other side never end it (§9.1).
      branch.timer?.cancel();
      branch.client.cancel(reason);
    }
  }

  #settle(branch: Branch, result: FinalResult): void {
    branch.timer?.cancel();
    branch.result = result;
  }

  #startTimerC(branch: Branch): void {
    const { clock, settings } = this.#context.exchange;
    branch.timer?.cancel();
    branch.timer = clock.after(settings.timerC, () => {
      // §16.8: called back where someone rings, given up where nobody was heard.
      if (!branch.heard) return this.#end(branch, { status: 408, response: undefined });
      branch.cancelled = true;
      branch.client?.cancel();
    });
  }
}

/** `targets` of one q each, best first. */
function groupByQ(targets: readonly Target[]): Target[][] {
  if (targets.length < 2) return [[...targets]];
  const groups = new Map<number, Target[]>();
  for (const target of targets) {
    const group = groups.get(target.q);
    if (group === undefined) groups.set(target.q, [target]);
    else group.push(target);
  }
  return [...groups.entries()].sort(([a], [b]) => b - a).map(([, group]) => group);
}

/**
 * One target of a fork: its addresses one after another (RFC 3263 §4.3), the other flows of its device (RFC 5626 §5.3),
 * and how long it may ring (Timer C, RFC 3261 §16.6 step 11, §16.8).
 */
import type { SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { Timer } from '../sip/transaction/clock.ts';
import type { TransportFailure } from '../sip/transport/port.ts';
import { type Answer, answer } from './answer.ts';
import { Attempt, type AttemptOwner } from './attempt.ts';
import type { FinalResult } from './best-response.ts';
import { findHops } from './find-hops.ts';
import type { BranchListener } from './fork-listener.ts';
import { forwardedRequest, returnedResponse } from './forwarding.ts';
import type { HopList } from './hop-list.ts';
import { type NoRelay, passageFor } from './nat/passage.ts';
import type { RequestContext } from './request-context.ts';
import { callBack, RingingDevice } from './ringing-device.ts';
import type { Binding } from './stores.ts';
import { bindingTarget, type Target } from './targets.ts';

/** What a branch tells its fork; responses are without our Via. */
export interface BranchOwner {
  readonly context: RequestContext;
  /** Every 2xx, also one that comes late or again. */
  accepted(branch: Branch, response: SipResponse): void;
  /** 101 to 199 to an INVITE. */
  progressed(response: SipResponse): void;
  /** Its result stands. Not called for `accepted`. */
  ended(branch: Branch): void;
}

/** Why others stop ringing (RFC 3326 §2). */
export const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';
/** RFC 3326 §2, for one that rang until Timer C. */
const NOBODY_ANSWERED = 'SIP;cause=408;text="Nobody answered"';

/** Without sound nobody is helped by a call (RFC 3261 §21.5.4). */
const NO_RELAY: Readonly<Record<NoRelay, Answer>> = {
  full: answer(503, 'No Media Relay Left', [[H.RetryAfter, '30']]),
  share: answer(503, 'Too Many Relayed Calls', [[H.RetryAfter, '30']]),
};

export class Branch implements AttemptOwner {
  /** Its part of the breadth (RFC 5393 §5.3.3), taken until the result is there. */
  readonly breadth: number;
  /** How it ended; undefined while it is open. */
  result: FinalResult | undefined;
  #isCancelled = false;
  readonly #owner: BranchOwner;
  #target: Target;
  #hops: HopList | undefined;
  #attempt: Attempt | undefined;
  readonly #device = new RingingDevice();
  /** Nothing can be sent until the device registers again. */
  #isWaiting = false;
  readonly #listener: BranchListener | undefined;
  /** Timer C, or the wait before the next address is tried: never both. */
  #timer: Timer | undefined;

  constructor(owner: BranchOwner, target: Target, breadth: number) {
    this.#owner = owner;
    this.#target = target;
    this.breadth = breadth;
    this.#listener = owner.context.listener?.tries(target);
  }

  /** The URI that is tried now. */
  get target(): Target {
    return this.#target;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Finds the addresses of the target and sends. */
  start(): void {
    try {
      const hops = findHops(this.#owner.context, this.#target);
      if (!(hops instanceof Promise)) {
        this.#use(hops);
        return;
      }
      hops.then(
        (found) => this.#use(found),
        (cause: unknown) => {
          if (this.result === undefined) this.#broke(cause);
        },
      );
    } catch (cause) {
      this.#broke(cause);
    }
  }

  /** Calls an INVITE back (§9.1); what else is out may end as it likes. Its result comes as 487, or as a late 2xx. */
  cancel(reason: string | undefined): void {
    if (this.result !== undefined || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#timer?.cancel();
    if (this.#attempt === undefined) this.result = { status: 487, response: undefined };
    // Its transaction gives up 64 × T1 later, should the other side never end it (§9.1).
    else this.#attempt.client?.cancel(reason);
    if (this.#isWaiting) this.result = { status: 487, response: undefined };
    this.#forgetDevice(reason);
  }

  #use(hops: HopList): void {
    if (this.result !== undefined) return;
    this.#hops = hops;
    this.#sendNext();
  }

  /** Sends to the next address that was not tried yet, or goes another way to the same device. */
  #sendNext(): void {
    const { context } = this.#owner;
    const hop = this.#hops?.next();
    if (hop === undefined) {
      this.#withoutHops();
      return;
    }
    const attempt = new Attempt(this, hop);
    this.#attempt = attempt;
    if (this.#hasMore) this.#wait(context.exchange.settings.hopTimeout, this.#silent);
    else if (context.request.method === 'INVITE') this.#startTimerC();
    try {
      const passage = passageFor(context, this.#target, hop);
      if (typeof passage === 'string') {
        this.#end({ status: 503, response: undefined, own: NO_RELAY[passage] });
        return;
      }
      attempt.passage = passage;
      attempt.client = context.exchange.transactions.request(
        (via) => forwardedRequest(context, this.#target, hop, via, this.breadth, passage),
        hop,
        attempt,
      );
    } catch (cause) {
      attempt.passage?.ended(500);
      this.#broke(cause);
    }
  }

  /** Also comes out of promises and timers, where nobody else would catch it: one request must not end the program. */
  #broke(cause: unknown): void {
    this.#owner.context.exchange.log.error('could not send a request on', { target: this.#target.uriText, cause });
    this.#end({ status: 500, response: undefined });
  }

  #withoutHops(): void {
    const { next, isBinding } = this.#target;
    if (next !== undefined) {
      this.#target = next;
      this.start();
      return;
    }
    if (this.#device.lost !== undefined) {
      this.#waitForReturn();
      return;
    }
    // Without any way left to a phone, its user is not available (RFC 5626 §5.3); anything else is a 503 (§16.9).
    this.#end({ status: isBinding ? 480 : 503, response: undefined });
  }

  get #hasMore(): boolean {
    return this.#hops?.hasMore === true || this.#target.next !== undefined;
  }

  received(attempt: Attempt, received: SipResponse): void {
    const { status } = received;
    this.#hops?.answered(attempt.hop, received);
    const response = status === 100 ? received : attempt.wayBack(returnedResponse(received));
    if (response === undefined) {
      if (!this.#isCurrent(attempt)) return;
      // What ended there cannot be told to the caller in the other's own words.
      if (status >= 200) this.#end({ status: 502, response: undefined }, received);
      else attempt.isHeard = true;
      return;
    }
    if (status >= 200 && status < 300) {
      this.#timer?.cancel();
      // One that was given up has answered after all.
      if (this.result === undefined && attempt !== this.#attempt) this.#attempt?.client?.cancel(ELSEWHERE);
      // Without the response: it goes back now, and would only be kept for as long as other 2xx may come.
      this.result ??= { status, response: undefined };
      this.#forgetDevice(ELSEWHERE, attempt);
      this.#listener?.accepted(received);
      this.#owner.accepted(this, response);
      return;
    }
    if (!this.#isCurrent(attempt)) return;
    if (status < 200) {
      if (status > 100) this.#listener?.progressed(received);
      this.#provisional(attempt, response);
      return;
    }
    // It has the INVITE by the connection that is gone (§8.2.2.2), and rings.
    if (status === 482 && this.#device.lost !== undefined && !this.#isCancelled) this.#ringsOn(attempt);
    else if ((status === 503 || status === 430) && this.#hasMore && !this.#isCancelled) this.#sendNext();
    else this.#end({ status, response }, received);
  }

  #provisional(attempt: Attempt, response: SipResponse): void {
    const { context } = this.#owner;
    const isFirst = !attempt.isHeard;
    attempt.isHeard = true;
    if (context.request.method !== 'INVITE') {
      // Whoever has the request is waited for, and nobody is to be told by anything but a 100 that a non-INVITE takes
      // its time (RFC 4320 §4.1).
      this.#timer?.cancel();
      return;
    }
    if (!this.#isCancelled && (isFirst || response.status > 100)) this.#startTimerC();
    if (response.status > 100) {
      this.#device.watch(this.#target, attempt.hop, context.exchange.livingFlows.returning, this.#cameBack);
      this.#owner.progressed(response);
    }
  }

  /** Timer B or F: nobody is there, or whoever is there never came to an end (§8.1.3.1). */
  timedOut(attempt: Attempt): void {
    if (!this.#isCurrent(attempt)) return;
    if (this.#isCancelled) this.#end({ status: 487, response: undefined });
    else if (attempt.isHeard) this.#end({ status: 408, response: undefined });
    else this.#silent();
  }

  failed(attempt: Attempt, { reason }: TransportFailure): void {
    if (!this.#isCurrent(attempt)) return;
    const { hop } = attempt;
    const { exchange, request } = this.#owner.context;
    const { callId } = request;
    exchange.log.info('a target could not be reached', { hop: `${hop.host}:${hop.port}`, reason, callId });
    this.#hops?.failed(hop);
    if (this.#isCancelled) this.#end({ status: 487, response: undefined });
    else this.#sendNext();
  }

  /**
   * Where only that connection led to the phone, nobody can ring there any more: its next flow is tried at once
   * (RFC 5626 §5.3), or it is waited for to come back, and no caller waits for Timer C. Anywhere else the answer finds a way
   * of its own (§18.2.2).
   */
  connectionLost(attempt: Attempt): void {
    if (!this.#isCurrent(attempt) || this.#target.isHidden !== true) return;
    // What its Contact names is in another network.
    if (this.#target.isNated === true) this.#hops = undefined;
    if (this.#isCancelled) {
      callBack(attempt, undefined);
      this.#end({ status: 487, response: undefined });
      return;
    }
    this.#device.lose(attempt);
    if (this.#hasMore) this.#sendNext();
    else this.#waitForReturn();
  }

  #waitForReturn(): void {
    if (!this.#device.isWatched) {
      this.#gone();
      return;
    }
    this.#isWaiting = true;
    this.#wait(this.#owner.context.exchange.settings.phoneReturn, this.#gone);
  }

  readonly #gone = (): void => this.#end({ status: this.#target.binding?.regId ? 430 : 480, response: undefined });

  /** Waited for, or seen to have another connection before the first is known to be dead. */
  readonly #cameBack = (now: Binding): void => {
    const { binding } = this.#target;
    const isReplaced = now.regId === binding?.regId && now.received !== binding.received;
    const target = bindingTarget(now);
    if (this.result !== undefined || target === undefined || !(this.#isWaiting || isReplaced)) return;
    this.#isWaiting = false;
    this.#device.lose(this.#attempt);
    this.#target = target;
    this.start();
  };

  /** By what it was asked first, which is called back by the way that there is now. */
  #ringsOn({ hop }: Attempt): void {
    this.#attempt = this.#device.ringsOn(hop);
    this.#startTimerC();
  }

  #forgetDevice(reason: string | undefined, by?: Attempt): void {
    this.#isWaiting = false;
    this.#device.forget(reason, this.#attempt, by);
  }

  /** The address says nothing: the next one is tried, and whoever answers late is sent away. */
  readonly #silent = (): void => {
    const attempt = this.#attempt;
    if (attempt === undefined || this.result !== undefined) return;
    this.#hops?.silent(attempt.hop);
    if (!this.#hasMore) {
      this.#end({ status: 408, response: undefined });
      return;
    }
    attempt.client?.cancel();
    this.#sendNext();
  };

  #isCurrent(attempt: Attempt): boolean {
    return attempt === this.#attempt && this.result === undefined;
  }

  /** @param said how the other side put it, where it did. */
  #end(result: FinalResult, said?: SipResponse): void {
    this.#timer?.cancel();
    this.result = result;
    this.#forgetDevice(undefined);
    this.#listener?.ended(result.status, said);
    this.#owner.ended(this);
  }

  #startTimerC(): void {
    this.#wait(this.#owner.context.exchange.settings.timerC, this.#rangTooLong);
  }

  /** §16.8: called back where someone rings, given up where nobody was heard. */
  readonly #rangTooLong = (): void => {
    if (this.#attempt?.isHeard === true) this.cancel(NOBODY_ANSWERED);
    else this.#end({ status: 408, response: undefined });
  };

  #wait(ms: number, then: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#owner.context.exchange.clock.after(ms, then);
  }
}

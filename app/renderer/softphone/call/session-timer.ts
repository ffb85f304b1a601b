/** The session timer of one call at work (RFC 4028): when we give a sign of life, and when the other side is given up. */
import {
  actsAfter,
  agreedBy,
  answerTimer,
  LEAST,
  raised,
  type SessionTerms,
  type TimerWish,
  timerHeaders,
} from '../../../../proxy-core/sip/dialog/session-timer.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';

export interface SessionTimerPorts {
  readonly clock: Clock;
  /** Seconds that we ask for; 0 for none. */
  readonly seconds: number;
  readonly refresh: () => void;
  /** Nothing was heard for as long as was agreed. */
  readonly expired: () => void;
}

/** A sign of life that found no answer is given again after this many ms, until the session's time is over. */
const AGAIN = 10_000;
const MAX_RAISES = 3;

export class SessionTimer {
  readonly #ports: SessionTimerPorts;
  #wish: TimerWish;
  #terms: SessionTerms | undefined;
  #raises = 0;
  #timer: Timer | undefined;
  #endsAt = 0;
  #stopped = false;

  constructor(ports: SessionTimerPorts) {
    this.#ports = ports;
    this.#wish = { expires: ports.seconds === 0 ? 0 : Math.max(ports.seconds, LEAST), min: LEAST };
  }

  /** The headers of an INVITE or UPDATE of ours. */
  headers(): HeaderLine[] {
    return timerHeaders(this.#wish, this.#terms?.refresher);
  }

  /** A 422 came: whether to send the request once more. */
  raise(response: SipResponse): boolean {
    const wish = this.#raises < MAX_RAISES ? raised(this.#wish, response) : undefined;
    if (wish === undefined) return false;
    this.#raises++;
    this.#wish = wish;
    return true;
  }

  /** A 2xx to a request of ours. */
  took(response: SipResponse): void {
    this.#start(agreedBy(response));
  }

  /** Why a request of the peer must be refused with 422; undefined where it need not. */
  refuses(request: SipRequest): readonly HeaderLine[] | undefined {
    const answer = answerTimer(request, this.#wish);
    return answer.ok ? undefined : answer.headers;
  }

  /** The headers of our 2xx to a request of the peer. */
  answer(request: SipRequest): readonly HeaderLine[] {
    const answer = answerTimer(request, this.#wish);
    if (answer.ok) this.#start(answer.terms);
    return answer.headers;
  }

  /** Our sign of life had no answer. */
  failed(): void {
    if (this.#terms === undefined || this.#stopped) return;
    const left = this.#endsAt - this.#ports.clock.now();
    if (left <= 0) this.#ports.expired();
    else this.#arm(Math.min(AGAIN, left), this.#ports.refresh);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #start(terms: SessionTerms | undefined): void {
    this.#timer?.cancel();
    this.#terms = terms;
    if (terms === undefined || this.#stopped) return;
    this.#wish = { ...this.#wish, expires: terms.expires };
    this.#endsAt = this.#ports.clock.now() + terms.expires * 1_000;
    this.#arm(actsAfter(terms), terms.refresher === 'us' ? this.#ports.refresh : this.#ports.expired);
  }

  #arm(ms: number, run: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#ports.clock.after(ms, run);
  }
}

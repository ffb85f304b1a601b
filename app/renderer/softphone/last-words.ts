/** Waits, when an account is signed out, until what was said last is answered: a BYE may have to be sent again. */
import type { Clock, Timer } from '../../../proxy-core/sip/transaction/clock.ts';

/** How long it may stay unanswered, in ms. */
const LEAVES_WITHIN = 2_000;

export class LastWords {
  readonly #clock: Clock;
  /** Requests without a final response yet. */
  #waiting = 0;
  #leave: (() => void) | undefined;
  #limit: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a request; what is given is called once its final response is there. */
  waits(): () => void {
    this.#waiting++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#waiting--;
      if (this.#waiting === 0) this.#leave?.();
    };
  }

  /** Calls `leave` once nothing waits any more, or it has waited long enough. */
  closeAfter(leave: () => void): void {
    if (this.#leave !== undefined) return;
    this.#leave = leave;
    if (this.#waiting === 0) leave();
    else this.#limit = this.#clock.after(LEAVES_WITHIN, leave);
  }

  drop(): void {
    this.#limit?.cancel();
  }
}

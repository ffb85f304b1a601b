/**
 * Lets so many notifications out in a slice of time, and the others in their turn: when a thousand watch one lamp, or
 * all are told anew after a restart, calls go on beside it.
 */
import type { Clock } from '../../sip/transaction/clock.ts';

const SLICE_MS = 20;
const PER_SECOND = 10_000;

export class NotifyPacer {
  readonly #clock: Clock;
  readonly #perSlice: number;
  #since = 0;
  #sent = 0;
  #waiting: (() => void)[] = [];
  /** Of those that wait: before it, they are sent. */
  #next = 0;

  /** @param perSecond in all */
  constructor(clock: Clock, perSecond = PER_SECOND) {
    this.#clock = clock;
    this.#perSlice = Math.max(1, Math.round((perSecond * SLICE_MS) / 1_000));
  }

  /** Runs `send` now, or in its turn. */
  pass(send: () => void): void {
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      send();
      return;
    }
    this.#waiting.push(send);
    if (this.#waiting.length === 1) this.#clock.after(SLICE_MS, () => this.#turn());
  }

  #hasRoom(): boolean {
    const now = this.#clock.now();
    if (now - this.#since >= SLICE_MS || now < this.#since) {
      this.#since = now;
      this.#sent = 0;
    }
    return ++this.#sent <= this.#perSlice;
  }

  #turn(): void {
    const end = Math.min(this.#waiting.length, this.#next + this.#perSlice);
    const due = this.#waiting.slice(this.#next, end);
    this.#next = end;
    if (end === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      this.#since = this.#clock.now();
      this.#sent = due.length;
    } else this.#clock.after(SLICE_MS, () => this.#turn());
    for (const send of due) send();
  }
}

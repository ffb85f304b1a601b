/** The real time, which a test may let jump ahead: whatever would have come due on the way comes at once, in order. */
import type { Clock, Timer } from '../../proxy-core/sip/transaction/clock.ts';

interface Due {
  readonly at: number;
  readonly run: () => void;
  timer: NodeJS.Timeout;
}

export class SkippingClock implements Clock {
  #ahead = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  after(ms: number, run: () => void): Timer {
    const due: Due = { at: this.now() + ms, run, timer: setTimeout(() => this.#fire(due), ms) };
    this.#due.add(due);
    return { cancel: () => this.#drop(due) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#due.size;
  }

  skip(ms: number): void {
    const end = this.now() + ms;
    for (;;) {
      const next = [...this.#due].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#ahead = Math.max(this.#ahead, next.at - Date.now());
      this.#fire(next);
    }
    this.#ahead = end - Date.now();
  }

  #fire(due: Due): void {
    this.#drop(due);
    due.run();
  }

  #drop(due: Due): void {
    clearTimeout(due.timer);
    this.#due.delete(due);
  }
}

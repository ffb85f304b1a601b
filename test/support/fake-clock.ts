/** A clock that stands still until a test turns it, and chance that repeats itself. */
import type { Clock, RandomHex, Timer } from '../../proxy-core/sip/transaction/clock.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #due = new Set<Due>();

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#due.add(due);
    return { cancel: () => void this.#due.delete(due) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#due.size;
  }

  /** Milliseconds to the next timer; undefined where none waits. */
  get next(): number | undefined {
    const first = this.#first();
    return first === undefined ? undefined : first.at - this.#now;
  }

  /** Lets `ms` pass and runs what comes due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let left = 100_000; left > 0; left--) {
      const first = this.#first();
      if (first === undefined || first.at > end) {
        this.#now = end;
        return;
      }
      this.#now = Math.max(this.#now, first.at);
      this.#due.delete(first);
      first.run();
    }
    throw new Error('the fake clock never comes to rest');
  }

  #first(): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) {
      if (first === undefined || due.at < first.at || (due.at === first.at && due.order < first.order)) first = due;
    }
    return first;
  }
}

/** Hex that differs each time and is the same in each run. */
export function countingHex(): RandomHex {
  let count = 0;
  return (bytes) =>
    (++count)
      .toString(16)
      .padStart(bytes * 2, '0')
      .slice(-bytes * 2);
}

/** A clock that stands still until a test turns it, and chance that repeats itself. */
import type { Clock, RandomHex, Timer } from '../../proxy-core/sip/transaction/clock.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #due = new Set<Due>();
  /** A heap of all that are due, and of some that were cancelled: thousands of timers cost a test no time. */
  readonly #heap: Due[] = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#due.add(due);
    this.#push(due);
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
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#due.has(first)) return first;
      this.#shift();
    }
    return undefined;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let above = (at - 1) >> 1; at > 0; at = above, above = (at - 1) >> 1) {
      const parent = heap[above];
      if (parent === undefined || !isBefore(due, parent)) break;
      heap[at] = parent;
    }
    heap[at] = due;
  }

  #shift(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const [left, right] = [heap[below], heap[below + 1]];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below++;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
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

/** Tells when this process has more to do than it can: its memory nearly full, or its timers late. */
import { getHeapStatistics } from 'node:v8';

const EVERY_MS = 250;
/** Timers this late, in ms, mean that answers are late as well. */
const LATE_MS = 500;
/** Later than that nobody was working: the computer slept. */
const ASLEEP_MS = 10_000;
/** Of the heap that the engine may use. */
const FULL = 0.85;

export class LoadWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  #due = performance.now() + EVERY_MS;
  #isOver = false;

  constructor() {
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#isOver = isTooMuch(now - this.#due, heapShare());
    this.#due = now + EVERY_MS;
  }
}

/** @param lateMs how late the timer came; @param heap share of the heap in use, 0 to 1. */
export const isTooMuch = (lateMs: number, heap: number): boolean =>
  (lateMs > LATE_MS && lateMs < ASLEEP_MS) || heap > FULL;

function heapShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}

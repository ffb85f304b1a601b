/** Tells when this process has more to do than it can: its memory nearly full, or its timers late. */
import { getHeapStatistics } from 'node:v8';

/** A flood fills some MB in this time. */
const EVERY_MS = 100;
/** Timers this late, in ms, and twice in a row, mean that answers are late as well; once a busy computer may be. */
const LATE_MS = 500;
/** Later than that nobody was working: the computer slept. */
const ASLEEP_MS = 10_000;
/** Of what the engine may use for all that lives longer than a moment. */
const FULL = 0.8;
const MB = 1024 * 1024;
/** In MB, on computers of 64 bits. */
const USUAL_SEMI_SPACE = 16;
/** The engine's limit counts what is newly made besides (three semi-spaces), which takes nothing that lives longer. */
const YOUNG_BYTES = 3 * semiSpace(process.execArgv) * MB;
const MOST_REQUEST_BYTES = 256 * MB;

export class LoadWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  #due = performance.now() + EVERY_MS;
  #lateMs = 0;
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
    const before = this.#lateMs;
    this.#lateMs = now - this.#due;
    this.#isOver = isTooMuch([before, this.#lateMs], heapShare());
    this.#due = now + EVERY_MS;
  }
}

/** @param limit bytes of `heap_size_limit`. @returns how many of them may be taken by what lives longer. */
const lasting = (limit: number): number => Math.max(1, limit - YOUNG_BYTES);

/**
 * Bytes of requests that may be remembered at one time: what follows from one, in branches and copies, takes about three
 * times as much, and a flood must leave room for the rest. Computers with little memory have small heaps.
 */
export const roomForRequests = (limit = getHeapStatistics().heap_size_limit): number =>
  Math.min(MOST_REQUEST_BYTES, lasting(limit) / 8);

/** @param lateMs how late the timer came, the last time and now; @param heap share of the heap in use, 0 to 1. */
export const isTooMuch = (lateMs: readonly [number, number], heap: number): boolean =>
  lateMs.every((ms) => ms > LATE_MS && ms < ASLEEP_MS) || heap > FULL;

function heapShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / lasting(heap_size_limit);
}

/** MB of one semi-space as the program was started with it. @param options those of the engine. */
export function semiSpace(options: readonly string[]): number {
  const [, asked] = /^--max[-_]semi[-_]space[-_]size=(\d+)$/m.exec(options.join('\n')) ?? [];
  return asked === undefined ? USUAL_SEMI_SPACE : Number(asked);
}

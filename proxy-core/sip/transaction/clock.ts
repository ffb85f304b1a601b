/** Time and chance as ports: tests turn the clock by hand, and nothing in `sip/` reaches for the real ones. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Timer;
}

export type { RandomHex } from '../transport/port.ts';

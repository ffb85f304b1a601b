/** Time and chance as the gateway takes them, so that tests can hold both still. */
import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';

export interface MediaTimer {
  cancel(): void;
}

/** The same shape as the clock of `sip/`. */
export interface MediaClock {
  /** Milliseconds since 1970 with fractions; never goes backwards. */
  now(): number;
  /** Runs once after `ms`. */
  after(ms: number, run: () => void): MediaTimer;
}

/** A whole number from 0 up to, not including, `below`. */
export type RandomBelow = (below: number) => number;

export const systemClock: MediaClock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export const systemRandom: RandomBelow = (below) => randomInt(below);

/** Time and chance as the gateway takes them, so that tests can hold both still. */
import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';

export interface MediaClock {
  /** Milliseconds since 1970 with fractions; never goes backwards. */
  now(): number;
  /** Runs once after `ms`; gives back what cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** A whole number from 0 up to, not including, `below`. */
export type RandomBelow = (below: number) => number;

export const systemClock: MediaClock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: RandomBelow = (below) => randomInt(below);

/** Time as the stores see it, in the shape that the softphone uses too, so that one clock serves both. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `work` once after `ms`. */
  after(ms: number, work: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

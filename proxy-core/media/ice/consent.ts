/** Whether the peer still wants what we send it: asked every 5 s on each chosen pair (RFC 7675 §5.1). */
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import type { Component } from './candidate.ts';
import type { Pair } from './pair.ts';

const INTERVAL_MS = 5_000;
/** Old peers answer no more checks once a pair is chosen: what they send counts as well, by `heardAt`. */
const EXPIRES_MS = 30_000;

export interface ConsentOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ask: (pair: Pair) => void;
  readonly expired: (pair: Pair) => void;
}

export class Consent {
  readonly #options: ConsentOptions;
  readonly #timers = new Map<Component, MediaTimer>();

  constructor(options: ConsentOptions) {
    this.#options = options;
  }

  /** This pair of the component from now on, and no other. */
  watch(component: Component, pair: Pair): void {
    const { clock, random, ask, expired } = this.#options;
    this.#timers.get(component)?.cancel();
    // Spread, so that calls do not ask in step.
    const wait = INTERVAL_MS * 0.8 + random(INTERVAL_MS * 0.4);
    const timer = clock.after(wait, () => {
      this.#timers.delete(component);
      if (clock.now() - pair.heardAt >= EXPIRES_MS) return expired(pair);
      ask(pair);
      this.watch(component, pair);
    });
    this.#timers.set(component, timer);
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}

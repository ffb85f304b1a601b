/** Notices that a peer sends nothing although sound is expected, and that it came back. */
import type { MediaClock, MediaTimer } from './clock.ts';

export const SILENCE_MS = 3000;
/** A peer that sent comfort noise need not send anything more for as long as nobody there speaks (RFC 3389 §4). */
export const COMFORT_MS = 30_000;

export type SilenceCause = 'never' | 'stopped' | 'resumed';

export class SilenceWatch {
  readonly #clock: MediaClock;
  readonly #tell: (cause: SilenceCause, silentMs: number) => void;
  #timer: MediaTimer | undefined;
  /** When waiting began: the last negotiation or the last packet. */
  #since = 0;
  #heard = false;
  #silent = false;
  /** How long nothing may come. */
  #patience = SILENCE_MS;

  constructor(clock: MediaClock, tell: (cause: SilenceCause, silentMs: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Starts waiting anew after a negotiation; with `expected` false (hold, rejected) nothing is told. */
  arm(expected: boolean): void {
    this.stop();
    this.#silent = false;
    this.#patience = SILENCE_MS;
    if (!expected) return;
    this.#since = this.#clock.now();
    this.#wait(SILENCE_MS);
  }

  /** Comfort noise passed at `now`: the peer is there, and says that it is silent. */
  comfort(now: number): void {
    this.packet(now);
    this.#patience = COMFORT_MS;
  }

  /** A packet passed at `now`. */
  packet(now: number): void {
    const gap = now - this.#since;
    const rested = this.#patience !== SILENCE_MS;
    this.#patience = SILENCE_MS;
    this.#heard = true;
    this.#since = now;
    if (rested && !this.#silent && this.#timer !== undefined) {
      this.stop();
      this.#wait(SILENCE_MS);
    }
    if (!this.#silent) return;
    this.#silent = false;
    this.#tell('resumed', Math.round(gap));
    this.#wait(SILENCE_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.#timer = this.#clock.after(ms, () => {
      const gap = this.#clock.now() - this.#since;
      // Timers may fire a little early against a clock with fractions.
      if (gap < this.#patience - 1) return this.#wait(this.#patience - gap);
      this.#timer = undefined;
      this.#silent = true;
      return this.#tell(this.#heard ? 'stopped' : 'never', Math.round(gap));
    });
  }
}

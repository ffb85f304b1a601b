/** A bucket of tokens: what comes faster than it fills is dropped, so that a flood of datagrams does not reach the window. */
export interface RateLimitOptions {
  readonly perSecond: number;
  readonly burst: number;
  readonly now?: () => number;
}

export class RateLimit {
  readonly #options: Required<RateLimitOptions>;
  #tokens: number;
  #at: number;

  constructor(options: RateLimitOptions) {
    this.#options = { now: Date.now, ...options };
    this.#tokens = options.burst;
    this.#at = this.#options.now();
  }

  /** Whether one more may pass. */
  take(): boolean {
    const { perSecond, burst, now } = this.#options;
    const at = now();
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, at - this.#at) / 1_000) * perSecond);
    this.#at = at;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/**
 * Finds what is due without looking at what is not: keys sit in buckets of time. A key is in one bucket only, that of
 * its earliest known expiry; a later expiry is noticed when the bucket comes up, so refreshing costs nothing.
 */

export class ExpiryIndex<Key> {
  readonly #bucketMs: number;
  readonly #buckets = new Map<number, Set<Key>>();
  readonly #bucketOf = new Map<Key, number>();
  /** Every bucket below this one has been taken. */
  #next: number;

  /** @param bucketMs width of a bucket; @param now where time begins, in ms. */
  constructor(bucketMs: number, now: number) {
    this.#bucketMs = bucketMs;
    this.#next = Math.floor(now / bucketMs);
  }

  get size(): number {
    return this.#bucketOf.size;
  }

  /** Has `key` come up no later than one bucket after `at` (ms). */
  schedule(key: Key, at: number): void {
    const bucket = Math.max(Math.floor(at / this.#bucketMs), this.#next);
    const current = this.#bucketOf.get(key);
    if (current !== undefined) {
      if (current <= bucket) return;
      this.#leave(key, current);
    }
    this.#bucketOf.set(key, bucket);
    const keys = this.#buckets.get(bucket);
    if (keys === undefined) this.#buckets.set(bucket, new Set([key]));
    else keys.add(key);
  }

  cancel(key: Key): void {
    const bucket = this.#bucketOf.get(key);
    if (bucket === undefined) return;
    this.#bucketOf.delete(key);
    this.#leave(key, bucket);
  }

  /** Takes out at most `limit` keys whose bucket lies wholly before `now`; the caller schedules again what still lives. */
  takeDue(now: number, limit: number): Key[] {
    const due: Key[] = [];
    const end = Math.floor(now / this.#bucketMs);
    // After a long sleep the clock is far ahead: walk the buckets that exist, not the time that passed.
    const from = end - this.#next > this.#buckets.size ? this.#sortedBefore(end) : this.#range(end);
    for (const bucket of from) {
      for (const key of this.#buckets.get(bucket) ?? []) {
        if (due.length >= limit) return due;
        due.push(key);
        this.#bucketOf.delete(key);
        this.#leave(key, bucket);
      }
      this.#next = bucket + 1;
    }
    // Also when the clock was set back: what is scheduled from now on must not wait for the time that it had been.
    this.#next = end;
    return due;
  }

  #leave(key: Key, bucket: number): void {
    const keys = this.#buckets.get(bucket);
    keys?.delete(key);
    if (keys?.size === 0) this.#buckets.delete(bucket);
  }

  *#range(end: number): Iterable<number> {
    for (let bucket = this.#next; bucket < end; bucket += 1) yield bucket;
  }

  #sortedBefore(end: number): number[] {
    return [...this.#buckets.keys()].filter((bucket) => bucket < end).sort((a, b) => a - b);
  }
}

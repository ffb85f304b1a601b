/**
 * Finds what is due without looking at what is not: keys sit in buckets of time. Where a key sits follows from its expiry
 * alone, so nothing is kept of each key but its place in one bucket.
 */

export class ExpiryIndex<Key> {
  readonly #bucketMs: number;
  readonly #buckets = new Map<number, Set<Key>>();
  /** Every bucket below this one has been taken. */
  #next: number;

  /** @param bucketMs width of a bucket; @param now where time begins, in ms. */
  constructor(bucketMs: number, now: number) {
    this.#bucketMs = bucketMs;
    this.#next = Math.floor(now / bucketMs);
  }

  get size(): number {
    let size = 0;
    for (const keys of this.#buckets.values()) size += keys.size;
    return size;
  }

  /** Has `key` come up no later than one bucket after `at` (ms). */
  schedule(key: Key, at: number): void {
    const bucket = this.#bucketOf(at);
    const keys = this.#buckets.get(bucket);
    if (keys === undefined) this.#buckets.set(bucket, new Set([key]));
    else keys.add(key);
  }

  /** A key that was scheduled for `from` is now for `to`; undefined for not at all. */
  move(key: Key, from: number | undefined, to: number | undefined): void {
    if (from !== undefined && (to === undefined || this.#bucketOf(from) !== this.#bucketOf(to))) {
      this.#leave(key, this.#bucketOf(from));
    }
    if (to !== undefined) this.schedule(key, to);
  }

  /**
   * Takes out at most `limit` keys whose bucket lies wholly before `now`; the caller schedules again what still lives. One
   * that was overdue when it was moved may come up once more.
   */
  takeDue(now: number, limit: number): Key[] {
    const due: Key[] = [];
    const end = Math.floor(now / this.#bucketMs);
    // After a long sleep the clock is far ahead: walk the buckets that exist, not the time that passed.
    const from = end - this.#next > this.#buckets.size ? this.#sortedBefore(end) : this.#range(end);
    for (const bucket of from) {
      for (const key of this.#buckets.get(bucket) ?? []) {
        if (due.length >= limit) return due;
        due.push(key);
        this.#leave(key, bucket);
      }
      this.#next = bucket + 1;
    }
    // Also when the clock was set back: what is scheduled from now on must not wait for the time that it had been.
    this.#next = end;
    return due;
  }

  #bucketOf(at: number): number {
    return Math.max(Math.floor(at / this.#bucketMs), this.#next);
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

/**
 * Which uses of a nonce have been seen, so that credentials caught on the wire are worth nothing (RFC 7616 §3.4.5, §5.4).
 * Only who proved to know a password is noted, so strangers cannot fill it; and it forgets the oldest rather than grow:
 * what may have been forgotten is then refused as stale, which costs an honest client one more challenge.
 */

/** Requests that overtake each other by more than this many counts are taken for repeated ones. */
const WINDOW = 32;

interface Seen {
  readonly issuedAt: number;
  highest: number;
  /** Bit n: the count `highest - n` was used. */
  bits: number;
}

export interface NonceCountsOptions {
  /** Milliseconds since 1970: what was used before is not known, so nonces from before are refused. */
  readonly since: number;
  readonly maxNonces?: number;
}

export class NonceCounts {
  readonly #seen = new Map<number, Seen>();
  readonly #maxNonces: number;
  /** A nonce as old as this or older may have been forgotten. */
  #forgotten: number;

  constructor({ since, maxNonces = 65_536 }: NonceCountsOptions) {
    this.#maxNonces = maxNonces;
    this.#forgotten = since - 1;
  }

  get size(): number {
    return this.#seen.size;
  }

  /** Notes one use of a nonce of ours; false where it may have been used so before. `id` and `issuedAt` are its own. */
  take({ id, issuedAt }: { readonly id: number; readonly issuedAt: number }, count: number): boolean {
    const seen = this.#seen.get(id);
    if (seen !== undefined) return use(seen, count);
    if (issuedAt <= this.#forgotten) return false;
    this.#seen.set(id, { issuedAt, highest: count, bits: 1 });
    if (this.#seen.size > this.#maxNonces) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const [id, { issuedAt }] of this.#seen) {
      this.#seen.delete(id);
      this.#forgotten = Math.max(this.#forgotten, issuedAt);
      return;
    }
  }
}

function use(seen: Seen, count: number): boolean {
  const ahead = count - seen.highest;
  if (ahead > 0) {
    seen.bits = ahead < WINDOW ? (seen.bits << ahead) | 1 : 1;
    seen.highest = count;
    return true;
  }
  const bit = -ahead < WINDOW ? 1 << -ahead : 0;
  if (bit === 0 || (seen.bits & bit) !== 0) return false;
  seen.bits |= bit;
  return true;
}

/**
 * Which uses of a nonce have been seen, so that credentials caught on the wire are worth nothing (RFC 7616 §3.4.5, §5.4).
 * Only who proved to know a password is noted, so strangers cannot fill it; and it forgets the oldest rather than grow:
 * what may have been forgotten is then refused as stale, which costs an honest client one more challenge.
 */

/** Requests that overtake each other by more than this many counts are taken for repeated ones. */
const WINDOW = 32;

interface Seen {
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
  /** Those first seen of late, and those before them, who are forgotten all at once: one by one costs a map far more. */
  #young = new Map<number, Seen>();
  #old: ReadonlyMap<number, Seen> = new Map();
  readonly #maxYoung: number;
  /** When the last of the young and of the old were issued. */
  #lastYoung: number;
  #lastOld: number;
  /** A nonce as old as this or older may have been forgotten. */
  #forgotten: number;

  constructor({ since, maxNonces = 65_536 }: NonceCountsOptions) {
    this.#maxYoung = Math.max(1, Math.floor(maxNonces / 2));
    this.#forgotten = since - 1;
    this.#lastOld = this.#forgotten;
    this.#lastYoung = this.#forgotten;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Notes one use of a nonce of ours; false where it may have been used so before. `id` and `issuedAt` are its own. */
  take({ id, issuedAt }: { readonly id: number; readonly issuedAt: number }, count: number): boolean {
    const seen = this.#young.get(id) ?? this.#old.get(id);
    if (seen !== undefined) return use(seen, count);
    if (issuedAt <= this.#forgotten) return false;
    if (this.#young.size >= this.#maxYoung) this.#forgetOld();
    this.#young.set(id, { highest: count, bits: 1 });
    this.#lastYoung = Math.max(this.#lastYoung, issuedAt);
    return true;
  }

  #forgetOld(): void {
    this.#forgotten = this.#lastOld;
    this.#lastOld = this.#lastYoung;
    this.#old = this.#young;
    this.#young = new Map();
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

/** Nonces that carry their own proof: nothing is remembered, so no flood of them fills a table (RFC 7616 §3.3, §5.4). */
import type { HashPort } from './hashes.ts';

export interface NonceMakerOptions {
  readonly hashes: HashPort;
  /** At least 16 random bytes, kept while the program runs. After a change old nonces are stale, not wrong. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a nonce is good, in ms; five minutes unless given. */
  readonly lifetimeMs?: number;
}

const TIME_DIGITS = 12;
const MAC_DIGITS = 40;
const SHAPE = /^[0-9a-f]{52}$/;

export class NonceMaker {
  readonly #hashes: HashPort;
  readonly #secret: string;
  readonly #now: () => number;
  readonly #lifetimeMs: number;

  constructor(options: NonceMakerOptions) {
    if (options.secret.length < 16) throw new RangeError('the secret of a nonce must have 16 bytes at least');
    this.#hashes = options.hashes;
    this.#secret = options.secret;
    this.#now = options.now;
    this.#lifetimeMs = options.lifetimeMs ?? 300_000;
  }

  /** `binding` ties the nonce to something of the request, such as its realm or the sender's address. */
  make(binding = ''): string {
    const time = Math.max(0, this.#now()).toString(16).padStart(TIME_DIGITS, '0');
    return time + this.#mac(time, binding);
  }

  /** Whether we made this nonce and it is still young. A nonce that is not ours asks for a new one, as an old one does. */
  isFresh(nonce: string, binding = ''): boolean {
    if (!SHAPE.test(nonce)) return false;
    const time = nonce.slice(0, TIME_DIGITS);
    const age = this.#now() - Number.parseInt(time, 16);
    // A clock that was set back must not make nonces of the future live long.
    if (age < -1000 || age >= this.#lifetimeMs) return false;
    return sameText(nonce.slice(TIME_DIGITS), this.#mac(time, binding));
  }

  /** The secret stands at both ends, so that nobody can lengthen what was hashed. */
  #mac(time: string, binding: string): string {
    return this.#hashes.sha256(`${this.#secret}:${time}:${binding}:${this.#secret}`).slice(0, MAC_DIGITS);
  }
}

/** Compares in a time that does not tell how much was right. */
export function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

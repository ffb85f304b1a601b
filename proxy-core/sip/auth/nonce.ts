/** Nonces that carry their own proof: none is remembered when it is given out, so no flood fills a table (RFC 7616 §3.3, §5.4). */
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
/** Two nonces of one millisecond must differ, since the uses of each are counted. */
const SERIAL_DIGITS = 8;
const SERIALS = 2 ** 32;
const MAC_DIGITS = 40;
/** As many as a number holds exactly. */
const ID_DIGITS = 13;
const SHAPE = /^[0-9a-f]{60}$/;

/** A nonce that is ours and young. */
export interface FreshNonce {
  /** Tells it from others. A number, as a piece of text would keep the whole message alive that it came in. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

export class NonceMaker {
  readonly #hashes: HashPort;
  readonly #secret: string;
  readonly #now: () => number;
  readonly #lifetimeMs: number;
  #serial = 0;

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
    const serial = this.#serial.toString(16).padStart(SERIAL_DIGITS, '0');
    this.#serial = (this.#serial + 1) % SERIALS;
    return time + serial + this.#mac(time + serial, binding);
  }

  /** The nonce read, where we made it and it is still young. One that is not ours asks for a new one, as an old one does. */
  read(nonce: string, binding = ''): FreshNonce | undefined {
    if (!SHAPE.test(nonce)) return undefined;
    const issuedAt = Number.parseInt(nonce.slice(0, TIME_DIGITS), 16);
    const age = this.#now() - issuedAt;
    // A clock that was set back must not make nonces of the future live long.
    if (age < -1000 || age >= this.#lifetimeMs) return undefined;
    const mac = nonce.slice(-MAC_DIGITS);
    if (!sameText(mac, this.#mac(nonce.slice(0, -MAC_DIGITS), binding))) return undefined;
    return { id: Number.parseInt(mac.slice(0, ID_DIGITS), 16), issuedAt };
  }

  /** The secret stands at both ends, so that nobody can lengthen what was hashed. */
  #mac(head: string, binding: string): string {
    return this.#hashes.sha256(`${this.#secret}:${head}:${binding}:${this.#secret}`).slice(0, MAC_DIGITS);
  }
}

/** Compares in a time that does not tell how much was right. */
export function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

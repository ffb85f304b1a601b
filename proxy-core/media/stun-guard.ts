/**
 * Lets only packets of our own window through to werift, whose ICE answers any binding request: a request must come from
 * 127.0.0.1 and carry our USERNAME and a good MESSAGE-INTEGRITY, and anything else must come from where such a request
 * came from before (RFC 8445 §7.3, RFC 8489 §9.1.3, §14.5).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = 20;
const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const INTEGRITY_LENGTH = 20;
/** A browser checks from a few ports at most; more are an attempt to fill memory. */
const MAX_SOURCES = 16;

/** Whether the bytes are a binding request with this user name, signed with this password. */
export function isAuthenticRequest(data: Buffer, username: string, password: string): boolean {
  if (data.length < HEADER || data.readUInt16BE(0) !== BINDING_REQUEST) return false;
  if (data.readUInt32BE(4) !== MAGIC_COOKIE || data.readUInt16BE(2) !== data.length - HEADER) return false;
  let named = false;
  for (let at = HEADER; at + 4 <= data.length; ) {
    const type = data.readUInt16BE(at);
    const length = data.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end > data.length) return false;
    if (type === USERNAME) named = data.toString('utf8', at + 4, end) === username;
    if (type === MESSAGE_INTEGRITY) {
      if (!named || length !== INTEGRITY_LENGTH) return false;
      // The signature covers the message up to here, with a length that counts the signature itself.
      const signed = Buffer.from(data.subarray(0, at));
      signed.writeUInt16BE(end - HEADER, 2);
      return timingSafeEqual(createHmac('sha1', password).update(signed).digest(), data.subarray(at + 4, end));
    }
    at = end + ((4 - (length % 4)) % 4);
  }
  return false;
}

export interface GuardIdentity {
  readonly localUfrag: string;
  readonly localPassword: string;
  readonly remoteUfrag: string;
}

export class StunGuard {
  readonly #username: string;
  readonly #password: string;
  readonly #sources = new Set<number>();

  constructor(identity: GuardIdentity) {
    this.#username = `${identity.localUfrag}:${identity.remoteUfrag}`;
    this.#password = identity.localPassword;
  }

  /** Whether a datagram may reach werift. */
  admits(data: Buffer, host: string, port: number): boolean {
    const first = data[0];
    if (host !== '127.0.0.1' || first === undefined) return false;
    if (first > 3) return this.#sources.has(port);
    if (!isAuthenticRequest(data, this.#username, this.#password)) return false;
    if (!this.#sources.has(port) && this.#sources.size >= MAX_SOURCES) return false;
    this.#sources.add(port);
    return true;
  }
}

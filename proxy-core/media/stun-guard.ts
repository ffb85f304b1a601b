/**
 * Lets only packets of our own window through to werift, whose ICE answers any binding request: a request must come from
 * 127.0.0.1 and carry our USERNAME and a good MESSAGE-INTEGRITY, and anything else must come from where such a request
 * came from before (RFC 8445 §7.3, RFC 8489 §9.1.3, §14.5).
 */
import { ATTRIBUTE, BINDING, isSigned, readStun } from './ice/stun-message.ts';

/** A browser checks from a few ports at most; more are an attempt to fill memory. */
const MAX_SOURCES = 16;

/** Whether the bytes are a binding request with this user name, signed with this password. */
export function isAuthenticRequest(data: Buffer, username: string, password: string): boolean {
  const message = readStun(data);
  if (message?.kind !== 'request' || message.method !== BINDING) return false;
  return message.attributes.get(ATTRIBUTE.USERNAME)?.toString() === username && isSigned(message, password);
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

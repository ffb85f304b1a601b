/**
 * The mark that we put into our Record-Route, so that requests inside a dialog that was admitted once pass without
 * another challenge, also after a restart, and nobody can make one up. Nothing is kept per dialog. It names the hosts of
 * both ends (dialog-ends.ts), so that it opens the way to them only.
 */
import type { SipRequest } from '../sip/message/message.ts';

/** Name of the parameter in our Record-Route URI. */
export const TOKEN_PARAM = 'dlg';

const DIGITS = 16;

export class DialogTokens {
  readonly #secret: string;
  readonly #hash: (bytes: string) => string;

  /** `secret` must survive restarts; `hash` gives SHA-256 in hex. */
  constructor(secret: string, hash: (bytes: string) => string) {
    this.#secret = secret;
    this.#hash = hash;
  }

  /** For a request that may begin a dialog between `ends`: bound to its Call-ID and its caller's tag. */
  make(request: SipRequest, ends: string): string {
    return `${this.#of(request.callId, request.from.tag ?? '', ends)}~${ends}`;
  }

  /**
   * The ends of the dialog; undefined where the token is not ours, or that of another dialog. Either side may send inside
   * a dialog, so that the caller's tag stands in From or in To.
   */
  read(token: string, request: SipRequest): string | undefined {
    const { from, to, callId } = request;
    if (to.tag === undefined || token.charAt(DIGITS) !== '~') return undefined;
    const proof = token.slice(0, DIGITS);
    const ends = token.slice(DIGITS + 1);
    const isOurs = proof === this.#of(callId, from.tag ?? '', ends) || proof === this.#of(callId, to.tag, ends);
    return isOurs ? ends : undefined;
  }

  #of(callId: string, tag: string, ends: string): string {
    return this.#hash(`${this.#secret}\n${callId}\n${tag}\n${ends}`).slice(0, DIGITS);
  }
}

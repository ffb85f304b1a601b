/**
 * The mark that we put into our Record-Route, so that requests inside a dialog that was admitted once pass without
 * another challenge, also after a restart, and nobody can make one up. Nothing is kept per dialog.
 */
import type { SipRequest } from '../sip/message/message.ts';

/** Name of the parameter in our Record-Route URI. */
export const TOKEN_PARAM = 'dlg';

export class DialogTokens {
  readonly #secret: string;
  readonly #hash: (bytes: string) => string;

  /** `secret` must survive restarts; `hash` gives SHA-256 in hex. */
  constructor(secret: string, hash: (bytes: string) => string) {
    this.#secret = secret;
    this.#hash = hash;
  }

  /** For a request that may begin a dialog: bound to its Call-ID and its caller's tag. */
  make(request: SipRequest): string {
    return this.#of(request.callId, request.from.tag ?? '');
  }

  /** Either side may send inside a dialog, so that the caller's tag stands in From or in To. */
  isValid(token: string, request: SipRequest): boolean {
    const { from, to, callId } = request;
    if (to.tag === undefined) return false;
    return token === this.#of(callId, from.tag ?? '') || token === this.#of(callId, to.tag);
  }

  #of(callId: string, tag: string): string {
    return this.#hash(`${this.#secret}\n${callId}\n${tag}`).slice(0, 16);
  }
}

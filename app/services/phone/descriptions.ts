/**
 * The session descriptions of an account's calls. Only one that came in a call may say where its sound goes to, and only
 * one that the gateway wrote may be sent: else the window could aim sound anywhere, by one of its own making that it
 * hands to the gateway or sends to itself.
 */
import { createHash } from 'node:crypto';
import type { SipMessage } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { BoundedMap } from './bounded-map.ts';
import { PerCall } from './per-call.ts';

/** Each way in one call: enough for every phone that rings, and for the changes that one may still refer to. */
const MAX_A_CALL = 64;

/** By their hashes, since a description may be long. */
type Known = BoundedMap<string, true>;

export class Descriptions {
  readonly #calls = new PerCall<{ readonly heard: Known; readonly written: Known }>(() => ({
    heard: new BoundedMap(MAX_A_CALL),
    written: new BoundedMap(MAX_A_CALL),
  }));

  heard(message: SipMessage): void {
    if (hasSdp(message)) this.#calls.heard(message.callId).heard.set(hashOf(message.body), true);
  }

  /** The gateway wrote it for this call. */
  written(callId: string, sdp: string): void {
    this.#calls.sending(callId).written.set(hashOf(sdp), true);
  }

  cameIn(callId: string, sdp: string): boolean {
    return this.#calls.get(callId)?.heard.get(hashOf(sdp)) === true;
  }

  mayLeave(message: SipMessage): boolean {
    if (!hasSdp(message)) return true;
    return this.#calls.sending(message.callId).written.get(hashOf(message.body)) === true;
  }
}

/** Of UTF-8, in which no other text has the bytes of one that came: what the window hands over may be any text. */
const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');

const hasSdp = (message: SipMessage): boolean =>
  message.body !== '' &&
  message.headers.lines(H.ContentType).some((type) => /^\s*application\/sdp\s*(?:;|$)/i.test(type));

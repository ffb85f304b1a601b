/**
 * The session descriptions of an account's calls, and the candidates that are told after them. Only one that came in a call may say where its sound goes to, and only
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
/** Whoever tells candidates without end pushes out no description. */
const TYPES = { sdp: 'application/sdp', candidates: 'application/trickle-ice-sdpfrag' } as const;
type Kind = keyof typeof TYPES;
const KINDS: readonly Kind[] = ['sdp', 'candidates'];

/** By their hashes, since a description may be long. */
type Known = BoundedMap<string, true>;

export class Descriptions {
  readonly #calls: Readonly<Record<Kind, PerCall<{ readonly heard: Known; readonly written: Known }>>> = {
    sdp: knownPerCall(),
    candidates: knownPerCall(),
  };

  heard(message: SipMessage): void {
    const kind = kindOf(message);
    if (kind) this.#calls[kind].heard(message.callId).heard.set(hashOf(message.body), true);
  }

  /** The gateway wrote it for this call. */
  written(callId: string, text: string, kind: Kind = 'sdp'): void {
    this.#calls[kind].sending(callId).written.set(hashOf(text), true);
  }

  cameIn(callId: string, text: string, kind: Kind = 'sdp'): boolean {
    return this.#calls[kind].get(callId)?.heard.get(hashOf(text)) === true;
  }

  mayLeave(message: SipMessage): boolean {
    const kind = kindOf(message);
    return kind === undefined || this.#calls[kind].sending(message.callId).written.get(hashOf(message.body)) === true;
  }
}

const knownPerCall = () =>
  new PerCall<{ readonly heard: Known; readonly written: Known }>(() => ({
    heard: new BoundedMap(MAX_A_CALL),
    written: new BoundedMap(MAX_A_CALL),
  }));

/** Of UTF-8, in which no other text has the bytes of one that came: what the window hands over may be any text. */
const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');

function kindOf(message: SipMessage): Kind | undefined {
  if (message.body === '') return undefined;
  const types = message.headers.lines(H.ContentType).map((line) => line.split(';')[0]?.trim().toLowerCase());
  return KINDS.find((kind) => types.includes(TYPES[kind]));
}

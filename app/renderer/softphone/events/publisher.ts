/**
 * Tells the account's server how its user is (RFC 3903): one publication, refreshed by its tag, made anew where the server
 * has forgotten it, and taken back when there is nothing more to say.
 */
import { PIDF, type PublishedPresence, pidfXml } from '../../../../proxy-core/sip/bodies/pidf.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../../proxy-core/sip/message/parse.ts';
import type { Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import { refreshAfter } from '../registration/pauses.ts';
import { type Sent, sendRequest } from '../send-request.ts';
import { retryAfterMs } from '../status-words.ts';
import { chanceOf, type EventsHost, outsideRequest } from './host.ts';

/** Seconds. */
const ASK = 600;
const MAX_ASK = 86_400;
const FIRST_PAUSE = 5_000;
const MAX_PAUSE = 300_000;
/** The server does not take it, whatever we say. */
const REFUSED = [401, 403, 404, 405, 407, 415, 416, 489, 501, 604];

export class Publisher {
  readonly #host: EventsHost;
  readonly #callId: string;
  readonly #localTag: string;
  readonly #tuple: string;
  #cseq = 0;
  #ask = ASK;
  #failures = 0;
  /** What is to be told; undefined for nothing. */
  #wanted: PublishedPresence | undefined;
  /** What the server was told last, and by which tag it knows that. */
  #told: { readonly what: PublishedPresence; readonly tag: string } | undefined;
  #isConnected = false;
  #isRefused = false;
  #sent: Sent | undefined;
  #timer: Timer | undefined;

  constructor(host: EventsHost) {
    this.#host = host;
    this.#callId = `${host.random(16)}@tandem.invalid`;
    this.#localTag = host.random(8);
    this.#tuple = `t${host.random(4)}`;
  }

  /** This is how the user is from now on; undefined where there is nothing to say. */
  tell(what: PublishedPresence | undefined): void {
    this.#wanted = what;
    if (this.#isConnected && !this.#isRefused && this.#sent === undefined && what !== this.#told?.what) this.#send();
  }

  /** The account has signed in, again or with another address. */
  connected(): void {
    this.#isConnected = true;
    this.#isRefused = false;
    this.#failures = 0;
    if (this.#wanted !== undefined || this.#told !== undefined) this.#send();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.drop();
  }

  drop(): void {
    this.#timer?.cancel();
    this.#sent?.forget();
    this.#sent = undefined;
  }

  #send(): void {
    this.drop();
    const host = this.#host;
    const what = this.#wanted;
    const before = this.#told;
    if (what === undefined && before === undefined) return;
    const first = this.#cseq + 1;
    const expires = what === undefined ? 0 : this.#ask;
    // A refresh needs no document (§4.1).
    const content = what === undefined || what === before?.what ? undefined : pidfXml(host.aor, what, this.#tuple);
    const body = content === undefined ? undefined : { type: PIDF, content };
    const headers: HeaderLine[] = [
      [H.Event, 'presence'],
      [H.Expires, String(expires)],
    ];
    if (before !== undefined) headers.push([H.SipIfMatch, before.tag]);
    this.#sent = sendRequest(
      host.way,
      {
        ...{ method: 'PUBLISH', body: content },
        build: (attempt, auth) => {
          const cseq = first + attempt;
          this.#cseq = cseq;
          const { aor: uri } = host;
          const ids = { callId: this.#callId, localTag: this.#localTag, cseq };
          return outsideRequest(host, { method: 'PUBLISH', uri, ...ids, headers: [...headers, ...auth], body });
        },
      },
      {
        response: (response) => {
          if (response.status < 200) return;
          this.#sent = undefined;
          this.#answered(response, what);
        },
        noResponse: () => {
          this.#sent = undefined;
          this.#later();
        },
      },
    );
  }

  #answered(response: SipResponse, what: PublishedPresence | undefined): void {
    const { status } = response;
    const minExpires = deltaSeconds(response.header(H.MinExpires)) ?? 0;
    if (status < 300) this.#accepted(response, what);
    else if (status === 412 && this.#told !== undefined) {
      // Forgotten there: told anew (§4.1).
      this.#told = undefined;
      this.#send();
    } else if (status === 423 && minExpires > this.#ask && minExpires <= MAX_ASK) {
      this.#ask = minExpires;
      this.#send();
    } else if (REFUSED.includes(status)) {
      this.#told = undefined;
      this.#isRefused = true;
    } else this.#later(retryAfterMs(response.header(H.RetryAfter)));
  }

  #accepted(response: SipResponse, what: PublishedPresence | undefined): void {
    const tag = response.header(H.SipEtag);
    this.#failures = 0;
    this.#told = what === undefined || tag === undefined ? undefined : { what, tag };
    if (this.#wanted !== what) {
      this.#send();
      return;
    }
    if (what === undefined) return;
    const seconds = Math.max(1, Math.min(deltaSeconds(response.header(H.Expires)) ?? this.#ask, this.#ask));
    const ms = refreshAfter(seconds * 1_000, chanceOf(this.#host.random));
    this.#timer = this.#host.clock.after(ms, () => this.#send());
  }

  #later(asked = 0): void {
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(this.#failures, 10), MAX_PAUSE);
    this.#failures++;
    this.#timer = this.#host.clock.after(Math.max(pause, asked), () => this.#send());
  }
}

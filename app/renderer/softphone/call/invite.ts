/** Sends the INVITE that begins a call (RFC 3261 §13.2.1), with what the person and the account want in it. */
import { RELIABLE } from '../../../../proxy-core/sip/dialog/reliable.ts';
import { formatReplaces, type Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import { buildRequest, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { type Sent, sendRequest } from '../send-request.ts';
import { abilities } from './features.ts';
import { Following } from './following.ts';
import { GivingUp } from './giving-up.ts';
import type { CallHost } from './host.ts';
import type { SessionTimer } from './session-timer.ts';

/** What one call asks for besides its target. */
export interface Calling {
  readonly callId: string;
  readonly localTag: string;
  readonly anonymous: boolean;
  /** Takes the place of this dialog at the one called (RFC 3891). */
  readonly replaces?: Replaces | undefined;
  /** Who had us call (RFC 3892); a value of Referred-By. */
  readonly referredBy?: string | undefined;
  /** How long it is to ring at most, in seconds (RFC 3261 §13.2.1). */
  readonly expires?: number | undefined;
}

export interface InviteListener {
  response(response: SipResponse, invite: SipRequest): void;
  noResponse(reason: string): void;
  /** The network changed while it rang, and no answer can come any more. */
  lost(reason: string): void;
}

const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

/** Sends the INVITEs of one call, each with a number of its own. */
export class Inviter {
  readonly #host: CallHost;
  readonly #calling: Calling;
  readonly #timer: SessionTimer;
  #cseq = 0;
  #sent: Sent | undefined;
  #following: Following | undefined;
  readonly #givingUp: GivingUp;

  constructor(host: CallHost, calling: Calling, timer: SessionTimer) {
    this.#host = host;
    this.#calling = calling;
    this.#timer = timer;
    this.#givingUp = new GivingUp({
      clock: host.clock,
      hasWay: () => host.way.hop() !== undefined,
      say: () => this.#sent?.cancel(),
      abandon: () => this.#sent?.abandon(),
    });
  }

  cancel(): void {
    this.#following?.stop();
    this.#givingUp.begin();
  }

  forget(): void {
    this.#following?.stop();
    this.#givingUp.stop();
    this.#sent?.forget();
  }

  /** The account's connection may be another one, or none. */
  follow(): void {
    this.#following?.follow(this.#host.way.hop() !== undefined);
    this.#givingUp.follow();
  }

  /** Since when no answer could come, in ms since 1970; undefined while one can. */
  get cutOffSince(): number | undefined {
    return this.#following?.since;
  }

  send(uri: string, to: string, sdp: string | undefined, listener: InviteListener): void {
    const host = this.#host;
    const { callId, localTag, anonymous } = this.#calling;
    const first = this.#cseq + 1;
    this.#following?.stop();
    const following = new Following({
      clock: host.clock,
      ask: (again) => this.#sent?.follow(again) === true,
      lost: (reason) => listener.lost(reason),
      changed: host.changed,
    });
    this.#following = following;
    this.#sent = sendRequest(
      host.way,
      {
        method: 'INVITE',
        body: sdp,
        build: (attempt, auth) => {
          this.#cseq = first + attempt;
          return (via) =>
            buildRequest({
              method: 'INVITE',
              uri,
              via,
              from: `${anonymous ? ANONYMOUS : host.from()};tag=${localTag}`,
              to: `<${to}>`,
              callId,
              cseq: first + attempt,
              routes: host.routes(),
              headers: [...this.#headers(), ...auth],
              body: sdp === undefined ? undefined : { type: 'application/sdp', content: sdp },
            });
        },
      },
      {
        response: (response, invite) => {
          following.heard(response.status);
          if (response.status >= 200) this.#givingUp.stop();
          if (response.status === 422 && !this.#givingUp.hasBegun && this.#timer.raise(response))
            this.send(uri, to, sdp, listener);
          else listener.response(response, invite);
        },
        noResponse: (reason) => {
          following.stop();
          this.#givingUp.stop();
          listener.noResponse(reason);
        },
        cancelUnsaid: () => this.#givingUp.unsaid(),
      },
    );
  }

  #headers(): HeaderLine[] {
    const { contact, settings, userAgent, from } = this.#host;
    const { anonymous, replaces, referredBy, expires } = this.#calling;
    const required = [
      ...(settings.reliable === 'always' ? [RELIABLE] : []),
      ...(replaces === undefined ? [] : ['replaces']),
    ];
    return [
      [H.Contact, contact()],
      ...abilities(settings),
      ...(required.length > 0 ? ([[H.Require, required.join(', ')]] as const) : []),
      ...this.#timer.headers(),
      // The account's own server may know who calls, the one called may not (RFC 3323 §4.1, RFC 3325 §9.3).
      ...(anonymous
        ? ([
            [H.Privacy, 'id'],
            [H.PPreferredIdentity, from()],
          ] as const)
        : []),
      ...(replaces === undefined ? [] : ([[H.Replaces, formatReplaces(replaces)]] as const)),
      ...(referredBy === undefined ? [] : ([[H.ReferredBy, referredBy]] as const)),
      ...(expires === undefined ? [] : ([[H.Expires, String(expires)]] as const)),
      userAgent,
    ];
  }
}

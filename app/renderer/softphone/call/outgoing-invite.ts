/**
 * The INVITE that begins a call from here, and what is said to it: whose dialog an answer begins or goes on with, whether it
 * comes in its turn (RFC 3262 §4), and where a redirection may lead.
 */
import { ReliableOrder, rackFor, rseqOf } from '../../../../proxy-core/sip/dialog/reliable.ts';
import { parseUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { CallHost } from './host.ts';
import { type Calling, Inviter } from './invite.ts';
import type { Legs } from './legs.ts';
import type { SessionTimer } from './session-timer.ts';
import type { CallEvent, CallState } from './types.ts';

export interface OutgoingInvitePorts {
  readonly state: () => CallState;
  readonly dispatch: (event: CallEvent) => void;
  readonly legs: Legs;
  readonly timer: SessionTimer;
}

const NO_ANSWER = { response: () => {}, noResponse: () => {} };

export class OutgoingInvite {
  readonly #host: CallHost;
  readonly #ports: OutgoingInvitePorts;
  readonly #inviter: Inviter;
  readonly #order = new ReliableOrder();

  constructor(host: CallHost, calling: Calling, ports: OutgoingInvitePorts) {
    this.#host = host;
    this.#ports = ports;
    this.#inviter = new Inviter(host, calling, ports.timer);
  }

  /** Since when no answer could come. */
  get cutOffSince(): number | undefined {
    return this.#inviter.cutOffSince;
  }

  /** The account's connection may be another one, or none. */
  follow(): void {
    this.#inviter.follow();
  }

  cancel(): void {
    this.#inviter.cancel();
  }

  forget(): void {
    this.#inviter.forget();
  }

  send(uri: string, to: string, sdp: string | undefined): void {
    const { dispatch } = this.#ports;
    this.#inviter.send(uri, to, sdp, {
      response: (response, invite) => this.#responded(response, invite),
      noResponse: (reason) => dispatch({ type: 'no-response', reason }),
      lost: (reason) => dispatch({ type: 'media-lost', reason }),
    });
  }

  /** Confirms a reliable 18x. @param sdp our answer to the offer in it */
  prack(tag: string, response: SipResponse, sdp: string | undefined): void {
    const rseq = rseqOf(response);
    if (rseq === undefined) return;
    const body = sdp === undefined ? undefined : { type: 'application/sdp', content: sdp };
    const headers = [[H.RAck, rackFor(response, rseq)]] as const;
    this.#ports.legs.get(tag)?.send({ method: 'PRACK', headers, body }, NO_ANSWER);
  }

  #responded(response: SipResponse, invite: SipRequest): void {
    const { status } = response;
    const accepted = status >= 200 && status < 300;
    const { legs, timer, state, dispatch } = this.#ports;
    if (accepted && this.#host.acks.repeat(response)) return;
    const leg = status > 100 && status < 300 ? legs.take(invite, response) : undefined;
    const rseq = rseqOf(response);
    // One that comes again, or before its turn (RFC 3262 §4).
    if (rseq !== undefined && (leg === undefined || !this.#order.takes(leg, rseq))) return;
    if (accepted && state().phase === 'inviting') timer.took(response);
    dispatch({
      ...{ type: 'response', response, invite, leg, reliable: rseq !== undefined },
      mayFollow: (uri) => this.#mayFollow(uri),
    });
  }

  #mayFollow(text: string): boolean | 'ask' {
    const uri = parseUri(text);
    switch (this.#host.settings.redirects) {
      case 'always':
        return true;
      case 'never':
        return false;
      case 'ask':
        return 'ask';
      case 'outside':
        return uri.ok && this.#host.isOwn(uri.value) ? true : 'ask';
    }
  }
}

/** What the other side sends within a call: whether it is of this call, and what it concerns (RFC 3261 §12.2.2). */
import { dialogAsCallee } from '../../../../proxy-core/sip/dialog/dialog.ts';
import type { Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import type { SipMessage, SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { Effects } from './effects.ts';
import type { Handover } from './handover.ts';
import type { CallParts } from './host.ts';
import { shownState } from './machine.ts';
import type { Trickle } from './trickle.ts';
import type { CallEvent, CallState } from './types.ts';

export interface PeerRequestsPorts {
  readonly parts: CallParts;
  readonly effects: Effects;
  readonly handover: Handover;
  readonly trickle: Trickle;
  readonly state: () => CallState;
  readonly dispatch: (event: CallEvent) => void;
  /** It hangs up, and this is why; undefined where it says itself. */
  readonly epitaph: (words: string | undefined) => void;
  /** It may tell who the other side is now. */
  readonly connected: (message: SipMessage) => void;
  readonly changed: () => void;
}

export class PeerRequests {
  readonly #ports: PeerRequestsPorts;

  constructor(ports: PeerRequestsPorts) {
    this.#ports = ports;
  }

  /** Whether a request with a tag in To belongs to this call. */
  owns(request: SipRequest): boolean {
    const { parts, effects, state } = this.#ports;
    if (request.callId !== parts.callId || request.to.tag !== parts.localTag) return false;
    // An ended call answers whoever asks for it.
    const { phase } = state();
    const gone = phase === 'ended' || phase === 'cancelling';
    return effects.leg(request.from.tag ?? '') !== undefined || (gone && parts.arrived === undefined);
  }

  /** Whether Replaces names this call: answered, or ringing at the one called (RFC 3891 §3). */
  isNamedBy({ callId, toTag, fromTag }: Replaces): 'answered' | 'ringing' | 'over' | undefined {
    const { parts, effects, state } = this.#ports;
    if (callId !== parts.callId || toTag !== parts.localTag || effects.leg(fromTag) === undefined) return undefined;
    const at = state();
    if (at.phase === 'talking') return at.leg === fromTag ? 'answered' : undefined;
    if (at.phase === 'inviting') return 'ringing';
    return shownState(at) === 'ended' ? 'over' : undefined;
  }

  /** An INVITE of this call came again, by another way or anew from its caller; false where the first is answered and over. */
  invitedAnew(invitation: ServerTransaction): boolean {
    const { parts, effects, state } = this.#ports;
    const at = state();
    const waits =
      at.phase === 'talking'
        ? at.session.exchange.state === 'unacknowledged'
        : at.phase === 'alerting' || at.phase === 'answering';
    const made = waits ? dialogAsCallee(invitation.request, parts.localTag) : undefined;
    if (made?.ok !== true) return false;
    effects.arriveAnew({ invitation, dialog: made.dialog });
    return true;
  }

  /** Takes a request that the call owns. */
  take(transaction: ServerTransaction): void {
    const { effects, handover, trickle, state, dispatch, epitaph, connected, changed } = this.#ports;
    const { request } = transaction;
    const { answers, timer } = effects;
    const at = state();
    const tag = request.from.tag ?? '';
    const leg = effects.leg(tag);
    if (leg !== undefined && !leg.takes(request)) {
      answers.respond(transaction, 500, undefined);
      return;
    }
    const isAnswered = at.phase === 'talking';
    if (isAnswered && at.leg !== tag) {
      // Of a phone that answered too and has no part in this call any more.
      answers.respond(transaction, request.method === 'BYE' ? 200 : 481, undefined);
      return;
    }
    if (request.method === 'PRACK') answers.prack(transaction, effects.invitation);
    else if (request.method === 'REFER' && isAnswered) handover.refer(transaction);
    else if (request.method === 'NOTIFY' && handover.notified(transaction)) changed();
    else if (!trickle.takes(transaction)) {
      const describes = request.method === 'INVITE' || request.method === 'UPDATE';
      const short = describes ? timer.refuses(request) : undefined;
      if (request.method === 'BYE' && isAnswered) epitaph(handover.epitaph);
      if (short !== undefined) answers.respond(transaction, 422, undefined, short);
      else {
        if (describes) connected(request);
        dispatch({ type: 'request', transaction });
      }
    }
  }
}

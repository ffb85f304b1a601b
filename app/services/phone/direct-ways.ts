/**
 * Where an account without a registrar may send to: what begins something goes to the address that the person called, the
 * rest to where the peers of a call asked to be reached.
 */

import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { SipMessage, SipRequest } from '../../../proxy-core/sip/message/message.ts';
import type { Source } from '../../../proxy-core/sip/transport/port.ts';
import { type Destination, KnownWays } from './known-ways.ts';
import { PerCall } from './per-call.ts';

export class DirectWays extends KnownWays {
  /** Calls with somebody on this computer. */
  readonly #here = new PerCall<{ isHere: boolean }>(() => ({ isHere: false }));

  override heard(message: SipMessage, source: Source, isServer: boolean): void {
    super.heard(message, source, isServer);
    if (isLoopback(source.host)) this.#here.heard(message.callId).isHere = true;
  }

  override sending(callId: string): void {
    super.sending(callId);
    this.#here.sending(callId);
  }

  override destination(request: SipRequest): Destination {
    if (request.method === 'REGISTER') return { to: 'nowhere', reason: 'This account has no registrar.' };
    const known = super.destination(request);
    if (known.to !== 'server') return known;
    return request.uri.isSip
      ? { to: 'uri', uri: request.uri }
      : { to: 'nowhere', reason: 'Only addresses that begin with sip: can be called by this account.' };
  }

  /** Whether this request may go to this computer: a person called it, or it was heard from in this call. */
  mayStayHere(request: SipRequest): boolean {
    return request.to.tag === undefined || this.#here.get(request.callId)?.isHere === true;
  }
}

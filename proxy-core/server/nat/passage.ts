/**
 * What a NAT makes necessary between the two ends of one forwarded request: the way back in their Contacts, and our own
 * addresses in their descriptions. Undefined for those who reach each other, and then it costs nothing.
 */
import { editResponse, type MessageEdit } from '../../sip/message/edit.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { Hop } from '../../sip/transport/port.ts';
import { networkOf } from '../guard/network.ts';
import type { RequestContext } from '../request-context.ts';
import { aorOf } from '../stores.ts';
import type { Target } from '../targets.ts';
import { isV6, realmOf } from './addresses.ts';
import { contactWithFlow, revealContact } from './contact.ts';
import { type MessageSdp, messageSdp } from './message-sdp.ts';
import type { Nat } from './nat.ts';
import type { RelayCall } from './relay-calls.ts';
import type { RelayPayer } from './relay-shares.ts';
import type { OwnPlace } from './sdp-body.ts';

/** Requests whose bodies, and those of their responses, offer or answer (RFC 3261, 3262, 3311). */
const WITH_MEDIA: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'PRACK', 'UPDATE']);

const LOOPBACK = /^c=IN IP(?:4 127\.|6 ::1\b)/m;

/** The media has to pass through us, and there is no room for it, or none left for this caller. */
export type NoRelay = 'full' | 'share';

export function passageFor(context: RequestContext, target: Target, hop: Hop): Passage | NoRelay | undefined {
  const { nat } = context.exchange;
  const { request, sender } = context;
  const call = nat.calls?.find(request);
  const relays = call === undefined && request.method === 'INVITE' && needsRelay(context, target, hop);
  const hides = sender.hidden !== undefined && request.method !== 'REGISTER';
  if (!relays && call === undefined && !hides && target.isHidden !== true) return undefined;
  const passage = new Passage(context, target, hop, call);
  return (relays ? passage.open() : undefined) ?? passage;
}

/** By where both ends are, before anyone looks into a description. */
function needsRelay({ exchange, sender, source, request }: RequestContext, target: Target, hop: Hop): boolean {
  const { settings, calls } = exchange.nat;
  if (calls === undefined || settings.relay === 'never') return false;
  if (settings.relay === 'always' || sender.isNated || target.isNated === true) return true;
  const { host } = source;
  if (host === hop.host) return false;
  const [here, there] = [realmOf(host), realmOf(hop.host)];
  // Who shares this machine is reached by its address in the network, unless he names no other than loopback.
  if (here === 'loopback' && there !== 'loopback' && LOOPBACK.test(request.body)) return true;
  // Nobody reaches a private address from outside, nor one family of addresses the other.
  return isV6(host) !== isV6(hop.host) || (here === 'public') !== (there === 'public');
}

/** Forks and glare of a call that is offered again. */
const RELAYS_PER_DIALOG = 4;

/** The user who proved to send this; inside a dialog, where nobody proves anything, the dialog; else the address. */
function payerOf({ user, inDialog, request, source, exchange }: RequestContext): RelayPayer {
  const { relayCallsPerUser, relayCallsPerSource } = exchange.settings;
  if (user !== undefined) {
    return { key: `user ${aorOf(user.number, user.domain)}`, limit: relayCallsPerUser, isStranger: false };
  }
  if (inDialog) return { key: `dialog ${request.callId}`, limit: RELAYS_PER_DIALOG, isStranger: true };
  return { key: `source ${networkOf(source.host)}`, limit: relayCallsPerSource, isStranger: true };
}

export class Passage {
  /** The target is reached by the way of this request only. */
  readonly isHidden: boolean;
  readonly #nat: Nat;
  readonly #context: RequestContext;
  readonly #hop: Hop;
  /** Set while the media of this request's dialog passes through us. */
  #call: RelayCall | undefined;
  /** `#call` was begun by this request, and is not answered yet. */
  #isNew = false;
  #offer: { readonly found: MessageSdp; readonly own: readonly (OwnPlace | undefined)[] } | undefined;

  constructor(context: RequestContext, target: Target, hop: Hop, call: RelayCall | undefined) {
    this.#nat = context.exchange.nat;
    this.#context = context;
    this.#hop = hop;
    this.#call = call;
    this.isHidden = target.isHidden === true;
  }

  /** Begins to relay, unless the caller finds his way by ICE. Says so where no relay is left. */
  open(): NoRelay | undefined {
    const { calls } = this.#nat;
    const { request, source } = this.#context;
    const found = messageSdp(request);
    if (calls === undefined || (found !== undefined && this.#leaves(found))) return undefined;
    const call = calls.open(payerOf(this.#context), request.from.tag, source, this.#hop);
    if (typeof call === 'string') return call;
    // Also a dialog that was set up before we were started anew.
    calls.name(call, request);
    const own = found === undefined ? [] : call.pass('caller', found.sdp, source.host);
    if (own === undefined) {
      calls.release(call);
      return 'full';
    }
    if (found !== undefined) this.#offer = { found, own };
    this.#call = call;
    this.#isNew = true;
    return undefined;
  }

  /** Changes the copy of the request that goes on. */
  outgoing(edit: MessageEdit<SipRequest>): void {
    const { request, sender, source } = this.#context;
    if (sender.hidden !== undefined && request.method !== 'REGISTER')
      edit.set(H.Contact, contactWithFlow(sender.hidden, source, this.#nat.flows));
    if (this.#offer !== undefined) this.#offer.found.replace(edit, this.#offer.found.sdp.rewritten(this.#offer.own));
    else this.#rewrite(edit, request, source.host);
  }

  /** A provisional response or a success as it goes on to the caller; the same where nothing is to be changed. */
  returned(response: SipResponse): SipResponse {
    const { status } = response;
    if (status <= 100 || status >= 300) return response;
    const edit = editResponse(response);
    if (this.isHidden) revealContact(edit, response, this.#hop, this.#nat.flows);
    this.#rewrite(edit, response, this.#hop.host);
    this.#note(response);
    return edit.toMessage();
  }

  #note(response: SipResponse): void {
    const { calls } = this.#nat;
    if (this.#call === undefined || calls === undefined) return;
    if (this.#context.request.method === 'INVITE') {
      calls.name(this.#call, response);
      if (response.status < 200) return;
      this.#isNew = false;
      this.#call.watch();
    } else if (response.status >= 200) this.ended(response.status);
  }

  /** The request has ended with `status`, ours or the target's. */
  ended(status: number): void {
    const isOver = this.#context.request.method === 'BYE' ? status !== 401 && status !== 407 : this.#isNew;
    if (this.#call !== undefined && isOver) this.#nat.calls?.release(this.#call);
  }

  #rewrite<M extends SipRequest | SipResponse>(edit: MessageEdit<M>, message: SipMessage, from: string): void {
    const call = this.#call;
    const { request } = this.#context;
    if (call === undefined || !WITH_MEDIA.has(request.method)) return;
    const found = messageSdp(message);
    if (found === undefined || this.#leaves(found)) return;
    const asker = call.sideOf(request);
    const side = message === request ? asker : asker === 'caller' ? 'callee' : 'caller';
    const own = call.pass(side, found.sdp, from);
    if (own !== undefined) found.replace(edit, found.sdp.rewritten(own));
  }

  /** Who speaks ICE finds a way of his own, unless everything has to pass here (RFC 7362 §6). */
  #leaves({ sdp }: MessageSdp): boolean {
    return sdp.hasIce && this.#nat.settings.relay !== 'always';
  }
}

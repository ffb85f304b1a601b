/**
 * What an account may send to, learned from what it received: addresses that the peers of a call gave in Contact and
 * Record-Route, and the sources of requests that wait for a response. The window names neither.
 */
import type { NameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import type { SipUri } from '../../../proxy-core/sip/grammar/uri.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseAddresses } from '../../../proxy-core/sip/message/parse.ts';
import type { Hop, Source } from '../../../proxy-core/sip/transport/port.ts';
import { BoundedMap } from './bounded-map.ts';
import { PerCall } from './per-call.ts';

const MAX_ADDRESSES = 64;
const MAX_TRANSACTIONS = 2_000;

export type Destination =
  | { readonly to: 'server' }
  | { readonly to: 'uri'; readonly uri: SipUri }
  | { readonly to: 'nowhere'; readonly reason: string };

export class KnownWays {
  readonly #calls = new PerCall<Set<string>>(() => new Set());
  /** Apart, so that strangers' requests cannot push out a call that rings. */
  readonly #fromServer = new BoundedMap<string, Source>(MAX_TRANSACTIONS);
  readonly #fromOthers = new BoundedMap<string, Source>(MAX_TRANSACTIONS);
  /** What the registrar wants later requests to go by (RFC 3608). */
  #serviceRoutes: ReadonlySet<string> = new Set();

  heard(message: SipMessage, source: Source, isServer: boolean): void {
    const sources = isServer ? this.#fromServer : this.#fromOthers;
    if (message.kind === 'request') sources.set(transactionKey(message), source);
    const known = this.#calls.heard(message.callId);
    for (const id of [H.Contact, H.RecordRoute] as const) {
      const addresses = parseAddresses(message, id);
      for (const address of addresses.ok ? addresses.value : []) {
        const key = addressKey(address);
        if (key !== undefined && known.size < MAX_ADDRESSES) known.add(key);
      }
    }
  }

  /** An answer of the registrar. */
  registered(response: SipResponse): void {
    if (response.status < 200 || response.status > 299) return;
    const routes = parseAddresses(response, H.ServiceRoute);
    const keys = (routes.ok ? routes.value : []).slice(0, MAX_ADDRESSES).map(addressKey);
    this.#serviceRoutes = new Set(keys.filter((key) => key !== undefined));
  }

  /** Something is being sent in this call: it is one of ours. */
  sending(callId: string): void {
    this.#calls.sending(callId);
  }

  /** Where a response goes back to (RFC 3261 §18.2.2, RFC 3581 §4); undefined where no request waits for it. */
  wayBack(response: SipResponse): Hop | undefined {
    const key = transactionKey(response);
    const source = this.#fromServer.get(key) ?? this.#fromOthers.get(key);
    if (source === undefined) return undefined;
    const { transport, host, flow, listener } = source;
    const symmetric = transport !== 'UDP' || response.via.has('rport');
    return { transport, host, port: symmetric ? source.port : (response.via.port ?? 5060), flow, listener };
  }

  /** The next hop: in a dialog its first Route or its Request-URI (§12.2.1.1), outside the Service-Route. */
  destination(request: SipRequest): Destination {
    if (request.method === 'REGISTER') return { to: 'server' };
    if (request.to.tag === undefined) return this.#byServiceRoute(request);
    const known = this.#calls.get(request.callId);
    // Nothing was heard in this call: the service was started again meanwhile. Its own server still knows the way.
    if (known === undefined || known.size === 0) return { to: 'server' };
    const routes = parseAddresses(request, H.Route);
    if (!routes.ok) return nowhere('The route of the message cannot be read.');
    const [first] = routes.value;
    const uri = first === undefined ? request.uri : first.uri.ok ? first.uri.value : undefined;
    if (uri === undefined || !uri.isSip) return nowhere('The route of the message cannot be read.');
    return known.has(uriKey(uri)) ? { to: 'uri', uri } : nowhere('The other side never gave this address.');
  }

  #byServiceRoute(request: SipRequest): Destination {
    if (this.#serviceRoutes.size === 0) return { to: 'server' };
    const routes = parseAddresses(request, H.Route);
    const first = routes.ok ? routes.value[0]?.uri : undefined;
    if (first?.ok !== true || !first.value.isSip) return { to: 'server' };
    return this.#serviceRoutes.has(uriKey(first.value)) ? { to: 'uri', uri: first.value } : { to: 'server' };
  }
}

const nowhere = (reason: string): Destination => ({ to: 'nowhere', reason });

/** The ACK to a 2xx apart, responses and requests of one transaction have this in common (§17.2.3). */
const transactionKey = ({ via, callId, cseq, cseqMethod }: SipMessage): string =>
  `${via.branch}\n${via.sentBy.toLowerCase()}\n${callId}\n${cseq}\n${cseqMethod}`;

function addressKey({ uri }: NameAddr): string | undefined {
  return uri.ok && uri.value.isSip ? uriKey(uri.value) : undefined;
}

const uriKey = (uri: SipUri): string =>
  [uri.scheme, uri.host, uri.port ?? '', uri.param('transport') ?? '', uri.param('maddr') ?? '']
    .join('\n')
    .toLowerCase();

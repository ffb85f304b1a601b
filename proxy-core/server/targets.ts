/** Where a request may go: registered contacts and other people's URIs, and how a contact is reached behind a NAT. */
import { parseUri, type SipUri } from '../sip/grammar/uri.ts';
import type { Via } from '../sip/message/via.ts';
import { defaultPort } from '../sip/transport/layer.ts';
import { type Hop, isSecure, type Source, type TransportName } from '../sip/transport/port.ts';
import type { DivertedHeaders } from './divert/history.ts';
import { isNumeric, isV6, realmOf, sameAddress } from './nat/addresses.ts';
import type { Binding } from './stores.ts';

export interface Target {
  readonly uri: SipUri;
  readonly uriText: string;
  /** In thousandths. Targets of one q ring together, lower ones after them (RFC 3261 §16.6). */
  readonly q: number;
  /** Known addresses; undefined where the URI, or the first Route, has to be resolved. */
  readonly hops: readonly Hop[] | undefined;
  /** Routes to visit before the target (RFC 3327). */
  readonly path: readonly string[];
  /** A registered contact of ours: when it cannot be reached, the user is not available rather than a server at fault. */
  readonly isBinding: boolean;
  /** Which one; undefined for what is not registered here. */
  readonly binding?: Binding;
  /** Another way to the same device, for when this one has failed; never tried beside it (RFC 5626 §5.3, §7). */
  readonly next?: Target | undefined;
  /** Only `hops` lead there, whatever the URI says. */
  readonly isHidden?: boolean;
  /** A NAT stands before it. */
  readonly isNated?: boolean;
  /** The call was forwarded to it: what its request tells of that. */
  readonly diverted?: DivertedHeaders;
}

export function uriTarget(uri: SipUri, uriText: string, q = 1000): Target {
  return { uri, uriText, q, hops: undefined, path: NO_PATH, isBinding: false };
}

const NO_PATH: readonly string[] = [];

/** What is left of a target, and of the other ways to its device, when all of it must be TLS (RFC 5630 §5.3). */
export function secureTarget(target: Target): Target | undefined {
  const next = target.next === undefined ? undefined : secureTarget(target.next);
  const hops = target.hops?.filter(({ transport }) => isSecure(transport));
  const [edge] = target.path;
  const isWhole =
    target.uri.scheme === 'sips' && hops?.length !== 0 && (edge === undefined || /^[^<]*<sips:/i.test(edge));
  return isWhole ? { ...target, hops, next } : next;
}

/** A URI as it may stand in a request line: without what only a Contact or a link may have (RFC 3261 §19.1.1). */
export function asRequestUri(uri: SipUri): SipUri {
  return uri.headers === '' && !uri.has('method') ? uri : uri.with({ headers: '' }).withoutParam('method');
}

/**
 * Where a REGISTER came from, as a binding keeps it: `udp:192.0.2.7:5062`, IPv6 in brackets. Who does not ask for rport
 * listens on the port of his Via (RFC 3581 §3), unless a NAT stands between, which knows only the port that it gave.
 */
export function receivedText(source: Source, via: Via): string {
  const listens =
    source.transport === 'UDP' && !via.has('rport') && !(isNumeric(via.host) && !sameAddress(via.host, source.host));
  const port = listens ? (via.port ?? 5060) : source.port;
  const host = source.host.includes(':') ? `[${source.host}]` : source.host;
  return `${source.transport.toLowerCase()}:${host}:${port}`;
}

export const transportNames: Readonly<Record<string, TransportName>> = {
  udp: 'UDP',
  tcp: 'TCP',
  tls: 'TLS',
  ws: 'WS',
  wss: 'WSS',
};

const targets = new WeakMap<Binding, Target>();

/** The target of a binding; undefined where the Contact is no SIP URI. Computed once for as long as the binding stays. */
export function bindingTarget(binding: Binding): Target | undefined {
  const known = targets.get(binding);
  if (known !== undefined) return known;
  const contact = parseUri(binding.contact);
  if (!contact.ok || !contact.value.isSip) return undefined;
  const uri = asRequestUri(contact.value);
  const target: Target = {
    uri,
    uriText: uri === contact.value ? binding.contact : uri.toString(),
    q: binding.q,
    path: binding.path,
    isBinding: true,
    binding,
    ...(binding.path.length > 0 ? { hops: undefined } : bindingWay(binding, uri)),
  };
  targets.set(binding, target);
  return target;
}

type Way = Pick<Target, 'hops' | 'isHidden' | 'isNated'>;

/** Without hops the Contact alone says where to send. */
function bindingWay(binding: Binding, contact: SipUri): Way {
  const received = receivedHop(binding);
  if (received === undefined) return { hops: undefined };
  const { transport } = received;
  const direct = numericHop(contact);
  const isElsewhere = direct !== undefined && !sameAddress(direct.host, received.host);
  // Seen from another address than it believes to have, or from another public port: it is behind a NAT, which lets in
  // only what comes back this way. In its own network a phone may well listen on another port than it sends from.
  const isPlain =
    transport === 'UDP' &&
    direct?.transport === 'UDP' &&
    !isElsewhere &&
    (direct.port === received.port || isV6(received.host) || realmOf(received.host) !== 'public');
  if (transport === 'UDP') {
    // Of a name nothing is known but the way that its owner came.
    if (!isPlain) return { hops: [received], isHidden: true, isNated: direct !== undefined };
    // What registers a flow is reached by it and in no other way, inside dialogs too (RFC 5626 §5.3, §7).
    if (binding.regId !== 0) return { hops: [received], isHidden: true };
    return { hops: [{ ...direct, listener: received.listener }] };
  }
  const isFlow = binding.regId !== 0 || transport !== 'TCP';
  // A connection that the phone opened is the only sure way back to it; its own port is tried when that is gone, but
  // clients of TLS and WebSocket accept no connections.
  const again = !isFlow && direct?.transport === 'TCP' && (isElsewhere || direct.port !== received.port);
  return {
    hops: again ? [received, direct] : [received],
    isHidden: isElsewhere || isFlow,
    isNated: isElsewhere,
  };
}

function receivedHop({ received, listener }: Binding): Hop | undefined {
  const match = /^([a-z]+):\[?([^\]]+)\]?:(\d+)$/.exec(received);
  const transport = transportNames[match?.[1] ?? ''];
  if (match === null || transport === undefined) return undefined;
  return { transport, host: match[2] ?? '', port: Number(match[3]), listener: listener === '' ? undefined : listener };
}

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** The hop of a URI whose host is an address; undefined for a name or an unknown transport. */
export function numericHop(uri: SipUri): Hop | undefined {
  const named = uri.param('maddr') ?? uri.host;
  const host = named.startsWith('[') ? named.slice(1, -1) : named;
  if (!host.includes(':') && !(IPV4.test(host) && host.split('.').every((part) => Number(part) < 256)))
    return undefined;
  const transport = transportOf(uri);
  if (transport === undefined) return undefined;
  return { transport, host, port: uri.port ?? defaultPort(transport) };
}

/** The transport that a URI asks for; undefined for one that we do not speak. */
export function transportOf(uri: SipUri): TransportName | undefined {
  const named = uri.param('transport')?.toLowerCase();
  // `sips:` is TLS all the way, over whatever reliable transport is named (RFC 5630 §3.1.3).
  if (uri.scheme === 'sips') return named === 'udp' ? undefined : named === 'ws' || named === 'wss' ? 'WSS' : 'TLS';
  return named === undefined ? 'UDP' : transportNames[named];
}

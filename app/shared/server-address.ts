/**
 * Reads a server as a person types it: `host`, `host:port`, `sip:host:port;transport=tcp`, `sips:host` or
 * `wss://host:port/path`. Used where the window checks a field, where the softphone makes addresses from it and where the
 * phone service looks for its computer.
 */
export const SIGNAL_TRANSPORTS = ['UDP', 'TCP', 'TLS', 'WS', 'WSS'] as const;
export type SignalTransport = (typeof SIGNAL_TRANSPORTS)[number];

export interface ServerAddress {
  /** Name or address as typed, in lower case; IPv6 in brackets. */
  readonly host: string;
  /** Undefined: found by DNS, else the usual one of the transport. */
  readonly port: number | undefined;
  /** Undefined: found by DNS, else UDP. */
  readonly transport: SignalTransport | undefined;
  /** Of a WebSocket; `/` where none was typed. */
  readonly path: string;
  /** Typed with `sips:`: what goes there is to be protected on every hop (RFC 5630). */
  readonly isSips?: true;
}

export type ReadServer =
  | { readonly ok: true; readonly value: ServerAddress }
  | { readonly ok: false; readonly reason: string };

/** Outbound proxies beyond this are more than anybody needs. */
const MAX_PROXIES = 4;
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?$/;
const V6 = /^\[[0-9a-f:.]{2,45}\]$/;
const PATH = /^\/[\w./~%-]{0,200}$/;

export function readServer(text: string): ReadServer {
  const typed = text.trim();
  if (typed === '') return refuse('Type the name or address of the server.');
  if (/\s/.test(typed)) return refuse('The name of a server has no spaces in it.');
  const webSocket = /^(wss?):\/\/([^/]*)(\/.*)?$/i.exec(typed);
  if (webSocket !== null) {
    const [, scheme = '', at = '', path = '/'] = webSocket;
    const transport = scheme.toLowerCase() === 'ws' ? 'WS' : 'WSS';
    if (!PATH.test(path)) return refuse(`${path} cannot be the path of a WebSocket.`);
    return hostAndPort(at.toLowerCase(), transport, path, typed);
  }
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:$|;))/i.exec(typed)?.[1]?.toLowerCase();
  const isSip = scheme === 'sip' || scheme === 'sips';
  if (scheme !== undefined && !isSip && !typed.startsWith('[')) return notAServer(typed);
  const [address = '', ...params] = (isSip ? typed.slice(scheme.length + 1) : typed).toLowerCase().split(';');
  const named = params.find((param) => param.startsWith('transport='))?.slice('transport='.length);
  const secure = scheme === 'sips';
  const transport = SIGNAL_TRANSPORTS.find((known) => known.toLowerCase() === named);
  if (named !== undefined && transport === undefined) {
    return refuse(`Tandem reaches servers by UDP, TCP, TLS, WS or WSS, not by ${named.toUpperCase()}.`);
  }
  if (secure && transport === 'UDP') return refuse('Addresses that begin with sips: cannot be reached by UDP.');
  const used = secure ? (transport === 'WS' || transport === 'WSS' ? 'WSS' : 'TLS') : transport;
  const read = hostAndPort(address.slice(address.lastIndexOf('@') + 1), used, '/', typed);
  return read.ok && secure ? { ok: true, value: { ...read.value, isSips: true } } : read;
}

/** Several in order, between commas; none where nothing is typed. */
export function readProxies(
  text: string,
): { readonly ok: true; readonly value: readonly ServerAddress[] } | { readonly ok: false; readonly reason: string } {
  const typed = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (typed.length > MAX_PROXIES) return refuse(`There can be ${MAX_PROXIES} outbound proxies at most.`);
  const value: ServerAddress[] = [];
  for (const one of typed) {
    const read = readServer(one);
    if (!read.ok) return read;
    value.push(read.value);
  }
  return { ok: true, value };
}

/** By which its proxies are reached that say nothing themselves: as the account has it, but never in the open for `sips:`. */
export function usualTransport({ isSips }: ServerAddress, wanted: string): SignalTransport | undefined {
  const named = SIGNAL_TRANSPORTS.find((known) => known.toLowerCase() === wanted);
  return isSips === true && named !== 'WSS' ? 'TLS' : named;
}

/** As the parameter of a URI names it, with its semicolon; `transport=ws` of a `sips:` URI stands for WSS (RFC 7118 §5). */
export const transportParam = (transport: SignalTransport | undefined): string =>
  transport === undefined ? '' : `;transport=${transport === 'WSS' ? 'ws' : transport.toLowerCase()}`;

export const hostPort = ({ host, port }: ServerAddress): string => (port === undefined ? host : `${host}:${port}`);

function hostAndPort(text: string, transport: SignalTransport | undefined, path: string, typed: string): ReadServer {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? '';
  if (match === null || !(V6.test(host) || NAME.test(host))) return notAServer(typed);
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65_535))
    return refuse(`${port} is not a port; ports go from 1 to 65535.`);
  return { ok: true, value: { host, port, transport, path } };
}

const notAServer = (typed: string): { readonly ok: false; readonly reason: string } =>
  refuse(`${typed} is not a server; type something like office.example or 192.0.2.10:5060.`);

const refuse = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

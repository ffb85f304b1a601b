/**
 * Where to listen, as people write it: `udp://192.0.2.1:5060`, `tls://[::]:5061;advertise=sip.example.org`. What is
 * advertised is where others reach the listener, behind a NAT or a load balancer: it goes into Via and Record-Route.
 */
import { isIP } from 'node:net';
import { defaultPort } from '../../sip/transport/layer.ts';
import type { TransportName } from '../../sip/transport/port.ts';

export interface Advertised {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  /** Undefined for the listener's own. */
  readonly port: number | undefined;
}

export interface ListenAddress {
  readonly transport: TransportName;
  /** An IP address without brackets. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly advertise?: Advertised | undefined;
}

/** A listener could not be opened; `message` is a sentence for people. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** The listener as it was given. */
  readonly listener: string;
  /** The system's code, such as `EADDRINUSE`; `EINVAL` for an address that cannot be read. */
  readonly code: string;

  constructor(message: string, listener: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.listener = listener;
    this.code = code;
  }
}

const ADDRESS = /^([a-z]+):\/\/(\[[0-9a-f:.%]+\]|[^:[\]/;]+)(?::(\d{1,5}))?\/?(?:;advertise=(.*))?$/i;
const ADVERTISED = /^(\[[0-9a-f:.]+\]|[^:[\]/;]+)(?::(\d{1,5}))?$/i;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*\.?$/i;
const NAMES: Readonly<Record<string, TransportName>> = { udp: 'UDP', tcp: 'TCP', tls: 'TLS', ws: 'WS', wss: 'WSS' };

/** Without a port it is the usual one of the transport. Throws ListenError with code EINVAL for what is no address. */
export function parseListenAddress(text: string): ListenAddress {
  const [, scheme = '', written = '', port, advertised] = ADDRESS.exec(text) ?? [];
  const transport = NAMES[scheme.toLowerCase()];
  if (scheme !== '' && transport === undefined) {
    throw invalid(text, `it cannot listen on ${scheme}, only on udp, tcp, tls, ws and wss`);
  }
  const host = hostIn(written) === 'localhost' ? '127.0.0.1' : hostIn(written);
  if (transport === undefined || !isAddress(written, host) || !isPort(port)) {
    throw invalid(text, 'write it as udp://192.0.2.1:5060 or tls://[2001:db8::1]:5061;advertise=sip.example.org:5061');
  }
  const address = { transport, host, port: port === undefined ? defaultPort(transport) : Number(port) };
  return advertised === undefined ? address : { ...address, advertise: parseAdvertised(text, advertised) };
}

function parseAdvertised(text: string, given: string): Advertised {
  const [, written = '', port] = ADVERTISED.exec(given) ?? [];
  const host = hostIn(written);
  const isHost = isAddress(written, host) || (!/^[\d.]+$/.test(host) && HOST_NAME.test(host));
  if (!isHost || isWildcard(host) || !isPort(port) || port === '0') {
    throw invalid(text, `"${given}" is nothing that others can reach; write it as sip.example.org or 192.0.2.1:5060`);
  }
  return { host, port: port === undefined ? undefined : Number(port) };
}

const hostIn = (written: string): string => written.replace(/^\[|\]$/g, '').toLowerCase();
const isAddress = (written: string, host: string): boolean => isIP(host) === (written.startsWith('[') ? 6 : 4);
const isPort = (digits: string | undefined): boolean => digits === undefined || Number(digits) <= 65_535;
const invalid = (text: string, wanted: string): ListenError =>
  new ListenError(`"${text}" is no address to listen on: ${wanted}.`, text, 'EINVAL');

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The listener's name, also in stores: what it is bound to, whatever it advertises. */
export const listenerName = ({ transport, host, port }: ListenAddress): string =>
  `${transport.toLowerCase()}://${bracketed(host)}:${port}`;

/** The reverse of `parseListenAddress`. */
export function formatListenAddress(address: ListenAddress): string {
  const { advertise } = address;
  if (advertise === undefined) return listenerName(address);
  const port = advertise.port === undefined ? '' : `:${advertise.port}`;
  return `${listenerName(address)};advertise=${bracketed(advertise.host)}${port}`;
}

/** `host:port` for Via and Record-Route; undefined where it depends on who is to see it. */
export function fixedSentBy({ host, port, advertise }: ListenAddress): string | undefined {
  if (advertise !== undefined) return `${bracketed(advertise.host)}:${advertise.port ?? port}`;
  return isWildcard(host) ? undefined : `${bracketed(host)}:${port}`;
}

/** The system's refusal as a sentence that says what to do. */
export function listenError(error: unknown, address: ListenAddress): ListenError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'UNKNOWN';
  const name = listenerName(address);
  const { port, host } = address;
  const said = error instanceof Error ? error.message : String(error);
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is already used by another program; close it or choose another port (${name}).`,
    EACCES: `The system does not let this program listen on port ${port}; choose one above 1023 (${name}).`,
    EADDRNOTAVAIL: `This computer does not have the address ${host} (${name}).`,
  };
  return new ListenError(sentences[code] ?? `Cannot listen on ${name}: ${said}.`, name, code, error);
}

/** The first listener that sends to `host` as expected: of its family, and on loopback only where `host` is there too. */
export function pickListener<L extends { readonly address: Pick<ListenAddress, 'host'> }>(
  listeners: Iterable<L>,
  host: string,
): L | undefined {
  let second: L | undefined;
  for (const listener of listeners) {
    const bound = listener.address.host;
    if (isIP(bound) !== isIP(host)) continue;
    if (isWildcard(bound) || isLoopback(bound) === isLoopback(host)) return listener;
    second ??= listener;
  }
  return second;
}

const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.');

export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

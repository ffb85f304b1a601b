/** Where to listen, as people write it: `udp://127.0.0.1:5060`, `tcp://[::1]:5060`. */
import { isIP } from 'node:net';
import type { TransportName } from '../../sip/transport/port.ts';

export interface ListenAddress {
  readonly transport: Extract<TransportName, 'UDP' | 'TCP'>;
  /** An IP address without brackets. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
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

const PATTERN = /^(udp|tcp):\/\/(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]/]+)):(\d{1,5})\/?$/i;

/** Throws ListenError with code EINVAL for what is no address. */
export function parseListenAddress(text: string): ListenAddress {
  const match = PATTERN.exec(text);
  const name = (match?.[2] ?? match?.[3] ?? '').toLowerCase();
  const host = name === 'localhost' ? '127.0.0.1' : name;
  const port = Number(match?.[4]);
  if (match?.[1] === undefined || isIP(host) === 0 || port > 65_535) {
    const wanted = 'write it as udp://ADDRESS:PORT or tcp://ADDRESS:PORT';
    throw new ListenError(`“${text}” is no address to listen on; ${wanted}.`, text, 'EINVAL');
  }
  return { transport: match[1].toLowerCase() === 'udp' ? 'UDP' : 'TCP', host, port };
}

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export const listenerName = ({ transport, host, port }: ListenAddress): string =>
  `${transport.toLowerCase()}://${bracketed(host)}:${port}`;

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

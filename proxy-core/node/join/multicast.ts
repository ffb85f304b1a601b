/** How offices are announced and looked for on a network (multicast DNS, RFC 6762; DNS-SD, RFC 6763). */
import multicastDns, { type Answer, type MulticastDns } from 'multicast-dns';

/** Where every office of Tandem is listed. */
export const SERVICE = '_tandem-office._tcp.local';
/** In seconds. */
export const TTL = 120;

export interface MulticastOptions {
  /** Whether nobody but this computer is to be heard and told. */
  readonly loopback: boolean;
  /** 5353, but in tests. */
  readonly port?: number | undefined;
}

/** A network that does not let this through is none where offices are found: faults are told to nobody. */
export function openMulticast({ loopback, port }: MulticastOptions): MulticastDns {
  const socket = multicastDns({
    ...(loopback && { interface: '127.0.0.1', bind: '0.0.0.0' }),
    ...(port !== undefined && { port }),
  });
  return socket.on('error', () => {}).on('warning', () => {});
}

export const isHeard = (address: string, { loopback }: MulticastOptions): boolean =>
  !loopback || address.startsWith('127.');

export const is = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

export type { Answer };

/** The addresses and names under which this machine's exchange is reached, from what it listens on. */
import { hostname, networkInterfaces } from 'node:os';
import type { OwnAddresses } from '../../server/identity.ts';
import { isLoopback } from '../dns.ts';
import { parseListener } from '../start-options.ts';

const inUri = (host: string): string => (host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase());

/** @param listeners as the transport gives them, with real ports. */
export function ownAddresses(listeners: readonly string[]): OwnAddresses {
  const hosts = new Set<string>();
  const ports = new Set<number>();
  for (const text of listeners) {
    const { host, port } = parseListener(text);
    ports.add(port);
    for (const address of addressesOf(host)) {
      hosts.add(inUri(address));
      if (isLoopback(address)) hosts.add('localhost');
    }
    if (isWildcard(host)) hosts.add(hostname().toLowerCase());
  }
  return { hosts: [...hosts], ports: [...ports] };
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

function addressesOf(host: string): string[] {
  if (!isWildcard(host)) return [host];
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family }) => host === '::' || family === 'IPv4').map(({ address }) => address);
}

/** Whether none of them can be reached from another machine. */
export const isOnlyLoopback = (listeners: readonly string[]): boolean =>
  listeners.every((text) => {
    const { host } = parseListener(text);
    return isLoopback(host) || host === 'localhost';
  });

/** The addresses and names under which this machine's exchange is reached, from what it listens on and advertises. */
import { hostname, networkInterfaces } from 'node:os';
import type { OwnAddresses } from '../../server/identity.ts';
import { isLoopback } from '../dns.ts';
import type { CertificateNames } from '../tls/store.ts';
import { bracketed, isWildcard, type ListenAddress } from '../transport/listen-address.ts';

/** @param listeners as the transport gives them, with real ports. */
export function ownAddresses(listeners: readonly ListenAddress[]): OwnAddresses {
  const hosts = new Set<string>();
  const ports = new Set<number>();
  for (const listener of listeners) {
    ports.add(listener.port);
    if (listener.advertise?.port !== undefined) ports.add(listener.advertise.port);
    for (const host of hostsOf(listener)) {
      hosts.add(bracketed(host).toLowerCase());
      if (isLoopback(host)) hosts.add('localhost');
    }
    if (isWildcard(listener.host)) hosts.add(hostname().toLowerCase());
  }
  return { hosts: [...hosts], ports: [...ports] };
}

/** What a certificate has to name: domains and what is advertised, and what phones may type instead. */
export function certificateNames(domains: readonly string[], listeners: readonly ListenAddress[]): CertificateNames {
  const advertised = listeners.flatMap(({ advertise }) => (advertise === undefined ? [] : [advertise.host]));
  const bound = listeners.flatMap((listener) => hostsOf({ ...listener, advertise: undefined }));
  const isUsable = (name: string): boolean => !name.startsWith('fe80:');
  const needed = [...new Set([...domains, ...advertised])].filter(isUsable);
  const all = [...new Set([...needed, hostname().toLowerCase(), 'localhost', ...bound.filter(isUsable)])];
  return { all, needed };
}

function hostsOf({ host, advertise }: ListenAddress): string[] {
  const advertised = advertise === undefined ? [] : [advertise.host];
  if (!isWildcard(host)) return [host, ...advertised];
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const bound = all.filter(({ family }) => (host === '::') === (family === 'IPv6'));
  return [...bound.map(({ address }) => address), ...advertised];
}

/** Whether none of them can be reached from another machine. */
export const isOnlyLoopback = (listeners: readonly ListenAddress[]): boolean =>
  listeners.every(({ host, advertise }) => isLoopback(host) && (advertise === undefined || isLoopback(advertise.host)));

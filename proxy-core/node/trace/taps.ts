/** Where the trace listens: at the sockets' port, at DNS, at the log. With the trace off none of these is there. */

import { isIPv6 } from 'node:net';
import type { ServerHop } from '../../server/failed-hops.ts';
import { realmOf } from '../../server/nat/addresses.ts';
import type { ExchangeLog, Resolve } from '../../server/parts.ts';
import type { TraceTap } from '../../server/trace/entry.ts';
import type { TransportPort } from '../../sip/transport/port.ts';
import { isWildcard, type ListenAddress, listenerName, pickListener } from '../transport/listen-address.ts';
import { LocalAddresses } from '../transport/local-address.ts';
import type { Trace, TraceOptions } from './trace.ts';

/** The same port, with everything that leaves by it told to `tap`. */
export function tracedPort(port: TransportPort, tap: TraceTap): TransportPort {
  return {
    send(hop, wire, failed) {
      tap.sent(wire, hop);
      port.send(hop, wire, failed);
    },
    sentBy: (hop) => port.sentBy(hop),
    alias: (flow, host, at) => port.alias?.(flow, host, at),
    isReliable: (transport) => port.isReliable(transport),
  };
}

/** What could not be found is written down. */
export function tracedResolve(resolve: Resolve, trace: Pick<Trace, 'note'>): Resolve {
  return (uri) => {
    const told = (hops: readonly ServerHop[]): readonly ServerHop[] => {
      if (hops.length === 0) trace.note('no address was found', { host: uri.host, uri: uri.toString() });
      return hops;
    };
    const found = resolve(uri);
    return found instanceof Promise ? found.then(told) : told(found);
  };
}

/** What the log is told, the trace remembers. */
export function tracedLog(log: ExchangeLog, trace: Pick<Trace, 'note'>): ExchangeLog {
  const tell =
    (level: keyof ExchangeLog): ExchangeLog['info'] =>
    (text, details) => {
      trace.note(text, details);
      log[level](text, details);
    };
  return { info: tell('info'), warn: tell('warn'), error: tell('error') };
}

/** Whom the way out leads to; nothing is ever sent there (RFC 5737, RFC 3849). */
const ANYBODY = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

/**
 * Our address towards a host. The system is asked for each host of a private network, but once for all others: a flood
 * from a thousand addresses must not have us ask a thousand times.
 */
function ownAddress(routes: LocalAddresses, host: string): string {
  const far = isIPv6(host) ? ANYBODY[6] : ANYBODY[4];
  return routes.towards(realmOf(host) === 'public' ? far : host);
}

/** Our own address of a record: the listener's, or where it listens on all of them the one that the other side sees. */
export function localEndpoints(listening: () => readonly ListenAddress[]): TraceOptions['local'] {
  const routes = new LocalAddresses(Date.now);
  return ({ direction, listener, transport, remote }) => {
    const ours = listening().filter((address) => address.transport === transport);
    const address =
      ours.find((one) => listenerName(one) === listener) ??
      pickListener(
        ours.map((one) => ({ address: one })),
        remote.host,
      )?.address;
    if (address === undefined) return { host: ownAddress(routes, remote.host), port: 0 };
    const host = isWildcard(address.host) ? ownAddress(routes, remote.host) : address.host;
    // The system chose one for a connection that was opened.
    const isOpened = direction === 'out' && transport !== 'UDP' && listener === '';
    return { host, port: isOpened ? 0 : address.port };
  };
}

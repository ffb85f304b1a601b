/** The sockets of one account, UDP and TCP on one port, and our own address on the way to its server. */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { NodeTransport, type TransportLog } from '../../../proxy-core/node/transport/node-transport.ts';
import type { Hop, TransportSink } from '../../../proxy-core/sip/transport/port.ts';

/** How often a port that is free for both is looked for. */
const TRIES = 16;
const FIRST_PORT = 20_000;
const PORTS = 40_000;
/** A server that does not take a TCP connection within this many ms is taken for one without TCP. */
const CONNECT_MS = 3_000;

/** @param wanted the one port that will do; any free one without it */
export async function openSockets(
  host: string,
  sink: TransportSink,
  log: TransportLog,
  stun: (data: Buffer, host: string, port: number) => void,
  wanted?: number,
): Promise<NodeTransport> {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const listen = (udp: number, tcp: number): Promise<NodeTransport> =>
    NodeTransport.listen({
      listeners: [`udp://${bracketed}:${udp}`, `tcp://${bracketed}:${tcp}`],
      sink,
      log,
      stun,
      limits: { connectMs: CONNECT_MS, connections: 64, connectionsPerAddress: 16 },
    });
  if (wanted !== undefined) {
    return listen(wanted, wanted).catch((cause: unknown) => {
      throw new Error(`port ${wanted} is taken by another program or not allowed`, { cause });
    });
  }
  for (let left = TRIES; left > 0; left--) {
    const port = FIRST_PORT + (Number.parseInt(randomHex(4), 16) % PORTS);
    try {
      return await listen(port, port);
    } catch {
      // Taken by another program, most likely.
    }
  }
  return listen(0, 0);
}

export const portOf = (transport: NodeTransport, protocol: 'UDP' | 'TCP'): number => {
  const name = transport.listeners.find((listener) => listener.startsWith(protocol === 'UDP' ? 'udp:' : 'tcp:'));
  return Number(name?.slice(name.lastIndexOf(':') + 1));
};

/**
 * The address that the system would send from. Connecting a datagram socket asks the routing table and sends nothing.
 * Rejects where there is no way to `hop`.
 */
export function localAddressTowards(hop: Hop): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(hop.host) === 6 ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect(hop.port, hop.host, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}

/** Documentation addresses (RFC 5737, RFC 3849): the way to them is the way to everyone far away. */
const FAR_AWAY = { 4: '198.51.100.1', 6: '2001:db8::1' } as const;

/**
 * Where other computers reach our sound. A phone whose exchange runs on this computer speaks SIP on loopback, but the
 * peers that it calls through it are elsewhere: they get the address on the way out, or any other that is not loopback.
 */
export async function addressForPeers(
  localHost: string,
  towards: typeof localAddressTowards = localAddressTowards,
  interfaces: typeof networkInterfaces = networkInterfaces,
): Promise<string> {
  if (!isLoopback(localHost)) return localHost;
  const family = isIP(localHost) === 6 ? 6 : 4;
  const hop: Hop = { transport: 'UDP', host: FAR_AWAY[family], port: 9 };
  // Without a way out into the world there may be one to the office.
  const outward = await towards(hop).catch(() => localHost);
  if (!isLoopback(outward)) return outward;
  const all = Object.values(interfaces()).flatMap((list) => list ?? []);
  const usable = all.find(({ internal, address }) => !internal && isIP(address) === family && !/^fe80/i.test(address));
  return usable?.address ?? localHost;
}

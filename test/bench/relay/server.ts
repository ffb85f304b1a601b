/** What is measured, in a process of its own: the relay, or a plain socket that sends each datagram back. */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { systemClock, systemRandom } from '../../../proxy-core/media/clock.ts';
import { PacketRelay } from '../../../proxy-core/media/packet-relay.ts';
import { takePortPair } from '../../../proxy-core/media/port-pair.ts';

const HOST = '127.0.0.1';
const RANGE = { min: 42_000, max: 48_000 };

/** Asked of the server: streams between these ports (both directions), or its CPU time. */
export type Ask = { readonly streams: readonly (readonly [number, number])[] } | 'cpu';
/** Where to send for each stream, from its first and from its second end; or microseconds of CPU. */
export type Told = { readonly ports: readonly (readonly [number, number])[] } | { readonly cpu: number };

function relayed([a, b]: readonly [number, number]): readonly [number, number] {
  const take = () => {
    const pair = takePortPair(HOST, RANGE, systemRandom(3_000));
    if (pair === undefined) throw new Error('no ports');
    return pair;
  };
  const relay = new PacketRelay([take(), take()], systemClock, { packets: 0, bytes: 0, lost: 0, dropped: 0 });
  const peer = (port: number) => ({ rtp: { address: HOST, port }, rtcp: undefined, expected: HOST });
  relay.announce(0, { ...peer(a), isStrict: true, isMuxed: true, isRtp: true });
  relay.announce(1, { ...peer(b), isStrict: true, isMuxed: true, isRtp: true });
  return [relay.port(0), relay.port(1)];
}

/** Two sockets for a stream, as the relay has; each sends back what it gets. */
function echoed(): readonly [number, number] {
  const one = (): number => {
    const socket = createSocket({ type: 'udp4', lookup: (name, _options, found) => found(null, name, isIP(name)) });
    socket.on('message', (data, from) => socket.send(data, from.port, from.address, () => undefined));
    // Bound at once, as the lookup answers at once.
    return socket.bind(0, HOST).address().port;
  };
  return [one(), one()];
}

const kind = process.argv[2];

function answer(ask: Ask): Told {
  if (ask === 'cpu') {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system };
  }
  return { ports: ask.streams.map((ends) => (kind === 'relay' ? relayed(ends) : echoed())) };
}

process.on('message', (ask: Ask) => void process.send?.(answer(ask)));
process.on('disconnect', () => process.exit(0));
// What is asked before somebody listens is lost.
process.send?.('ready');

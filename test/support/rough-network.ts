/**
 * A network under a fake clock for UDP and TCP: datagrams take their time, get lost, come twice and overtake each other,
 * the same way in each run; connections only take their time, and fail where nobody listens.
 */
import type {
  FlowId,
  Hop,
  Source,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from '../../proxy-core/sip/transport/port.ts';
import type { FakeClock } from './fake-clock.ts';

export interface Packet {
  readonly transport: TransportName;
  /** `host:port` of both ends. */
  readonly from: string;
  readonly to: string;
  readonly wire: string;
  /** Method or status with the CSeq's method, such as `INVITE` or `200 INVITE`. */
  readonly what: string;
  readonly at: number;
}

/** What happens to a packet: the ms until it arrives, once for each copy. Empty: it is lost. */
export type Fate = (packet: Packet) => readonly number[];

export interface NodePort extends TransportPort {
  readonly address: string;
  readonly detach: () => void;
}

/** Numbers from 0 to 1 that look random and are the same in each run. */
export function chance(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    // Marsaglia's xorshift32.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
}

/** Loses, doubles and delays (5 ms to `jitterMs`) at random. */
export function roughFate(seed: number, loss: number, twice: number, jitterMs: number): Fate {
  const random = chance(seed);
  const delay = (): number => 5 + Math.floor(random() * jitterMs);
  return () => (random() < loss ? [] : random() < twice ? [delay(), delay()] : [delay()]);
}

export class RoughNetwork {
  /** Every packet that was sent, lost ones too. */
  readonly sent: Packet[] = [];
  fate: Fate = () => [5];
  readonly #clock: FakeClock;
  readonly #nodes = new Map<string, TransportSink>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** A node that can be reached by UDP and TCP at `host:port`. */
  attach(address: string, sink: TransportSink): NodePort {
    this.#nodes.set(address, sink);
    return {
      address,
      detach: () => this.detach(address),
      send: (hop, wire, failed) => {
        if (this.#nodes.get(address) === sink) this.#send(address, hop, wire, failed);
      },
      sentBy: (hop) => ({ transport: hop.transport, sentBy: address }),
      isReliable: (transport) => transport !== 'UDP',
    };
  }

  /** Nobody hears what is sent there any more, nor what is sent from there: its power is gone. */
  detach(address: string): void {
    this.#nodes.delete(address);
  }

  /** What went over the wire from one node, in order. */
  whatFrom(address: string): string[] {
    return this.sent.filter(({ from }) => from === address).map(({ what }) => what);
  }

  #send(from: string, hop: Hop, wire: string, failed: (failure: TransportFailure) => void): void {
    const to = `${hop.host}:${hop.port}`;
    const packet: Packet = { transport: hop.transport, from, to, wire, what: whatIs(wire), at: this.#clock.now() };
    this.sent.push(packet);
    if (hop.transport !== 'UDP') {
      this.#clock.after(5, () => {
        if (this.#nodes.has(to)) this.#deliver(packet);
        else failed({ reason: `nobody listens on ${to}` });
      });
      return;
    }
    for (const ms of this.fate(packet)) this.#clock.after(ms, () => this.#deliver(packet));
  }

  #deliver({ transport, from, to, wire }: Packet): void {
    const colon = from.lastIndexOf(':');
    const source: Source = {
      transport,
      host: from.slice(0, colon),
      port: Number(from.slice(colon + 1)),
      flow: `${transport} ${to}>${from}` as FlowId,
      listener: `${transport.toLowerCase()}://${to}`,
    };
    this.#nodes.get(to)?.received(wire, source);
  }
}

function whatIs(wire: string): string {
  const first = wire.slice(0, wire.indexOf('\r\n')).split(' ');
  const method = /^CSeq: *\d+ +(\S+)/im.exec(wire)?.[1] ?? '?';
  return first[0] === 'SIP/2.0' ? `${first[1]} ${method}` : (first[0] ?? '?');
}

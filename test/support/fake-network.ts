/** A network of datagrams in memory, on a fake clock: it can lose, repeat and delay, the same way in each run. */
import type {
  FlowId,
  Hop,
  TransportFailure,
  TransportPort,
  TransportSink,
} from '../../proxy-core/sip/transport/port.ts';
import type { FakeClock } from './fake-clock.ts';

export interface Datagram {
  /** `host:port` of both ends. */
  readonly from: string;
  readonly to: string;
  readonly wire: string;
  /** How many were sent before this one. */
  readonly index: number;
}

/** After how many ms each copy of a datagram arrives; none where it is lost. */
export type Weather = (datagram: Datagram) => readonly number[];

export class FakeNetwork {
  readonly #clock: FakeClock;
  readonly #hosts = new Map<string, TransportSink>();
  readonly sent: Datagram[] = [];
  weather: Weather = () => [1];

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Takes the address `host:port`; `sink` hears what is sent there. */
  join(address: string, sink: TransportSink): TransportPort {
    this.#hosts.set(address, sink);
    return {
      send: (hop, wire, failed) => this.#send(address, hop, wire, failed),
      sentBy: () => ({ transport: 'UDP', sentBy: address }),
      isReliable: () => false,
    };
  }

  /** Nobody hears what is sent there any more. */
  leave(address: string): void {
    this.#hosts.delete(address);
  }

  #send(from: string, hop: Hop, wire: string, _failed: (failure: TransportFailure) => void): void {
    const to = `${hop.host}:${hop.port}`;
    const datagram: Datagram = { from, to, wire, index: this.sent.length };
    this.sent.push(datagram);
    const [host = '', port = ''] = from.split(':');
    const source = { transport: 'UDP' as const, host, port: Number(port) };
    for (const ms of this.weather(datagram)) {
      this.#clock.after(ms, () => {
        const listener = `udp://${to}`;
        this.#hosts.get(to)?.received(wire, { ...source, flow: `${listener}>${from}` as FlowId, listener });
      });
    }
  }
}

/** A router with NAT in the fake network: its mappings end when nothing passes (RFC 4787 §4.3). */
import type { FlowId, TransportPort, TransportSink } from '../../proxy-core/sip/transport/port.ts';
import type { FakeClock } from './fake-clock.ts';
import type { RoughNetwork } from './rough-network.ts';

interface Mapping {
  readonly address: string;
  readonly port: TransportPort;
  /** Whom it was used for, as `host:port`. */
  readonly met: Set<string>;
  usedAt: number;
}

export interface FakeNatOptions {
  readonly clock: FakeClock;
  readonly network: RoughNetwork;
  /** The router's own address. */
  readonly host: string;
  /** A mapping of its own for each destination. */
  readonly isSymmetric?: boolean;
  /** How long a mapping lives without a packet from inside, in ms. */
  readonly lifetimeMs?: number;
}

export class FakeNat {
  readonly #options: FakeNatOptions;
  readonly #mappings = new Map<string, Mapping>();
  #nextPort = 40_000;

  constructor(options: FakeNatOptions) {
    this.#options = options;
  }

  /** Takes an address inside, which nobody outside knows. */
  attach(inside: string, sink: TransportSink): TransportPort {
    return {
      send: (hop, wire, failed) => {
        const to = `${hop.host}:${hop.port}`;
        const mapping = this.#mapping(inside, to, sink);
        mapping.met.add(to);
        mapping.usedAt = this.#options.clock.now();
        mapping.port.send(hop, wire, failed);
      },
      sentBy: () => ({ transport: 'UDP', sentBy: inside }),
      isReliable: () => false,
    };
  }

  /** Forgets everything, as when its power is cut. */
  restart(): void {
    for (const { address } of this.#mappings.values()) this.#options.network.detach(address);
    this.#mappings.clear();
  }

  #mapping(inside: string, to: string, sink: TransportSink): Mapping {
    const { network, clock, host, isSymmetric = false } = this.#options;
    const key = isSymmetric ? `${inside} ${to}` : inside;
    const known = this.#mappings.get(key);
    if (known !== undefined && this.#isAlive(known)) return known;
    if (known !== undefined) network.detach(known.address);
    const address = `${host}:${this.#nextPort++}`;
    const mapping: Mapping = {
      ...{ address, met: new Set<string>(), usedAt: clock.now() },
      port: network.attach(address, {
        flowClosed: () => undefined,
        received: (wire, source) => {
          const from = `${source.host}:${source.port}`;
          if (!this.#isAlive(mapping) || !mapping.met.has(from)) return;
          const listener = `udp://${inside}`;
          sink.received(wire, { ...source, listener, flow: `${listener}>${from}` as FlowId });
        },
      }),
    };
    this.#mappings.set(key, mapping);
    return mapping;
  }

  #isAlive({ usedAt }: Mapping): boolean {
    return this.#options.clock.now() - usedAt <= (this.#options.lifetimeMs ?? 30_000);
  }
}

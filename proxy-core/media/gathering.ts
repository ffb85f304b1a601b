/** What servers give the sockets of one call: how they are seen from outside, and addresses on a relay (RFC 8445 §5.1.1). */
import { addressFamily, type Endpoint } from '../sip/sdp/index.ts';
import type { MediaClock, RandomBelow } from './clock.ts';
import { Discovery, type Mapped } from './ice/discovery.ts';
import { Allocation, type Relayed } from './ice/turn/allocation.ts';
import { datagramLink, streamLink, type TurnServer } from './ice/turn/link.ts';
import type { PortPair } from './port-pair.ts';

export interface IceServers {
  readonly stun?: Endpoint | undefined;
  readonly turn?: TurnServer | undefined;
}

/** An address on a relay that stands for one socket. */
export type RelayedSocket = Relayed & { readonly socket: 'rtp' | 'rtcp'; readonly allocation: Allocation };

export interface Gathered {
  readonly mapped: Mapped;
  readonly relayed: readonly RelayedSocket[];
}

export interface GatheringOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ports: PortPair;
  readonly servers: IceServers;
}

/** A call does not wait for a relay for longer; what comes later is given back. */
const PATIENCE_MS = 3_000;

export class Gathering {
  readonly #options: GatheringOptions;
  readonly #discovery: Discovery | undefined;
  readonly #allocations: readonly (readonly ['rtp' | 'rtcp', Allocation])[];
  #hurry: (() => void) | undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
    const { clock, random, ports, servers } = options;
    const { stun, turn } = servers;
    this.#discovery = stun && new Discovery({ clock, random, ports, server: stun });
    this.#allocations = turn
      ? (['rtp', 'rtcp'] as const).map((socket) => [socket, this.#allocation(socket, turn)])
      : [];
  }

  async gather(): Promise<Gathered> {
    const found = this.#discovery?.find();
    const relayed = await Promise.all(this.#allocations.map(([socket, allocation]) => this.#relay(socket, allocation)));
    let mapped = (await found) ?? {};
    // A relay that is reached from the sockets themselves sees them as a STUN server does.
    if (this.#options.servers.turn?.transport === 'udp') {
      for (const one of relayed.flat()) if (one.mapped) mapped = { [one.socket]: one.mapped, ...mapped };
    }
    return { mapped, relayed: relayed.flat() };
  }

  close(): void {
    this.#discovery?.close();
    for (const [, allocation] of this.#allocations) allocation.close();
    this.#hurry?.();
  }

  async #relay(socket: 'rtp' | 'rtcp', allocation: Allocation): Promise<RelayedSocket[]> {
    const late = new Promise<undefined>((resolve) => {
      const timer = this.#options.clock.after(PATIENCE_MS, () => resolve(undefined));
      const before = this.#hurry;
      this.#hurry = () => {
        timer.cancel();
        resolve(undefined);
        before?.();
      };
    });
    const opened = await Promise.race([allocation.open(), late]);
    if (opened) return [{ socket, allocation, ...opened }];
    allocation.close();
    return [];
  }

  #allocation(socket: 'rtp' | 'rtcp', turn: TurnServer): Allocation {
    const { clock, random, ports } = this.#options;
    const { username, password, transport, endpoint } = turn;
    return new Allocation({
      clock,
      random,
      username,
      password,
      family: addressFamily(ports.address) === 6 ? 6 : 4,
      link: (events) =>
        transport === 'udp' ? datagramLink(ports[socket], endpoint, events) : streamLink(turn, ports.address, events),
    });
  }
}

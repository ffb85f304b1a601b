/**
 * What servers give the sockets of one call, as it comes: how they are seen from outside, and addresses on a relay
 * (RFC 8445 §5.1.1, RFC 8838 §8).
 */
import { addressFamily, type Endpoint } from '../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from './clock.ts';
import { Discovery, type Mapped } from './ice/discovery.ts';
import { Allocation, type Relayed } from './ice/turn/allocation.ts';
import { datagramLink, streamLink, type TurnServer } from './ice/turn/link.ts';
import type { PortPair } from './port-pair.ts';

export interface IceServers {
  readonly stun?: Endpoint | undefined;
  readonly turn?: TurnServer | undefined;
}

type SocketName = 'rtp' | 'rtcp';

/** An address on a relay that stands for one socket. */
export type RelayedSocket = Relayed & { readonly socket: SocketName; readonly allocation: Allocation };

/** What is known so far. */
export interface Gathered {
  readonly mapped: Mapped;
  readonly relayed: readonly RelayedSocket[];
  /** Nothing more will come. */
  readonly isComplete: boolean;
}

export interface GatheringOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ports: PortPair;
  readonly servers: Promise<IceServers>;
  /** Something is known that was not, or nothing more will come. */
  readonly changed?: () => void;
}

/** A description does not wait for a relay for longer. */
const PATIENCE_MS = 3_000;
const SOCKETS = ['rtp', 'rtcp'] as const;

export class Gathering implements Gathered {
  readonly #options: GatheringOptions;
  #discovery: Discovery | undefined;
  #relayed: readonly RelayedSocket[] = [];
  /** Those that the server has not answered. */
  readonly #asked = new Set<Allocation>();
  /** Whether a relay's view of the sockets is that of a STUN server: where it is reached from them. */
  #seesSockets = false;
  #isComplete = false;
  #isClosed = false;
  #patience: MediaTimer | undefined;
  readonly #settled: Promise<void>;
  #settle: () => void = () => undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    // Without servers a call has the addresses that it has.
    void options.servers.then((servers) => this.#gather(servers)).catch(() => this.#gather({}));
  }

  get mapped(): Mapped {
    const told = this.#discovery?.mapped ?? {};
    if (!this.#seesSockets) return told;
    const seen = this.#relayed.flatMap(({ socket, mapped }) => (mapped ? [[socket, mapped] as const] : []));
    return { ...Object.fromEntries(seen), ...told };
  }

  get relayed(): readonly RelayedSocket[] {
    return this.#relayed;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether an address on a relay may come yet. */
  get isRelayAwaited(): boolean {
    return this.#asked.size > 0;
  }

  /** Once all is known, or as much as a description waits for. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** What has not come yet is not wanted any more. */
  abandon(): void {
    for (const allocation of this.#asked) allocation.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#discovery?.close();
    this.abandon();
    for (const { allocation } of this.#relayed) allocation.close();
    this.#patience?.cancel();
    this.#settle();
  }

  async #gather({ stun, turn }: IceServers): Promise<void> {
    if (this.#isClosed) return;
    const { clock, random, ports } = this.#options;
    this.#discovery = stun && new Discovery({ clock, random, ports, server: stun, found: () => this.#changed() });
    this.#seesSockets = turn?.transport === 'udp';
    if (turn) this.#patience = clock.after(PATIENCE_MS, this.#settle);
    await Promise.all([this.#discovery?.find(), ...(turn ? SOCKETS.map((socket) => this.#relay(socket, turn)) : [])]);
    this.#patience?.cancel();
    this.#isComplete = true;
    this.#settle();
    this.#changed();
  }

  async #relay(socket: SocketName, turn: TurnServer): Promise<void> {
    const allocation = this.#allocation(socket, turn);
    this.#asked.add(allocation);
    const opened = await allocation.open();
    this.#asked.delete(allocation);
    if (!opened) allocation.close();
    else {
      this.#relayed = [...this.#relayed, { socket, allocation, ...opened }];
      this.#changed();
    }
  }

  #changed(): void {
    if (!this.#isClosed) this.#options.changed?.();
  }

  #allocation(socket: SocketName, turn: TurnServer): Allocation {
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

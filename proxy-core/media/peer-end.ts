/** Our end of a call towards the peer: its sockets, what servers say of them, ICE on them, and how it is described. */
import { type AgreedAudio, addressFamily, type Endpoint, type LocalAudio, type RemoteIce } from '../sip/sdp/index.ts';
import type { MediaClock, RandomBelow } from './clock.ts';
import { type Gathered, Gathering, type IceServers } from './gathering.ts';
import { isSameEndpoint } from './ice/candidate.ts';
import type { IceSnapshot } from './ice/snapshot.ts';
import { PeerIce } from './peer-ice.ts';
import { openPortPair, type PortPair, type PortRange } from './port-pair.ts';

/** ICE never; where the peer offers it; or in our own offers too. */
export type WantedIce = 'never' | 'offered' | 'always';

export interface PeerEndOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly loopback: boolean;
  readonly ice: WantedIce;
  /** Asked for each new pair of sockets. */
  readonly servers: (family: 4 | 6) => Promise<IceServers>;
  /** What no check may be sent to, although a peer names it. */
  readonly isReserved: (endpoint: Endpoint) => boolean;
  readonly ports: PortRange;
}

/** Who sends and listens on what is opened here. */
export interface PeerEndUser {
  attachPorts(ports: PortPair): void;
  attachIce(ice: PeerIce | undefined): void;
}

const NOTHING: Gathered = { mapped: {}, relayed: [] };

export class PeerEnd {
  readonly #options: PeerEndOptions;
  readonly #user: PeerEndUser;
  #ports: PortPair | undefined;
  #ice: PeerIce | undefined;
  #gathering: Gathering | undefined;
  #gathered: Gathered = NOTHING;
  /** The ends of the sound by the last descriptions, as long as those do not name what ICE chose. */
  #named: { readonly ours: Endpoint | undefined; readonly theirs: Endpoint | undefined } | undefined;
  #closed = false;

  constructor(options: PeerEndOptions, user: PeerEndUser) {
    this.#options = options;
    this.#user = user;
  }

  /** Of our sockets; undefined before they are open. */
  get address(): string | undefined {
    return this.#ports?.address;
  }

  /** A pair of sockets on this address of ours; a new one when it changed, as after a change of network. */
  async open(wanted: string): Promise<void> {
    const address = this.#options.loopback ? loopbackLike(wanted) : wanted;
    const current = this.#ports;
    if (current?.address === address) return;
    const ports = await openPortPair(address, this.#options.ports, this.#options.random);
    this.#ports = ports;
    this.#gathering?.close();
    this.#user.attachPorts(ports);
    await current?.close();
    this.#gathered = NOTHING;
    this.#gathered = await this.#gather(ports);
  }

  /** An offer of ours is about to be written. @param restart the way is to be looked for anew. */
  beforeOffer(restart: boolean): void {
    const before = this.#ice;
    if (this.#offersIce && this.#iceWith(true) === before && restart) before?.restart();
  }

  /** An offer of the peer's is about to be answered. */
  beforeAnswer({ ice }: AgreedAudio['remote']): void {
    if (typeof ice === 'object' && this.#options.ice !== 'never') this.#iceWith(false)?.prepareFor(ice);
  }

  /** What a description says of our end. */
  describe(isOffer: boolean): Pick<LocalAudio, 'address' | 'port' | 'rtcp' | 'ice'> {
    const { mapped } = this.#gathered;
    const chosen = this.#ice?.chosen;
    const { address, port } = chosen?.rtp ?? mapped.rtp ?? this.#ports ?? { address: '', port: 0 };
    // Told once, whatever the peer makes of it.
    this.#named = chosen ? undefined : { ours: { address, port }, theirs: undefined };
    return { address, port, rtcp: chosen ? chosen.rtcp : mapped.rtcp, ice: this.#ice?.describe(isOffer) };
  }

  /** Begins, goes on with, or gives up ICE, as the peer's description says. */
  agree({ rtp, ice, rtcpMux }: AgreedAudio['remote']): void {
    if (this.#named) this.#named = { ours: this.#named.ours, theirs: rtp };
    if (typeof ice === 'object' && this.#ice) this.#ice.agree(ice satisfies RemoteIce, rtcpMux);
    else {
      this.#ice?.close();
      this.#ice = undefined;
      this.#user.attachIce(undefined);
    }
  }

  /** Null where ICE is not in use. */
  snapshot(): IceSnapshot | null {
    return this.#ice?.isRunning ? this.#ice.snapshot() : null;
  }

  /** ICE chose another way than the descriptions name, and it is ours to offer it (RFC 8839 §4.4). */
  get isOfferDue(): boolean {
    const chosen = this.#ice?.chosen;
    if (!chosen?.isOurs || this.#named === undefined) return false;
    return !isSameEndpoint(chosen.rtp, this.#named.ours) || !isSameEndpoint(chosen.remote, this.#named.theirs);
  }

  /** The call ends: nothing is waited for any more. */
  giveUp(): void {
    this.#closed = true;
    this.#gathering?.close();
  }

  async close(): Promise<void> {
    this.#ice?.close();
    const ports = this.#ports;
    this.#ports = undefined;
    await ports?.close();
  }

  /** In our own offers where it is wanted, or a server told an address; in later ones as before. */
  get #offersIce(): boolean {
    const { ice } = this.#options;
    const hasMore = this.#gathered.mapped.rtp !== undefined || this.#gathered.relayed.length > 0;
    return ice === 'always' || (ice === 'offered' && hasMore) || this.#ice?.isRunning === true;
  }

  async #gather(ports: PortPair): Promise<Gathered> {
    const { clock, random } = this.#options;
    const servers = await this.#options.servers(addressFamily(ports.address) === 6 ? 6 : 4);
    if (this.#closed || !(servers.stun || servers.turn)) return NOTHING;
    this.#gathering = new Gathering({ clock, random, ports, servers });
    return this.#gathering.gather();
  }

  /** The one of these sockets. @param isControlling whose offer it begins with (RFC 8445 §6.1.1). */
  #iceWith(isControlling: boolean): PeerIce | undefined {
    const ports = this.#ports;
    if (!ports || this.#ice?.ports === ports) return this.#ice;
    this.#ice?.close();
    const { clock, random, isReserved } = this.#options;
    this.#ice = new PeerIce({ clock, random, ports, isControlling, isReserved, gathered: this.#gathered });
    this.#user.attachIce(this.#ice);
    return this.#ice;
  }
}

const loopbackLike = (address: string): string => (addressFamily(address) === 6 ? '::1' : '127.0.0.1');

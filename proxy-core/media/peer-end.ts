/**
 * Our end of a call towards the peer: its sockets, how servers see them, and ICE on them; what of it a description tells, and what
 * is told later (RFC 8839 §4, RFC 8838 §4, RFC 8840 §4).
 */
import { type AgreedAudio, addressFamily, type Endpoint, type Fragment, type LocalAudio } from '../sip/sdp/index.ts';
import type { MediaClock, RandomBelow } from './clock.ts';
import { Gathering, type IceServers } from './gathering.ts';
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

/** Tells the peer our candidates besides our description; `isNews` where it does not know all of it yet. */
export type Tell = (fragment: Fragment, isNews: boolean) => void;

export class PeerEnd {
  readonly #options: PeerEndOptions;
  readonly #user: PeerEndUser;
  readonly #tell: Tell;
  #ports: PortPair | undefined;
  #ice: PeerIce | undefined;
  #gathering: Gathering | undefined;
  /** The ends of the sound by the last descriptions, as long as those do not name what ICE chose. */
  #named: { readonly ours: Endpoint | undefined; readonly theirs: Endpoint | undefined } | undefined;
  /** Whether the peer takes what is found later, as its last description has it. */
  #peerTrickles = false;
  #closed = false;

  constructor(options: PeerEndOptions, user: PeerEndUser, tell: Tell) {
    this.#options = options;
    this.#user = user;
    this.#tell = tell;
  }

  /** Of our sockets; undefined before they are open. */
  get address(): string | undefined {
    return this.#ports?.address;
  }

  /** Each candidate and pair with its fate; null where ICE is not in use. */
  snapshot(): IceSnapshot | null {
    return this.#ice?.isRunning ? this.#ice.snapshot() : null;
  }

  /** ICE chose another way than the descriptions name, and it is ours to offer it (RFC 8839 §4.4). */
  get isOfferDue(): boolean {
    const chosen = this.#ice?.chosen;
    if (!chosen?.isOurs || this.#named === undefined) return false;
    return !isSameEndpoint(chosen.rtp, this.#named.ours) || !isSameEndpoint(chosen.remote, this.#named.theirs);
  }

  /**
   * The sockets of this call; new ones when our address changed, as after a change of network. What servers give is
   * waited for, but not where the peer can be told later (RFC 8838 §16).
   */
  async open(wanted: string, peerTrickles = this.#peerTrickles): Promise<void> {
    const address = this.#options.loopback ? loopbackLike(wanted) : wanted;
    if (this.#ports?.address !== address) await this.#renew(address);
    const all = this.#gathering?.settled();
    // What is there at once, as where no server is to be asked, need not be told apart.
    await (peerTrickles ? Promise.race([all, new Promise((resolve) => setImmediate(resolve))]) : all);
  }

  /** An offer of ours is about to be written. @param restart the way is looked for anew. */
  beforeOffer(restart: boolean): void {
    const before = this.#ice;
    if (this.#offersIce && this.#iceHere(true) === before && restart) before?.restart();
  }

  /** An offer of the peer's is about to be answered. */
  beforeAnswer({ ice }: AgreedAudio['remote']): void {
    if (typeof ice === 'object' && this.#options.ice !== 'never') this.#iceHere(false)?.prepareFor(ice);
  }

  /** What a description says of it. */
  describe(isOffer: boolean): Pick<LocalAudio, 'address' | 'port' | 'rtcp' | 'ice'> {
    const { mapped = {} } = this.#gathering ?? {};
    const chosen = this.#ice?.chosen;
    const { address = '', port = 0 } = chosen?.rtp ?? mapped.rtp ?? this.#ports ?? {};
    // Told once, whatever the peer makes of it.
    this.#named = chosen ? undefined : { ours: { address, port }, theirs: undefined };
    return { address, port, rtcp: chosen ? chosen.rtcp : mapped.rtcp, ice: this.#ice?.describe(isOffer) };
  }

  /**
   * Begins, goes on with, or gives up ICE, as the peer's description says.
   * @param trickles whether candidates can be told and heard besides the descriptions
   */
  agree({ ice, rtp, rtcpMux }: AgreedAudio['remote'], trickles: boolean): void {
    if (this.#named) this.#named = { ours: this.#named.ours, theirs: rtp };
    this.#peerTrickles = typeof ice === 'object' && ice.trickles === true && trickles;
    if (typeof ice === 'object' && this.#ice) {
      this.#ice.agree({ ...ice, trickles: this.#peerTrickles }, rtcpMux);
      return;
    }
    this.#ice?.close();
    this.#ice = undefined;
    this.#user.attachIce(undefined);
    this.#gathering?.abandon();
  }

  /** After our description is written: tells a peer that takes it what that did not tell. */
  tellMore(): void {
    this.#ice?.tell();
  }

  /** Candidates that the peer found later. */
  hear(fragment: Fragment): void {
    this.#ice?.hear(fragment);
  }

  /** Nothing of a server is waited for any more. */
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

  async #renew(address: string): Promise<void> {
    const { clock, random, ports: range, servers } = this.#options;
    const before = this.#ports;
    const ports = await openPortPair(address, range, random);
    this.#ports = ports;
    this.#gathering?.close();
    this.#user.attachPorts(ports);
    await before?.close();
    const family = addressFamily(address) === 6 ? 6 : 4;
    const changed = (): void => {
      if (this.#ice?.ports === ports) this.#ice.gathered();
    };
    this.#gathering = new Gathering({ clock, random, ports, servers: servers(family), changed });
    if (this.#closed) this.#gathering.close();
  }

  /** In our own offers where it is wanted, or a server told an address or may yet; in later ones as before. */
  get #offersIce(): boolean {
    const { ice } = this.#options;
    const { mapped = {}, relayed = [], isRelayAwaited = false } = this.#gathering ?? {};
    const hasMore = mapped.rtp !== undefined || relayed.length > 0 || isRelayAwaited;
    return ice === 'always' || (ice === 'offered' && hasMore) || this.#ice?.isRunning === true;
  }

  /** The one of our sockets. @param isControlling whose offer it begins with (RFC 8445 §6.1.1). */
  #iceHere(isControlling: boolean): PeerIce | undefined {
    const [ports, gathered] = [this.#ports, this.#gathering];
    if (!ports || !gathered || this.#ice?.ports === ports) return this.#ice;
    this.#ice?.close();
    const { clock, random, isReserved } = this.#options;
    this.#ice = new PeerIce({ clock, random, ports, isControlling, isReserved, gathered, tell: this.#tell });
    this.#user.attachIce(this.#ice);
    return this.#ice;
  }
}

const loopbackLike = (address: string): string => (addressFamily(address) === 6 ? '::1' : '127.0.0.1');

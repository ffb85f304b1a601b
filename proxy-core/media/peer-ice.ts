/** ICE on the sockets of one call: our candidates, the agent that is at work, and packets over what it found. */
import { addressKind, type Endpoint, type Fragment, type LocalIce, type RemoteIce } from '../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from './clock.ts';
import { EarlyFragments } from './early-fragments.ts';
import type { Gathered } from './gathering.ts';
import { IceAgent } from './ice/agent.ts';
import { type Component, freshCredentials, type LocalCandidate, type Path } from './ice/candidate.ts';
import type { IceSnapshot } from './ice/snapshot.ts';
import { looksLikeStun } from './ice/stun-message.ts';
import { componentOf, type Deliver, OwnCandidates, type PeerSocket } from './own-candidates.ts';
import type { PortPair } from './port-pair.ts';

export interface PeerIceOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ports: PortPair;
  readonly isControlling: boolean;
  /** What servers told and gave so far; see `gathered`. */
  readonly gathered: Gathered;
  /** What the peer is to hear of us besides our description; `isNews` where it does not know it yet. */
  readonly tell: (fragment: Fragment, isNews: boolean) => void;
  /** Ours that are not for sound: checks sent there would come from this computer. */
  readonly isReserved: (endpoint: Endpoint) => boolean;
}

export interface Chosen {
  readonly rtp: Endpoint;
  readonly rtcp: Endpoint | undefined;
  readonly remote: Endpoint;
  /** We chose: it is ours to tell. */
  readonly isOurs: boolean;
}

/** Candidates that are found within this go together (RFC 8840 §10.9). */
const TOGETHER_MS = 20;
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

export class PeerIce {
  readonly #options: PeerIceOptions;
  readonly #own: OwnCandidates;
  readonly #ahead = new EarlyFragments();
  /** Found since our description; they make no pairs before the peer is told (RFC 8838 §10). */
  #untold: LocalCandidate[] = [];
  /** How many our description told, and whether it said that these are all. */
  #described = { count: 0, ended: false };
  #telling: MediaTimer | undefined;
  #agent: IceAgent;
  #deliver: Deliver = () => undefined;
  /** Before a restart: serves until the new one has found a way (RFC 8445 §9). */
  #former: IceAgent | undefined;

  constructor(options: PeerIceOptions) {
    this.#options = options;
    const { ports, gathered } = options;
    this.#own = new OwnCandidates(ports, gathered, (path, ...packet) => this.#came(path, ...packet));
    this.#agent = this.#newAgent(options.isControlling);
  }

  get ports(): PortPair {
    return this.#options.ports;
  }

  /** Whether the peer agreed. */
  get isRunning(): boolean {
    return this.#agent.remote !== undefined || this.#former !== undefined;
  }

  /** Whether sound can go to the peer now. */
  get isOpen(): boolean {
    return this.#way(1) !== undefined;
  }

  /** Servers told more, or will tell nothing more. */
  gathered(): void {
    this.#untold.push(...this.#own.refresh());
    if (this.#trickles) this.#telling ??= this.#options.clock.after(TOGETHER_MS, () => this.tell());
    else if (this.#agent.remote) this.#admitUntold();
  }

  /** For our description, which tells all that is known. Only an offer names what was chosen. */
  describe(isOffer: boolean): LocalIce {
    const known = this.#known();
    this.#described = { count: known.candidates.length, ended: known.ended };
    const { isControlling, state } = this.#agent;
    const chosen = ([1, 2] as const).flatMap((component) => {
      const remote = isOffer && isControlling && state === 'connected' ? this.#agent.way(component)?.remote : undefined;
      return remote ? [{ component, address: remote.address, port: remote.port }] : [];
    });
    return { ...known, chosen };
  }

  /** What was chosen, once all of it is: our ends of it and the peer's for sound (RFC 8839 §4.4.1.2.2). */
  get chosen(): Chosen | undefined {
    const [rtp, rtcp] = [this.#agent.way(1), this.#agent.way(2)];
    if (this.#agent.state !== 'connected' || rtp === undefined) return undefined;
    return { rtp: rtp.local, rtcp: rtcp?.local, remote: rtp.remote, isOurs: this.#agent.isControlling };
  }

  /** An offer of the peer's is about to be answered: other credentials than before are a restart, and get new ones. */
  prepareFor(remote: RemoteIce): void {
    if (this.isRunning && !this.#isSamePeer(remote)) this.restart();
  }

  /** Looks for the way anew, under other credentials, once the peer agrees again; what worked serves until then (§9). */
  restart(): void {
    const { isControlling } = this.#agent;
    this.#agent.close();
    this.#former = this.#agent;
    this.#agent = this.#newAgent(isControlling);
  }

  /** Whether the peer is told what is found later. */
  get #trickles(): boolean {
    return this.#agent.remote?.trickles === true;
  }

  /** What the peer said holds. An answer with other credentials is that of another phone that was called. */
  agree(remote: RemoteIce, rtcpMux: boolean): void {
    if (this.#agent.remote !== undefined && !this.#isSamePeer(remote)) {
      const { credentials, isControlling } = this.#agent;
      this.#agent.close();
      this.#agent = this.#newAgent(isControlling, credentials);
    }
    const mayCome = remote.trickles === true && remote.ended !== true;
    const hasRtcp = !rtcpMux && (mayCome || remote.candidates.some(({ component }) => component === 2));
    this.#agent.setRemote(remote, hasRtcp ? [1, 2] : [1]);
    const ahead = this.#ahead.take(remote);
    if (ahead) this.hear(ahead);
    if (!this.#trickles) this.#admitUntold();
  }

  /** Candidates that the peer found later; those of another description wait for it. */
  hear(fragment: Fragment): void {
    if (!this.#isSamePeer(fragment)) this.#ahead.put(fragment);
    else if (this.#trickles) this.#agent.addRemote(fragment.candidates, fragment.ended);
  }

  /** All that is known of us, whether or not it is new: it may also have to say that the peer was heard. */
  tell(): void {
    this.#telling?.cancel();
    this.#telling = undefined;
    if (!this.#trickles) return;
    const known = this.#known();
    const { count, ended } = this.#described;
    this.#options.tell(known, known.candidates.length > count || known.ended !== ended);
  }

  /** A datagram: STUN stays here, what else comes by a way that was checked is handed on. */
  received(socket: PeerSocket, data: Buffer, from: Endpoint): void {
    this.#came(this.#own.paths[socket], socket, data, from);
  }

  /** Who takes what the peer sends. */
  listen(deliver: Deliver): void {
    this.#deliver = deliver;
  }

  /** Nothing is sent where no way works. */
  send(socket: PeerSocket, data: Buffer): void {
    const pair = this.#way(componentOf(socket));
    pair?.local.path.send(data, pair.remote);
  }

  snapshot(): IceSnapshot {
    return this.#agent.snapshot();
  }

  close(): void {
    this.#agent.close();
    this.#telling?.cancel();
    this.#former = undefined;
  }

  /** All that may be told now, and so makes pairs from now on. */
  #known(): Fragment {
    this.#admitUntold();
    const { credentials, locals } = this.#agent;
    const candidates = locals.filter(({ type }) => type !== 'prflx');
    return { ...credentials, candidates, ended: this.#options.gathered.isComplete };
  }

  #admitUntold(): void {
    for (const candidate of this.#untold.splice(0)) this.#agent.addLocal(candidate);
  }

  #came(path: Path, socket: PeerSocket, data: Buffer, from: Endpoint): void {
    if (looksLikeStun(data)) this.#agent.received(path, data, from);
    else if (this.#agent.takes(path, from) || this.#former?.takes(path, from)) this.#deliver(socket, data, from);
  }

  #way(component: Component) {
    return this.#agent.way(component) ?? this.#former?.way(component);
  }

  #isSamePeer({ ufrag, password }: Pick<RemoteIce, 'ufrag' | 'password'>): boolean {
    const { remote } = this.#agent;
    return remote?.ufrag === ufrag && remote.password === password;
  }

  #newAgent(isControlling: boolean, credentials = freshCredentials(this.#options.random)): IceAgent {
    const { clock, random } = this.#options;
    const agent = new IceAgent({
      ...{ clock, random, isControlling, credentials },
      mayReach: (to) => this.#mayReach(to),
      isGathering: () => !this.#options.gathered.isComplete,
    });
    for (const candidate of this.#own.all) if (!this.#untold.includes(candidate)) agent.addLocal(candidate);
    return agent;
  }

  /** A peer must not have us send to programs on this computer, nor from a computer on its own to others. */
  #mayReach(endpoint: Endpoint): boolean {
    const { ports, isReserved } = this.#options;
    const { address, port } = endpoint;
    if (port === 0 || addressKind(address) !== 'unicast' || isReserved(endpoint)) return false;
    return isLoopback(address) === isLoopback(ports.address);
  }
}

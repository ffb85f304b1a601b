/** ICE on the sockets of one call: our candidates, the agent that is at work, and packets over what it found. */
import { addressKind, type Endpoint, type LocalIce, type RemoteIce } from '../sip/sdp/index.ts';
import type { MediaClock, RandomBelow } from './clock.ts';
import type { Gathered, RelayedSocket } from './gathering.ts';
import { IceAgent } from './ice/agent.ts';
import {
  type Component,
  candidatePriority,
  freshCredentials,
  isSameEndpoint,
  type LocalCandidate,
  type Path,
} from './ice/candidate.ts';
import type { IceSnapshot } from './ice/snapshot.ts';
import { looksLikeStun } from './ice/stun-message.ts';
import type { PortPair } from './port-pair.ts';

export type PeerSocket = 'rtp' | 'rtcp';
/** Takes a packet of the peer. */
export type Deliver = (socket: PeerSocket, data: Buffer, from: Endpoint) => void;

export interface PeerIceOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly ports: PortPair;
  readonly isControlling: boolean;
  /** What servers told and gave. */
  readonly gathered: Gathered;
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

const SOCKETS = ['rtp', 'rtcp'] as const;
const componentOf = (socket: PeerSocket): Component => (socket === 'rtp' ? 1 : 2);
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

export class PeerIce {
  readonly #options: PeerIceOptions;
  readonly #locals: readonly LocalCandidate[];
  readonly #paths: Readonly<Record<PeerSocket, Path>>;
  #agent: IceAgent;
  #deliver: Deliver = () => undefined;
  /** Before a restart: serves until the new one has found a way (RFC 8445 §9). */
  #former: IceAgent | undefined;

  constructor(options: PeerIceOptions) {
    this.#options = options;
    const { ports, gathered } = options;
    this.#paths = { rtp: hostPath(ports, 'rtp'), rtcp: hostPath(ports, 'rtcp') };
    const own = SOCKETS.flatMap((socket, index) => {
      const component = componentOf(socket);
      const path = this.#paths[socket];
      const host = { address: ports.address, port: ports.port + index };
      const candidate = (type: 'host' | 'srflx', at: Endpoint): LocalCandidate => {
        const priority = candidatePriority(type, component);
        const related = type === 'host' ? undefined : host;
        return { type, component, priority, foundation: type, ...at, related, path };
      };
      const outside = gathered.mapped[socket];
      const isNew = outside !== undefined && !isSameEndpoint(outside, host);
      return [candidate('host', host), ...(isNew ? [candidate('srflx', outside)] : [])];
    });
    this.#locals = [...own, ...gathered.relayed.map((one) => this.#relay(one))];
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

  /** For our description. Only an offer names what was chosen. */
  describe(isOffer: boolean): LocalIce {
    const { credentials, locals, isControlling, state } = this.#agent;
    const candidates = locals.filter(({ type }) => type !== 'prflx');
    const chosen = ([1, 2] as const).flatMap((component) => {
      const remote = isOffer && isControlling && state === 'connected' ? this.#agent.way(component)?.remote : undefined;
      return remote ? [{ component, address: remote.address, port: remote.port }] : [];
    });
    return { ...credentials, candidates, chosen };
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

  /** What the peer said holds. An answer with other credentials is that of another phone that was called. */
  agree(remote: RemoteIce, rtcpMux: boolean): void {
    if (this.#agent.remote !== undefined && !this.#isSamePeer(remote)) {
      const { credentials, isControlling } = this.#agent;
      this.#agent.close();
      this.#agent = this.#newAgent(isControlling, credentials);
    }
    const hasRtcp = !rtcpMux && remote.candidates.some(({ component }) => component === 2);
    this.#agent.setRemote(remote, hasRtcp ? [1, 2] : [1]);
  }

  /** A datagram: STUN stays here, what else comes by a way that was checked is handed on. */
  received(socket: PeerSocket, data: Buffer, from: Endpoint): void {
    this.#came(this.#paths[socket], socket, data, from);
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
    this.#former = undefined;
  }

  #came(path: Path, socket: PeerSocket, data: Buffer, from: Endpoint): void {
    if (looksLikeStun(data)) this.#agent.received(path, data, from);
    else if (this.#agent.takes(path, from) || this.#former?.takes(path, from)) this.#deliver(socket, data, from);
  }

  #relay({ socket, relayed, mapped, allocation }: RelayedSocket): LocalCandidate {
    const component = componentOf(socket);
    const path: Path = { component, type: 'relay', send: (data, to) => allocation.send(data, to) };
    allocation.listen((data, from) => this.#came(path, socket, data, from));
    const priority = candidatePriority('relay', component);
    return { type: 'relay', component, priority, foundation: 'relay', ...relayed, related: mapped, path };
  }

  #way(component: Component) {
    return this.#agent.way(component) ?? this.#former?.way(component);
  }

  #isSamePeer({ ufrag, password }: RemoteIce): boolean {
    const { remote } = this.#agent;
    return remote?.ufrag === ufrag && remote.password === password;
  }

  #newAgent(isControlling: boolean, credentials = freshCredentials(this.#options.random)): IceAgent {
    const { clock, random } = this.#options;
    const agent = new IceAgent({ clock, random, isControlling, credentials, mayReach: (to) => this.#mayReach(to) });
    for (const candidate of this.#locals) agent.addLocal(candidate);
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

const hostPath = (ports: PortPair, socket: PeerSocket): Path => ({
  component: componentOf(socket),
  type: 'host',
  // Without a callback an unreachable network would come back as an event of the socket.
  send: (data, to) => ports[socket].send(data, to.port, to.address, () => undefined),
});

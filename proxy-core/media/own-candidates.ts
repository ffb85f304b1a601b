/** Our candidates on the two sockets of a call, as servers tell of them, each with the path that its packets take (RFC 8445 §5.1). */
import type { Endpoint } from '../sip/sdp/index.ts';
import type { Gathered, RelayedSocket } from './gathering.ts';
import { type Component, candidatePriority, isSameEndpoint, type LocalCandidate, type Path } from './ice/candidate.ts';
import type { PortPair } from './port-pair.ts';

export type PeerSocket = 'rtp' | 'rtcp';
/** Takes a packet of the peer. */
export type Deliver = (socket: PeerSocket, data: Buffer, from: Endpoint) => void;

const SOCKETS = ['rtp', 'rtcp'] as const;
export const componentOf = (socket: PeerSocket): Component => (socket === 'rtp' ? 1 : 2);

export class OwnCandidates {
  readonly paths: Readonly<Record<PeerSocket, Path>>;
  readonly #ports: PortPair;
  readonly #gathered: Gathered;
  readonly #came: (path: Path, ...packet: Parameters<Deliver>) => void;
  readonly #known: LocalCandidate[] = [];

  /** @param came is told of packets that a relay brings. */
  constructor(ports: PortPair, gathered: Gathered, came: (path: Path, ...packet: Parameters<Deliver>) => void) {
    this.#ports = ports;
    this.#gathered = gathered;
    this.#came = came;
    this.paths = { rtp: hostPath(ports, 'rtp'), rtcp: hostPath(ports, 'rtcp') };
    for (const socket of SOCKETS) this.#known.push(this.#onSocket('host', socket, this.#host(socket)));
    this.refresh();
  }

  get all(): readonly LocalCandidate[] {
    return this.#known;
  }

  /** Those that servers have told of since the last time. */
  refresh(): LocalCandidate[] {
    const { mapped, relayed } = this.#gathered;
    const seen = SOCKETS.flatMap((socket) => {
      const outside = mapped[socket];
      const isNew = outside && !isSameEndpoint(outside, this.#host(socket)) && !this.#has('srflx', socket);
      return isNew ? [this.#onSocket('srflx', socket, outside)] : [];
    });
    const lent = relayed.filter(({ socket }) => !this.#has('relay', socket)).map((one) => this.#onRelay(one));
    this.#known.push(...seen, ...lent);
    return [...seen, ...lent];
  }

  /** There is one server of each kind. */
  #has(type: LocalCandidate['type'], socket: PeerSocket): boolean {
    return this.#known.some((one) => one.type === type && one.component === componentOf(socket));
  }

  #host(socket: PeerSocket): Endpoint {
    const { address, port } = this.#ports;
    return { address, port: socket === 'rtp' ? port : port + 1 };
  }

  #onSocket(type: 'host' | 'srflx', socket: PeerSocket, at: Endpoint): LocalCandidate {
    const component = componentOf(socket);
    const priority = candidatePriority(type, component);
    const related = type === 'host' ? undefined : this.#host(socket);
    return { type, component, priority, foundation: type, ...at, related, path: this.paths[socket] };
  }

  #onRelay({ socket, relayed, mapped, allocation }: RelayedSocket): LocalCandidate {
    const component = componentOf(socket);
    const path: Path = { component, type: 'relay', send: (data, to) => allocation.send(data, to) };
    allocation.listen((data, from) => this.#came(path, socket, data, from));
    const priority = candidatePriority('relay', component);
    return { type: 'relay', component, priority, foundation: 'relay', ...relayed, related: mapped, path };
  }
}

const hostPath = (ports: PortPair, socket: PeerSocket): Path => ({
  component: componentOf(socket),
  type: 'host',
  // Without a callback an unreachable network would come back as an event of the socket.
  send: (data, to) => ports[socket].send(data, to.port, to.address, () => undefined),
});

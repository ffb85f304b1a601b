/**
 * Both sides' candidates and the pairs that they make, whenever they come and within bounds (RFC 8445 §6.1.2, §7.2.5.3.1,
 * §7.3.1.3; RFC 8838 §10, §11).
 */
import type { Endpoint, IceCandidate } from '../../sip/sdp/index.ts';
import {
  type Component,
  candidatePriority,
  isSameEndpoint,
  type LocalCandidate,
  type Path,
  plainEndpoint,
} from './candidate.ts';
import { CheckList, type Pair } from './pair.ts';

/** Of each side. */
const MAX_CANDIDATES = 40;

export interface CandidatesPorts {
  /** Whether anything may be sent there at all. */
  readonly mayReach: (endpoint: Endpoint) => boolean;
  readonly isControlling: () => boolean;
  /** Whether a way was chosen already: what comes later is kept for when that is lost. */
  readonly isSettled: (component: Component) => boolean;
}

export class Candidates {
  readonly list = new CheckList();
  readonly #ports: CandidatesPorts;
  readonly #locals: LocalCandidate[] = [];
  readonly #remotes: IceCandidate[] = [];
  /** Those in use. */
  components: readonly Component[] = [1, 2];

  constructor(ports: CandidatesPorts) {
    this.#ports = ports;
  }

  get locals(): readonly LocalCandidate[] {
    return this.#locals;
  }

  get remotes(): readonly IceCandidate[] {
    return this.#remotes;
  }

  addLocal(candidate: LocalCandidate): void {
    this.#locals.push(candidate);
    for (const remote of this.#remotes) this.#pair(candidate, remote);
  }

  addRemote(told: IceCandidate): void {
    const remote = { ...told, ...plainEndpoint(told) };
    const known = this.#remoteAt(remote.component, remote);
    if (known?.type === 'prflx' && remote.type !== 'prflx') {
      // It showed itself by a check before it was told.
      this.#remotes[this.#remotes.indexOf(known)] = remote;
      this.list.rename(known, remote, this.#ports.isControlling());
    }
    const isWanted = known === undefined && this.components.includes(remote.component);
    if (!isWanted || this.#remotes.length >= MAX_CANDIDATES || !this.#ports.mayReach(remote)) return;
    this.#remotes.push(remote);
    for (const local of this.#locals) this.#pair(local, remote);
  }

  /** What a NAT made of our address, and no server told us before (§7.2.5.3.1). */
  learnLocal({ local, component }: Pair, mapped: Endpoint): void {
    const { path, address, port } = local;
    if (this.#locals.some((one) => one.component === component && isSameEndpoint(one, mapped))) return;
    if (this.#locals.length >= MAX_CANDIDATES) return;
    const priority = candidatePriority('prflx', component);
    const foundation = `p${local.foundation}`.slice(0, 32);
    this.#locals.push({ type: 'prflx', component, priority, foundation, ...mapped, related: { address, port }, path });
  }

  /** The pair that a good check of the peer came by, made where there is none (§7.3.1.3, §7.3.1.4). */
  pairOf(path: Path, from: Endpoint, priority: number): Pair | undefined {
    const { component } = path;
    if (!this.components.includes(component)) return undefined;
    if (!this.#remoteAt(component, from)) {
      const foundation = `prflx${this.#remotes.length}`;
      this.addRemote({ type: 'prflx', component, priority: Math.min(priority, 2 ** 31 - 1), foundation, ...from });
    }
    const remote = this.#remoteAt(component, from);
    const base = this.#locals.find((one) => one.path === path && one.type === path.type);
    return remote && base && this.#pair(base, remote);
  }

  #remoteAt(component: Component, at: Endpoint): IceCandidate | undefined {
    return this.#remotes.find((one) => one.component === component && isSameEndpoint(one, at));
  }

  /** Checks leave from where a candidate is based, so reflexive ones of ours make no pairs of their own (§6.1.2.4). */
  #pair(local: LocalCandidate, remote: IceCandidate): Pair | undefined {
    const { component } = local;
    if (component !== remote.component || local.type === 'srflx' || local.type === 'prflx') return undefined;
    if (local.address.includes(':') !== remote.address.includes(':')) return undefined;
    const known = this.list.find(local, remote);
    if (known) return known;
    const pair = this.list.add(local, remote, component, this.#ports.isControlling());
    if (pair && this.#ports.isSettled(component)) {
      pair.state = 'failed';
      pair.reason = NOT_NEEDED;
    }
    return pair;
  }
}

/** Why a pair was left alone although nothing was wrong with it. */
export const NOT_NEEDED = 'not needed';

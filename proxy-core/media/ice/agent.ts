/**
 * A full ICE agent for one audio stream (RFC 8445): checks pairs of candidates as they come (RFC 8838), nominates or
 * follows the peer's nominations, and asks for consent as long as it sends (RFC 7675). It has no sockets: paths send,
 * `received` takes.
 */

import type { Endpoint, IceCandidate, RemoteIce } from '../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import { RateLimit } from '../rate-limit.ts';
import {
  type Component,
  type Credentials,
  isSameEndpoint,
  type LocalCandidate,
  type Path,
  plainEndpoint,
} from './candidate.ts';
import { Candidates } from './candidates.ts';
import { type Asked, Checks, reasonOf } from './checks.ts';
import { Nomination } from './nomination.ts';
import type { Pair } from './pair.ts';
import { type PeerCheck, readCheck, roleConflictFor, successFor } from './peer-check.ts';
import type { Outcome } from './requests.ts';
import { Selection } from './selection.ts';
import { type IceSnapshot, type IceState, snapshotOf } from './snapshot.ts';
import { BINDING, readStun } from './stun-message.ts';

export interface AgentOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly isControlling: boolean;
  readonly credentials: Credentials;
  /** Whether anything may be sent there at all. */
  readonly mayReach: (endpoint: Endpoint) => boolean;
  /** Whether further candidates of ours may be found. */
  readonly isGathering?: () => boolean;
}

/** For so long nothing has failed yet: the peer may still come from where no candidate tells (RFC 8863 §4). */
const PATIENCE_MS = 39_500;
/** A peer that never says that it has told all candidates is believed to have none after this (RFC 8838 §14). */
const AWAITED_MS = 60_000;
const MAX_EARLY = 16;
/** Answers to strangers and peers alike; a peer that checks 100 pairs every 50 ms needs 20. */
const ANSWERS_PER_SECOND = 100;

interface Early {
  readonly check: PeerCheck;
  readonly path: Path;
  readonly from: Endpoint;
}

export class IceAgent {
  readonly #options: AgentOptions;
  readonly #candidates: Candidates;
  readonly #checks: Checks;
  readonly #nomination: Nomination;
  readonly #selection: Selection;
  readonly #answers = new RateLimit(ANSWERS_PER_SECOND, ANSWERS_PER_SECOND);
  #early: Early[] = [];
  #remote: RemoteIce | undefined;
  /** The peer will tell no more candidates. */
  #remoteEnded = false;
  #awaitedSince = 0;
  #isControlling: boolean;
  #patience: MediaTimer | undefined;
  #isImpatient = false;
  #closed = false;

  constructor(options: AgentOptions) {
    this.#options = options;
    const { clock, random, mayReach, credentials } = options;
    this.#isControlling = options.isControlling;
    const isControlling = (): boolean => this.#isControlling;
    const isSettled = (component: Component): boolean => this.#selection.get(component) !== undefined;
    this.#candidates = new Candidates({ mayReach, isControlling, isSettled });
    const { list } = this.#candidates;
    this.#checks = new Checks({
      ...{ clock, random, list, credentials, isControlling },
      remote: () => this.#remote,
      isNominating: (pair) => this.#nomination.names(pair),
      concluded: (pair, outcome, asked) => this.#concluded(pair, outcome, asked),
    });
    this.#nomination = new Nomination({
      ...{ clock, list },
      isOpen: (component) => this.#isControlling && !isSettled(component),
      isAwaiting: () => this.#isAwaiting,
      chosen: (pair) => {
        this.#checks.trigger(pair);
        this.#checks.pace();
      },
    });
    this.#selection = new Selection({
      ...{ clock, random, list, checks: this.#checks },
      lost: (pair) => {
        this.#fail(pair, 'the peer fell silent');
        this.#checks.pace();
      },
    });
  }

  get credentials(): Credentials {
    return this.#options.credentials;
  }

  get locals(): readonly LocalCandidate[] {
    return this.#candidates.locals;
  }

  get remote(): RemoteIce | undefined {
    return this.#remote;
  }

  get isControlling(): boolean {
    return this.#isControlling;
  }

  get state(): IceState {
    if (!this.#remote) return 'waiting';
    const { components, list } = this.#candidates;
    if (components.every((component) => this.#selection.get(component))) return 'connected';
    if (this.#selection.wasLost) return 'lost';
    const isOver = this.#isImpatient && !this.#isAwaiting && list.pairs.every(({ state }) => state === 'failed');
    return isOver ? 'failed' : 'checking';
  }

  addLocal(candidate: LocalCandidate): void {
    this.#candidates.addLocal(candidate);
    this.#checks.pace();
  }

  /** The peer's part: the first time it starts the checks, later it adds candidates. @param components those in use. */
  setRemote(remote: RemoteIce, components: readonly Component[]): void {
    this.#remote = remote;
    this.#candidates.components = components;
    if (remote.isLite && !this.#isControlling) this.#switchRole();
    this.#patience ??= this.#options.clock.after(PATIENCE_MS, () => {
      this.#isImpatient = true;
    });
    this.#take(remote.candidates, remote.trickles !== true || remote.ended === true);
    // Another phone of a fork may have checked us, too.
    for (const { check, path, from } of this.#early.splice(0)) {
      if (check.ufrag === remote.ufrag) this.#checked(check, path, from);
    }
    this.#checks.pace();
  }

  /** Candidates that the peer found later. @param isEnd there are no more: what is told after that is not taken. */
  addRemote(candidates: readonly IceCandidate[], isEnd: boolean): void {
    if (!this.#remoteEnded) this.#take(candidates, isEnd);
  }

  /** A datagram from a path. False where it is not STUN and so not for the agent. */
  received(path: Path, data: Buffer, source: Endpoint): boolean {
    const message = readStun(data);
    if (!message || message.method !== BINDING || this.#closed) return false;
    const from = plainEndpoint(source);
    if (message.kind === 'success' || message.kind === 'error') this.#checks.answered(message, path, from);
    if (message.kind !== 'request' || !this.#options.mayReach(from)) return true;
    if (!this.#answers.take(this.#options.clock.now())) return true;
    const { credentials } = this.#options;
    const read = readCheck(message, credentials, this.#remote?.ufrag);
    if (!read.ok) path.send(read.reply, from);
    else if (this.#keepsRole(read.check)) {
      path.send(successFor(message, from, credentials), from);
      if (this.#remote) this.#checked(read.check, path, from);
      else if (this.#early.length < MAX_EARLY) this.#early.push({ check: read.check, path, from });
      this.#checks.pace();
    } else path.send(roleConflictFor(message, credentials), from);
    return true;
  }

  /** Where packets of a component go now: the pair chosen, or the best that works until one is (§12.1). */
  way(component: Component): Pair | undefined {
    const { pairs } = this.#candidates.list;
    return this.#selection.get(component) ?? pairs.find((pair) => pair.valid && pair.component === component);
  }

  /** Whether a packet that is not STUN is the peer's; if so it is heard. */
  takes(path: Path, source: Endpoint): boolean {
    const from = plainEndpoint(source);
    // Its checks from there were good, so its sound is too, even before our own check is answered (§12.2).
    const pair = this.#candidates.list.pairs.find(
      ({ local, remote, heardAt }) => heardAt > 0 && local.path === path && isSameEndpoint(remote, from),
    );
    if (pair) pair.heardAt = this.#options.clock.now();
    return pair !== undefined;
  }

  snapshot(): IceSnapshot {
    const { state, isControlling } = this;
    const { locals, remotes, list } = this.#candidates;
    return snapshotOf({ state, isControlling, locals, remotes, pairs: list.pairs });
  }

  close(): void {
    this.#closed = true;
    this.#checks.close();
    this.#selection.close();
    this.#nomination.close();
    this.#patience?.cancel();
  }

  /** Whether either side may still find a candidate. */
  get #isAwaiting(): boolean {
    if (this.#options.isGathering?.()) return true;
    return !this.#remoteEnded && this.#options.clock.now() - this.#awaitedSince < AWAITED_MS;
  }

  #take(candidates: readonly IceCandidate[], isEnd: boolean): void {
    for (const candidate of candidates) this.#candidates.addRemote(candidate);
    this.#awaitedSince = this.#options.clock.now();
    this.#remoteEnded ||= isEnd;
    const { remotes, components } = this.#candidates;
    const hasRtcp = remotes.some(({ component }) => component === 2);
    if (isEnd && this.#remote?.trickles && !hasRtcp) this.#candidates.components = components.slice(0, 1);
    this.#checks.pace();
  }

  #concluded(pair: Pair, outcome: Outcome, { isNomination, asControlling }: Asked): void {
    if (outcome.kind === 'refused' && outcome.code === 487) {
      // The peer keeps its role and so gives us the other; unless we changed meanwhile (§7.2.5.1).
      if (this.#isControlling === asControlling) this.#switchRole();
      this.#checks.trigger(pair);
    } else if (outcome.kind === 'answered') {
      if (outcome.mapped) this.#candidates.learnLocal(pair, outcome.mapped);
      pair.state = 'succeeded';
      pair.valid = true;
      pair.reason = '';
      pair.heardAt = this.#options.clock.now();
      this.#candidates.list.unfreeze(pair.foundation);
      const isChosen = this.#isControlling ? isNomination : pair.nominateWhenValid;
      if (isChosen) this.#selection.select(pair);
    } else this.#fail(pair, reasonOf(outcome));
    this.#nomination.consider(pair.component);
    this.#checks.pace();
  }

  #fail(pair: Pair, reason: string): void {
    pair.state = 'failed';
    pair.valid = false;
    pair.nominated = false;
    pair.reason = reason;
    this.#nomination.forget(pair);
  }

  /** A check of the peer that is good, and was answered (§7.3.1.3 to §7.3.1.5). */
  #checked({ priority, useCandidate }: PeerCheck, path: Path, from: Endpoint): void {
    const pair = this.#candidates.pairOf(path, from, priority);
    if (!pair) return;
    pair.heardAt = this.#options.clock.now();
    if (useCandidate && !this.#isControlling) {
      if (pair.valid) this.#selection.select(pair);
      else pair.nominateWhenValid = true;
    }
    // Also where a check is under way: a NAT of the peer that dropped it lets the next one in.
    if (!pair.valid) this.#checks.trigger(pair);
  }

  /** Where the peer believes to be what we are, the larger number stays controlling (§7.3.1.1). False: we refuse. */
  #keepsRole({ role, tieBreaker }: PeerCheck): boolean {
    const isConflict = role === (this.#isControlling ? 'controlling' : 'controlled');
    if (!isConflict) return true;
    const isOursLarger = this.#checks.tieBreaker >= tieBreaker;
    if (isOursLarger === this.#isControlling) return false;
    this.#switchRole();
    return true;
  }

  #switchRole(): void {
    this.#isControlling = !this.#isControlling;
    this.#nomination.clear();
    const { list, components } = this.#candidates;
    list.reorder(this.#isControlling);
    for (const component of components) this.#nomination.consider(component);
  }
}

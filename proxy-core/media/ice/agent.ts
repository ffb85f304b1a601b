/**
 * A full ICE agent for one audio stream (RFC 8445): checks pairs of candidates, nominates or follows the peer's
 * nominations, and asks for consent as long as it sends (RFC 7675). It has no sockets: paths send, `received` takes.
 */

import type { Endpoint, IceCandidate, RemoteIce } from '../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import { RateLimit } from '../rate-limit.ts';
import {
  type Component,
  type Credentials,
  candidatePriority,
  isSameEndpoint,
  type LocalCandidate,
  type Path,
  plainEndpoint,
} from './candidate.ts';
import { Consent } from './consent.ts';
import { CheckList, type Pair } from './pair.ts';
import { type PeerCheck, readCheck, roleConflictFor, successFor } from './peer-check.ts';
import { type Outcome, Requests } from './requests.ts';
import { type IceSnapshot, type IceState, snapshotOf } from './snapshot.ts';
import { ATTRIBUTE, type Attribute, BINDING, readStun, word } from './stun-message.ts';

export interface AgentOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly isControlling: boolean;
  readonly credentials: Credentials;
  /** Whether anything may be sent there at all. */
  readonly mayReach: (endpoint: Endpoint) => boolean;
}

/** Ta of §14.2: a check at a time, so many ms apart. */
const PACE_MS = 50;
const RTO_MS = 500;
const SENDS = 6;
/** How long a better pair is waited for once one works. */
const SETTLE_MS = 400;
/** For so long nothing has failed yet: the peer may still come from where no candidate tells (RFC 8863 §4). */
const PATIENCE_MS = 39_500;
const MAX_REMOTE = 40;
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
  readonly #tieBreaker: bigint;
  readonly #list = new CheckList();
  readonly #requests: Requests;
  readonly #consent: Consent;
  readonly #answers = new RateLimit(ANSWERS_PER_SECOND, ANSWERS_PER_SECOND);
  readonly #locals: LocalCandidate[] = [];
  readonly #remotes: IceCandidate[] = [];
  readonly #triggered: Pair[] = [];
  readonly #nominating = new Map<Component, Pair>();
  readonly #settling = new Map<Component, MediaTimer>();
  readonly #running = new Map<Pair, () => void>();
  #selected: ReadonlyMap<Component, Pair> = new Map();
  #early: Early[] = [];
  #remote: RemoteIce | undefined;
  #components: readonly Component[] = [1, 2];
  #isControlling: boolean;
  #pacer: MediaTimer | undefined;
  #patience: MediaTimer | undefined;
  #isImpatient = false;
  #wasLost = false;
  #closed = false;

  constructor(options: AgentOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#isControlling = options.isControlling;
    this.#tieBreaker = (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32));
    this.#requests = new Requests(clock, random);
    this.#consent = new Consent({
      clock,
      random,
      ask: (pair) => this.#ask(pair),
      expired: (pair) => this.#lose(pair),
    });
  }

  get credentials(): Credentials {
    return this.#options.credentials;
  }

  get locals(): readonly LocalCandidate[] {
    return this.#locals;
  }

  get remote(): RemoteIce | undefined {
    return this.#remote;
  }

  get isControlling(): boolean {
    return this.#isControlling;
  }

  get state(): IceState {
    if (!this.#remote) return 'waiting';
    if (this.#components.every((component) => this.#selected.has(component))) return 'connected';
    if (this.#wasLost) return 'lost';
    return this.#isImpatient && this.#list.pairs.every(({ state }) => state === 'failed') ? 'failed' : 'checking';
  }

  addLocal(candidate: LocalCandidate): void {
    this.#locals.push(candidate);
    for (const remote of this.#remotes) this.#pair(candidate, remote);
    this.#pace();
  }

  /** The peer's part: the first time it starts the checks, later it adds candidates. @param components those in use. */
  setRemote(remote: RemoteIce, components: readonly Component[]): void {
    this.#remote = remote;
    this.#components = components;
    if (remote.isLite && !this.#isControlling) this.#switchRole();
    for (const candidate of remote.candidates) this.#addRemote({ ...candidate, ...plainEndpoint(candidate) });
    this.#patience ??= this.#options.clock.after(PATIENCE_MS, () => {
      this.#isImpatient = true;
    });
    for (const { check, path, from } of this.#early.splice(0)) this.#checked(check, path, from);
    this.#pace();
  }

  /** A datagram from a path. False where it is not STUN and so not for the agent. */
  received(path: Path, data: Buffer, source: Endpoint): boolean {
    const message = readStun(data);
    if (!message || message.method !== BINDING || this.#closed) return false;
    const from = plainEndpoint(source);
    if (message.kind === 'success' || message.kind === 'error') this.#requests.answered(message, path, from);
    if (message.kind !== 'request' || !this.#options.mayReach(from)) return true;
    if (!this.#answers.take(this.#options.clock.now())) return true;
    const { credentials } = this.#options;
    const read = readCheck(message, credentials, this.#remote?.ufrag);
    if (!read.ok) path.send(read.reply, from);
    else if (this.#keepsRole(read.check)) {
      path.send(successFor(message, from, credentials), from);
      if (this.#remote) this.#checked(read.check, path, from);
      else if (this.#early.length < MAX_EARLY) this.#early.push({ check: read.check, path, from });
      this.#pace();
    } else path.send(roleConflictFor(message, credentials), from);
    return true;
  }

  /** Where packets of a component go now: the pair chosen, or the best that works until one is (§12.1). */
  way(component: Component): Pair | undefined {
    return this.#selected.get(component) ?? this.#list.pairs.find((pair) => pair.valid && pair.component === component);
  }

  /** Whether a packet that is not STUN is the peer's; if so it is heard. */
  takes(path: Path, source: Endpoint): boolean {
    const from = plainEndpoint(source);
    // Its checks from there were good, so its sound is too, even before our own check is answered (§12.2).
    const pair = this.#list.pairs.find(
      ({ local, remote, heardAt }) => heardAt > 0 && local.path === path && isSameEndpoint(remote, from),
    );
    if (pair) pair.heardAt = this.#options.clock.now();
    return pair !== undefined;
  }

  snapshot(): IceSnapshot {
    const { state, isControlling } = this;
    return snapshotOf({ state, isControlling, locals: this.#locals, remotes: this.#remotes, pairs: this.#list.pairs });
  }

  close(): void {
    this.#closed = true;
    this.#requests.clear();
    this.#consent.close();
    this.#pacer?.cancel();
    this.#patience?.cancel();
    for (const timer of this.#settling.values()) timer.cancel();
    this.#settling.clear();
  }

  #addRemote(remote: IceCandidate): void {
    const isKnown = this.#remotes.some((one) => one.component === remote.component && isSameEndpoint(one, remote));
    if (isKnown || this.#remotes.length >= MAX_REMOTE || !this.#components.includes(remote.component)) return;
    if (!this.#options.mayReach(remote)) return;
    this.#remotes.push(remote);
    for (const local of this.#locals) this.#pair(local, remote);
  }

  /** Checks leave from where a candidate is based, so reflexive ones of ours make no pairs of their own (§6.1.2.4). */
  #pair(local: LocalCandidate, remote: IceCandidate): Pair | undefined {
    if (local.component !== remote.component || local.type === 'srflx' || local.type === 'prflx') return undefined;
    if (local.address.includes(':') !== remote.address.includes(':')) return undefined;
    const known = this.#list.find(local, remote);
    return known ?? this.#list.add(local, remote, local.component, this.#isControlling);
  }

  /** One tick at a time, as long as there is something to check. */
  #pace(): void {
    if (this.#pacer || this.#closed || !this.#remote) return;
    let next = this.#triggered.shift();
    while (next?.state === 'failed') next = this.#triggered.shift();
    next ??= this.#list.next();
    if (!next) return;
    this.#check(next);
    this.#pacer = this.#options.clock.after(PACE_MS, () => {
      this.#pacer = undefined;
      this.#pace();
    });
  }

  #check(pair: Pair): void {
    const isNomination = this.#nominating.get(pair.component) === pair;
    const asked = this.#isControlling;
    if (!pair.valid) pair.state = 'in-progress';
    const underWay = this.#list.pairs.filter(({ state }) => state === 'in-progress' || state === 'waiting').length;
    const request = {
      ...this.#requestFor(pair, isNomination),
      rtoMs: Math.max(RTO_MS, PACE_MS * underWay),
      sends: SENDS,
    };
    this.#running.get(pair)?.();
    const stop = this.#requests.send(request, (outcome) => {
      this.#running.delete(pair);
      this.#concluded(pair, outcome, isNomination, asked);
    });
    this.#running.set(pair, stop);
  }

  #requestFor({ local, remote }: Pair, isNomination: boolean) {
    const { credentials } = this.#options;
    const { ufrag = '', password = '' } = this.#remote ?? {};
    const breaker = Buffer.alloc(8);
    breaker.writeBigUInt64BE(this.#tieBreaker);
    const attributes: Attribute[] = [
      [ATTRIBUTE.USERNAME, Buffer.from(`${ufrag}:${credentials.ufrag}`)],
      [ATTRIBUTE.PRIORITY, word(candidatePriority('prflx', local.component))],
      [this.#isControlling ? ATTRIBUTE.ICE_CONTROLLING : ATTRIBUTE.ICE_CONTROLLED, breaker],
      ...(isNomination ? [[ATTRIBUTE.USE_CANDIDATE, Buffer.alloc(0)] as const] : []),
    ];
    return { path: local.path, to: { address: remote.address, port: remote.port }, attributes, password };
  }

  #concluded(pair: Pair, outcome: Outcome, isNomination: boolean, wasControlling: boolean): void {
    if (outcome.kind === 'refused' && outcome.code === 487) {
      // The peer keeps its role and so gives us the other; unless we changed meanwhile (§7.2.5.1).
      if (this.#isControlling === wasControlling) this.#switchRole();
      this.#trigger(pair);
    } else if (outcome.kind === 'answered') {
      if (outcome.mapped) this.#learnLocal(pair, outcome.mapped);
      pair.state = 'succeeded';
      pair.valid = true;
      pair.reason = '';
      pair.heardAt = this.#options.clock.now();
      this.#list.unfreeze(pair.foundation);
      if ((isNomination && this.#isControlling) || (pair.nominateWhenValid && !this.#isControlling)) this.#select(pair);
    } else this.#fail(pair, reasonOf(outcome));
    this.#nominate(pair.component);
    this.#pace();
  }

  #fail(pair: Pair, reason: string): void {
    pair.state = 'failed';
    pair.valid = false;
    pair.nominated = false;
    pair.reason = reason;
    if (this.#nominating.get(pair.component) === pair) this.#nominating.delete(pair.component);
  }

  /** What a NAT made of our address, and no server told us before (§7.2.5.3.1). */
  #learnLocal({ local, component }: Pair, mapped: Endpoint): void {
    const { path } = local;
    if (this.#locals.some((one) => one.component === component && isSameEndpoint(one, mapped))) return;
    if (this.#locals.length >= MAX_REMOTE) return;
    const { address, port } = local;
    const priority = candidatePriority('prflx', component);
    const foundation = `p${local.foundation}`.slice(0, 32);
    this.#locals.push({ type: 'prflx', component, priority, foundation, ...mapped, related: { address, port }, path });
  }

  /** A check of the peer that is good, and was answered (§7.3.1.3 to §7.3.1.5). */
  #checked({ priority, useCandidate }: PeerCheck, path: Path, from: Endpoint): void {
    const { component } = path;
    if (!this.#components.includes(component)) return;
    const isPeer = (one: IceCandidate): boolean => one.component === component && isSameEndpoint(one, from);
    if (!this.#remotes.some(isPeer)) {
      const foundation = `prflx${this.#remotes.length}`;
      this.#addRemote({ type: 'prflx', component, priority: Math.min(priority, 2 ** 31 - 1), foundation, ...from });
    }
    const remote = this.#remotes.find(isPeer);
    const base = this.#locals.find((one) => one.path === path && one.type === path.type);
    const pair = remote && base && this.#pair(base, remote);
    if (!pair) return;
    pair.heardAt = this.#options.clock.now();
    if (useCandidate && !this.#isControlling) {
      if (pair.valid) this.#select(pair);
      else pair.nominateWhenValid = true;
    }
    // Also where a check is under way: a NAT of the peer that dropped it lets the next one in.
    if (!pair.valid) this.#trigger(pair);
  }

  #trigger(pair: Pair): void {
    if (!pair.valid) pair.state = 'waiting';
    if (!this.#triggered.includes(pair)) this.#triggered.push(pair);
  }

  /** Where the peer believes to be what we are, the larger number stays controlling (§7.3.1.1). False: we refuse. */
  #keepsRole({ role, tieBreaker }: PeerCheck): boolean {
    const isConflict = role === (this.#isControlling ? 'controlling' : 'controlled');
    if (!isConflict) return true;
    const isOursLarger = this.#tieBreaker >= tieBreaker;
    if (isOursLarger === this.#isControlling) return false;
    this.#switchRole();
    return true;
  }

  #switchRole(): void {
    this.#isControlling = !this.#isControlling;
    this.#nominating.clear();
    this.#list.reorder(this.#isControlling);
    if (this.#isControlling) for (const component of this.#components) this.#nominate(component);
  }

  /** The controlling side's choice: the best that works, once no better one can come or it took too long (§8.1.1). */
  #nominate(component: Component): void {
    if (!this.#isControlling || this.#nominating.has(component) || this.#selected.has(component)) return;
    const pairs = this.#list.of(component);
    const best = pairs.find(({ valid }) => valid);
    if (!best) return;
    const isBest = pairs.slice(0, pairs.indexOf(best)).every(({ state }) => state === 'failed');
    if (isBest) this.#choose(best);
    else if (!this.#settling.has(component)) {
      const timer = this.#options.clock.after(SETTLE_MS, () => {
        const found = this.#list.of(component).find(({ valid }) => valid);
        const isOpen = this.#isControlling && !this.#nominating.has(component) && !this.#selected.has(component);
        this.#settling.delete(component);
        if (found && isOpen) this.#choose(found);
        this.#pace();
      });
      this.#settling.set(component, timer);
    }
  }

  #choose(pair: Pair): void {
    this.#nominating.set(pair.component, pair);
    this.#trigger(pair);
  }

  /** Where an old peer nominates several, the best of them holds (RFC 5245 §8.1.1.2). */
  #select(pair: Pair): void {
    pair.nominated = true;
    const { component } = pair;
    const current = this.#selected.get(component);
    if (current === pair || (current && current.priority > pair.priority)) return;
    this.#selected = new Map([...this.#selected, [component, pair]]);
    this.#nominating.delete(component);
    this.#wasLost = false;
    this.#consent.watch(component, pair);
    for (const other of this.#list.of(component)) {
      if (other.valid || other.state === 'failed') continue;
      this.#running.get(other)?.();
      this.#running.delete(other);
      other.state = 'failed';
      other.reason = 'not needed';
    }
  }

  #ask(pair: Pair): void {
    const request = { ...this.#requestFor(pair, false), rtoMs: 4 * RTO_MS, sends: 1 };
    this.#requests.send(request, ({ kind }) => {
      if (kind === 'answered') pair.heardAt = this.#options.clock.now();
    });
  }

  /** The way is dead. What else worked, or was not needed, is tried again. */
  #lose(pair: Pair): void {
    const { component } = pair;
    this.#selected = new Map([...this.#selected].filter(([key]) => key !== component));
    this.#fail(pair, 'the peer fell silent');
    this.#wasLost = true;
    for (const other of this.#list.of(component)) {
      if (other === pair || (other.state === 'failed' && other.reason !== 'not needed')) continue;
      other.valid = false;
      other.nominated = false;
      other.nominateWhenValid = false;
      other.state = 'waiting';
    }
    this.#pace();
  }
}

const reasonOf = (outcome: Exclude<Outcome, { kind: 'answered' }>): string =>
  outcome.kind === 'refused'
    ? `refused with ${outcome.code}`
    : outcome.kind === 'elsewhere'
      ? 'answered from elsewhere'
      : 'no answer';

/** The checks that we make: in which order, how far apart, and what each says (RFC 8445 §6.1.4, §7.2, §14). */
import type { Endpoint, RemoteIce } from '../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import { type Credentials, candidatePriority, type Path } from './candidate.ts';
import type { CheckList, Pair } from './pair.ts';
import { type Outcome, Requests } from './requests.ts';
import { ATTRIBUTE, type Attribute, type StunMessage, word } from './stun-message.ts';

/** Ta of §14.2: a check at a time, so many ms apart. */
const PACE_MS = 50;
const RTO_MS = 500;
const SENDS = 6;

export interface ChecksPorts {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly list: CheckList;
  readonly credentials: Credentials;
  /** Undefined until the peer has described itself: nothing is checked before. */
  readonly remote: () => RemoteIce | undefined;
  readonly isControlling: () => boolean;
  readonly isNominating: (pair: Pair) => boolean;
  /** `asked` is what the check said of us. */
  readonly concluded: (pair: Pair, outcome: Outcome, asked: Asked) => void;
}

export interface Asked {
  readonly isNomination: boolean;
  readonly asControlling: boolean;
}

export class Checks {
  readonly tieBreaker: bigint;
  readonly #ports: ChecksPorts;
  readonly #requests: Requests;
  readonly #triggered: Pair[] = [];
  readonly #running = new Map<Pair, () => void>();
  #pacer: MediaTimer | undefined;
  #closed = false;

  constructor(ports: ChecksPorts) {
    this.#ports = ports;
    const { clock, random } = ports;
    this.tieBreaker = (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32));
    this.#requests = new Requests(clock, random);
  }

  /** One tick at a time, as long as there is something to check. */
  pace(): void {
    if (this.#pacer || this.#closed || !this.#ports.remote()) return;
    let next = this.#triggered.shift();
    while (next?.state === 'failed') next = this.#triggered.shift();
    next ??= this.#ports.list.next();
    if (!next) return;
    this.#check(next);
    this.#pacer = this.#ports.clock.after(PACE_MS, () => {
      this.#pacer = undefined;
      this.pace();
    });
  }

  /** This one before all that only wait for their turn. */
  trigger(pair: Pair): void {
    if (!pair.valid) pair.state = 'waiting';
    if (!this.#triggered.includes(pair)) this.#triggered.push(pair);
  }

  /** No answer to its check is waited for any more. */
  stop(pair: Pair): void {
    this.#running.get(pair)?.();
    this.#running.delete(pair);
  }

  /** Once, outside the order: whether the peer is there still. */
  ask(pair: Pair, answered: () => void): void {
    const request = { ...this.#requestFor(pair, false), rtoMs: 4 * RTO_MS, sends: 1 };
    this.#requests.send(request, ({ kind }) => {
      if (kind === 'answered') answered();
    });
  }

  answered(message: StunMessage, path: Path, from: Endpoint): void {
    this.#requests.answered(message, path, from);
  }

  close(): void {
    this.#closed = true;
    this.#requests.clear();
    this.#pacer?.cancel();
  }

  #check(pair: Pair): void {
    const { list, isControlling, isNominating, concluded } = this.#ports;
    const asked = { isNomination: isNominating(pair), asControlling: isControlling() };
    if (!pair.valid) pair.state = 'in-progress';
    const underWay = list.pairs.filter(({ state }) => state === 'in-progress' || state === 'waiting').length;
    const rtoMs = Math.max(RTO_MS, PACE_MS * underWay);
    this.#running.get(pair)?.();
    const request = { ...this.#requestFor(pair, asked.isNomination), rtoMs, sends: SENDS };
    const stop = this.#requests.send(request, (outcome) => {
      this.#running.delete(pair);
      concluded(pair, outcome, asked);
    });
    this.#running.set(pair, stop);
  }

  #requestFor({ local, remote }: Pair, isNomination: boolean) {
    const { credentials, isControlling } = this.#ports;
    const { ufrag = '', password = '' } = this.#ports.remote() ?? {};
    const breaker = Buffer.alloc(8);
    breaker.writeBigUInt64BE(this.tieBreaker);
    const attributes: Attribute[] = [
      [ATTRIBUTE.USERNAME, Buffer.from(`${ufrag}:${credentials.ufrag}`)],
      [ATTRIBUTE.PRIORITY, word(candidatePriority('prflx', local.component))],
      [isControlling() ? ATTRIBUTE.ICE_CONTROLLING : ATTRIBUTE.ICE_CONTROLLED, breaker],
      ...(isNomination ? [[ATTRIBUTE.USE_CANDIDATE, Buffer.alloc(0)] as const] : []),
    ];
    return { path: local.path, to: { address: remote.address, port: remote.port }, attributes, password };
  }
}

/** Why a check failed, for people. */
export const reasonOf = (outcome: Exclude<Outcome, { kind: 'answered' }>): string =>
  outcome.kind === 'refused'
    ? `refused with ${outcome.code}`
    : outcome.kind === 'elsewhere'
      ? 'answered from elsewhere'
      : 'no answer';

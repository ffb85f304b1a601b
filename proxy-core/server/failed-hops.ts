/**
 * Addresses that did not answer lately: they are tried last, not first, until their time is over (RFC 3263 §4.3,
 * RFC 3261 §21.5.4). Nothing is ever given up for good, and nothing is kept for what works.
 */
import type { Clock } from '../sip/transaction/clock.ts';
import type { Hop } from '../sip/transport/port.ts';

/** An address of a server that DNS named; all addresses of one server stand together when it is silent. */
export interface ServerHop extends Hop {
  readonly server?: string | undefined;
}

const MAX_KEPT = 1000;

export class FailedHops {
  readonly #clock: Clock;
  readonly #ms: number;
  /** By address or by server: until when. Those marked last stand last. */
  readonly #until = new Map<string, number>();

  /** @param ms how long a failure is remembered unless it says itself. */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  get size(): number {
    return this.#until.size;
  }

  /** This address refused, or could not be reached, or asked not to be bothered for `ms`. */
  failed(hop: Hop, ms = this.#ms): void {
    this.#mark(addressKey(hop), ms);
  }

  /** Nothing was heard from it: its whole server is taken for dead. */
  silent(hop: ServerHop): void {
    this.failed(hop);
    if (hop.server !== undefined) this.#mark(serverKey(hop.server), this.#ms);
  }

  /** It answered. */
  worked(hop: ServerHop): void {
    if (this.#until.size === 0) return;
    this.#until.delete(addressKey(hop));
    if (hop.server !== undefined) this.#until.delete(serverKey(hop.server));
  }

  /** The same hops, those that failed lately behind the others. */
  order(hops: readonly ServerHop[]): readonly ServerHop[] {
    if (this.#until.size === 0 || hops.length < 2) return hops;
    const bad = hops.filter((hop) => this.#isBad(hop));
    return bad.length === 0 || bad.length === hops.length
      ? hops
      : [...hops.filter((hop) => !bad.includes(hop)), ...bad];
  }

  #isBad(hop: ServerHop): boolean {
    return this.#holds(addressKey(hop)) || (hop.server !== undefined && this.#holds(serverKey(hop.server)));
  }

  #holds(key: string): boolean {
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > this.#clock.now()) return true;
    this.#until.delete(key);
    return false;
  }

  #mark(key: string, ms: number): void {
    this.#until.delete(key);
    this.#until.set(key, this.#clock.now() + ms);
    if (this.#until.size <= MAX_KEPT) return;
    for (const oldest of this.#until.keys()) return void this.#until.delete(oldest);
  }
}

const addressKey = ({ transport, host, port }: Hop): string => `${transport} ${host} ${port}`;
const serverKey = (server: string): string => `server ${server}`;

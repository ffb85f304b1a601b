/** Pairs of candidates, a check list of them, and their order (RFC 8445 §6.1.2, RFC 8838 §12). */

import type { IceCandidate } from '../../sip/sdp/index.ts';
import type { Component, LocalCandidate } from './candidate.ts';

export type PairState = 'frozen' | 'waiting' | 'in-progress' | 'succeeded' | 'failed';

export interface Pair {
  readonly local: LocalCandidate;
  remote: IceCandidate;
  readonly component: Component;
  /** Pairs of one foundation are likely to fare alike. */
  foundation: string;
  priority: bigint;
  state: PairState;
  /** Why it failed or was left alone, for people; empty else. */
  reason: string;
  /** A check of it was answered: sound may go this way. */
  valid: boolean;
  nominated: boolean;
  /** The peer nominated it before our own check was answered. */
  nominateWhenValid: boolean;
  /** When the peer was last heard on it, in ms. */
  heardAt: number;
}

/** §6.1.2.3: 63 bits, more than a number holds. */
export function pairPriority(local: number, remote: number, isControlling: boolean): bigint {
  const [g, d] = isControlling ? [local, remote] : [remote, local];
  return 2n ** 32n * BigInt(Math.min(g, d)) + 2n * BigInt(Math.max(g, d)) + (g > d ? 1n : 0n);
}

const foundationOf = (local: IceCandidate, remote: IceCandidate): string => `${local.foundation}:${remote.foundation}`;

/** More than this is an attempt to have us send (§6.1.2.5 suggests 100). */
export const MAX_PAIRS = 100;

export class CheckList {
  #pairs: Pair[] = [];

  /** Best first. */
  get pairs(): readonly Pair[] {
    return this.#pairs;
  }

  of(component: Component): Pair[] {
    return this.#pairs.filter((pair) => pair.component === component);
  }

  find(local: LocalCandidate, remote: Pick<IceCandidate, 'address' | 'port'>): Pair | undefined {
    return this.#pairs.find(
      (pair) =>
        pair.local.path === local.path && pair.remote.port === remote.port && pair.remote.address === remote.address,
    );
  }

  /** Where the list is full the worst that is still to be tried makes room; undefined where there is none worse. */
  add(local: LocalCandidate, remote: IceCandidate, component: Component, isControlling: boolean): Pair | undefined {
    const pair: Pair = {
      local,
      remote,
      component,
      foundation: foundationOf(local, remote),
      priority: pairPriority(local.priority, remote.priority, isControlling),
      // One that comes late need not wait for its like where that works (RFC 8838 §12).
      state: this.#works(foundationOf(local, remote)) ? 'waiting' : 'frozen',
      reason: '',
      valid: false,
      nominated: false,
      nominateWhenValid: false,
      heardAt: 0,
    };
    if (this.#pairs.length >= MAX_PAIRS) {
      const worst = this.#pairs.filter(({ state }) => state === 'frozen' || state === 'waiting').pop();
      if (!worst || worst.priority >= pair.priority) return undefined;
      this.#pairs.splice(this.#pairs.indexOf(worst), 1);
    }
    this.#pairs.push(pair);
    this.#sort();
    return pair;
  }

  /** A candidate of the peer is known better than from its checks. */
  rename(known: IceCandidate, remote: IceCandidate, isControlling: boolean): void {
    for (const pair of this.#pairs) {
      if (pair.remote !== known) continue;
      pair.remote = remote;
      pair.foundation = foundationOf(pair.local, remote);
    }
    this.reorder(isControlling);
  }

  /** Other roles turn the order round (§7.3.1.1). */
  reorder(isControlling: boolean): void {
    for (const pair of this.#pairs) {
      pair.priority = pairPriority(pair.local.priority, pair.remote.priority, isControlling);
    }
    this.#sort();
  }

  /**
   * The next for an ordinary check: the best that waits; else the best that is frozen while none of its foundation is
   * under way (§6.1.4.2).
   */
  next(): Pair | undefined {
    const waiting = this.#pairs.find(({ state }) => state === 'waiting');
    if (waiting) return waiting;
    const busy = new Set(this.#pairs.filter(({ state }) => state === 'in-progress').map((pair) => pair.foundation));
    return this.#pairs.find(({ state, foundation }) => state === 'frozen' && !busy.has(foundation));
  }

  /** What succeeded once is likely to succeed again (§7.2.5.3.3). */
  unfreeze(foundation: string): void {
    for (const pair of this.#pairs) {
      if (pair.state === 'frozen' && pair.foundation === foundation) pair.state = 'waiting';
    }
  }

  #works(foundation: string): boolean {
    return this.#pairs.some((pair) => pair.state === 'succeeded' && pair.foundation === foundation);
  }

  #sort(): void {
    this.#pairs.sort((a, b) => (a.priority === b.priority ? 0 : a.priority < b.priority ? 1 : -1));
  }
}

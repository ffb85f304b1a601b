/** The controlling side's choice: the best that works, once no better one can come or it took too long (RFC 8445 §8.1.1). */
import type { MediaClock, MediaTimer } from '../clock.ts';
import type { Component } from './candidate.ts';
import type { CheckList, Pair } from './pair.ts';

/** How long a better pair is waited for once one works. */
const SETTLE_MS = 400;

export interface NominationPorts {
  readonly clock: MediaClock;
  readonly list: CheckList;
  /** Whether it is ours to choose for this component, and nothing is chosen yet. */
  readonly isOpen: (component: Component) => boolean;
  /** Whether either side may still find a candidate. */
  readonly isAwaiting: () => boolean;
  /** Checks the pair again, to tell the peer. */
  readonly chosen: (pair: Pair) => void;
}

export class Nomination {
  readonly #ports: NominationPorts;
  readonly #nominating = new Map<Component, Pair>();
  readonly #settling = new Map<Component, MediaTimer>();

  constructor(ports: NominationPorts) {
    this.#ports = ports;
  }

  names(pair: Pair): boolean {
    return this.#nominating.get(pair.component) === pair;
  }

  consider(component: Component): void {
    if (!this.#isOpen(component)) return;
    const pairs = this.#ports.list.of(component);
    const best = pairs.find(({ valid }) => valid);
    if (!best) return;
    const isBest = pairs.slice(0, pairs.indexOf(best)).every(({ state }) => state === 'failed');
    if (isBest && (isDirect(best) || !this.#ports.isAwaiting())) this.#choose(best);
    else if (!this.#settling.has(component)) {
      this.#settling.set(
        component,
        this.#ports.clock.after(SETTLE_MS, () => {
          this.#settling.delete(component);
          const found = this.#ports.list.of(component).find(({ valid }) => valid);
          if (found && this.#isOpen(component)) this.#choose(found);
        }),
      );
    }
  }

  /** It failed. */
  forget(pair: Pair): void {
    if (this.names(pair)) this.#nominating.delete(pair.component);
  }

  /** The role has changed. */
  clear(): void {
    this.#nominating.clear();
  }

  close(): void {
    for (const timer of this.#settling.values()) timer.cancel();
    this.#settling.clear();
  }

  #isOpen(component: Component): boolean {
    return !this.#nominating.has(component) && this.#ports.isOpen(component);
  }

  #choose(pair: Pair): void {
    this.#nominating.set(pair.component, pair);
    this.#ports.chosen(pair);
  }
}

/** Nothing that may come is better. */
const isDirect = ({ local, remote }: Pair): boolean => local.type === 'host' && remote.type === 'host';

/** The pairs that were chosen, one for each component, as long as the peer wants what comes by them (RFC 8445 §8, RFC 7675). */
import type { MediaClock, RandomBelow } from '../clock.ts';
import type { Component } from './candidate.ts';
import { NOT_NEEDED } from './candidates.ts';
import type { Checks } from './checks.ts';
import { Consent } from './consent.ts';
import type { CheckList, Pair } from './pair.ts';

export interface SelectionPorts {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly list: CheckList;
  readonly checks: Checks;
  /** The peer fell silent on the way that was chosen; what else there is may be tried again. */
  readonly lost: (pair: Pair) => void;
}

export class Selection {
  readonly #ports: SelectionPorts;
  readonly #consent: Consent;
  readonly #selected = new Map<Component, Pair>();
  /** There was a way, and it is gone. */
  wasLost = false;

  constructor(ports: SelectionPorts) {
    this.#ports = ports;
    const { clock, random, checks } = ports;
    this.#consent = new Consent({
      ...{ clock, random },
      ask: (pair) => {
        checks.ask(pair, () => {
          pair.heardAt = clock.now();
        });
      },
      expired: (pair) => this.#lose(pair),
    });
  }

  get(component: Component): Pair | undefined {
    return this.#selected.get(component);
  }

  /** Where an old peer nominates several, the best of them holds (RFC 5245 §8.1.1.2). */
  select(pair: Pair): void {
    pair.nominated = true;
    const { component } = pair;
    const current = this.#selected.get(component);
    if (current === pair || (current && current.priority > pair.priority)) return;
    this.#selected.set(component, pair);
    this.wasLost = false;
    this.#consent.watch(component, pair);
    const { list, checks } = this.#ports;
    for (const other of list.of(component)) {
      if (other.valid || other.state === 'failed') continue;
      checks.stop(other);
      other.state = 'failed';
      other.reason = NOT_NEEDED;
    }
  }

  close(): void {
    this.#consent.close();
  }

  /** The way is dead. What else worked, or was not needed, is tried again. */
  #lose(pair: Pair): void {
    const { component } = pair;
    this.#selected.delete(component);
    this.wasLost = true;
    for (const other of this.#ports.list.of(component)) {
      if (other === pair || (other.state === 'failed' && other.reason !== NOT_NEEDED)) continue;
      other.valid = false;
      other.nominated = false;
      other.nominateWhenValid = false;
      other.state = 'waiting';
    }
    this.#ports.lost(pair);
  }
}

/**
 * Who takes how many of the relays for media: no user, no address and no dialog may use up what all need, and strangers,
 * whose datagrams may name any address, never take the last ones.
 */

import type { Settings } from '../settings.ts';

/** On whose account a call is relayed. */
export interface RelayPayer {
  readonly key: string;
  /** How many he may have at one time. */
  readonly limit: number;
  readonly isStranger: boolean;
}

export type RelayLimits = Pick<Settings, 'relayCalls' | 'relayCallsPerUser' | 'relayCallsPerSource'>;

/** What strangers may take together. */
const STRANGERS_SHARE = 0.8;

export class RelayShares {
  readonly #limits: RelayLimits;
  readonly #taken = new Map<string, number>();
  #all = 0;
  #strangers = 0;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  /** Takes one: `full` where none is left for anybody like him, `share` where he has his part. */
  take({ key, limit, isStranger }: RelayPayer): 'taken' | 'full' | 'share' {
    const { relayCalls } = this.#limits;
    if (this.#all >= relayCalls || (isStranger && this.#strangers >= Math.ceil(relayCalls * STRANGERS_SHARE))) {
      return 'full';
    }
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= limit) return 'share';
    this.#taken.set(key, taken + 1);
    this.#all++;
    if (isStranger) this.#strangers++;
    return 'taken';
  }

  give({ key, isStranger }: RelayPayer): void {
    const left = (this.#taken.get(key) ?? 1) - 1;
    if (left > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
    this.#all--;
    if (isStranger) this.#strangers--;
  }
}

/**
 * Candidates of a peer that came before its description: another phone of a fork, the next round of an ICE restart, or an
 * INFO that overtook the answer (RFC 8840 §4.3). What belongs to no description that ever comes is forgotten.
 */
import type { Fragment } from '../sip/sdp/index.ts';

/** As many descriptions as may be on their way at a time. */
const MAX_ROUNDS = 8;
const MAX_CANDIDATES = 40;

export class EarlyFragments {
  #rounds: readonly Fragment[] = [];

  put(fragment: Fragment): void {
    const known = this.#rounds.find((round) => isSameRound(round, fragment));
    const merged = {
      ...fragment,
      candidates: [...(known?.candidates ?? []), ...fragment.candidates].slice(0, MAX_CANDIDATES),
      ended: known?.ended === true || fragment.ended,
    };
    const next = known?.ended ? known : merged;
    this.#rounds = [...this.#rounds.filter((round) => round !== known), next].slice(-MAX_ROUNDS);
  }

  /** What came for this description; it is not kept any longer. */
  take(of: Pick<Fragment, 'ufrag' | 'password'>): Fragment | undefined {
    const found = this.#rounds.find((round) => isSameRound(round, of));
    this.#rounds = this.#rounds.filter((round) => round !== found);
    return found;
  }
}

const isSameRound = (a: Pick<Fragment, 'ufrag' | 'password'>, b: Pick<Fragment, 'ufrag' | 'password'>): boolean =>
  a.ufrag === b.ufrag && a.password === b.password;

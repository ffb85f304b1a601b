/**
 * What is remembered of each call, by its Call-ID and within bounds. Calls that nothing was sent in yet are kept apart,
 * so that strangers cannot push out real ones.
 */
import { BoundedMap } from './bounded-map.ts';

const MAX_OWN = 1_000;
const MAX_STRANGERS = 200;

export class PerCall<T> {
  readonly #make: () => T;
  readonly #own = new BoundedMap<string, T>(MAX_OWN);
  readonly #strangers = new BoundedMap<string, T>(MAX_STRANGERS);

  constructor(make: () => T) {
    this.#make = make;
  }

  /** Of a call that a message came in. */
  heard(callId: string): T {
    const known = this.get(callId) ?? this.#make();
    if (this.#own.get(callId) === undefined) this.#strangers.set(callId, known);
    return known;
  }

  /** Of a call that something is sent in: it is one of ours from now on. */
  sending(callId: string): T {
    const known = this.get(callId) ?? this.#make();
    this.#own.set(callId, known);
    this.#strangers.delete(callId);
    return known;
  }

  get(callId: string): T | undefined {
    return this.#own.get(callId) ?? this.#strangers.get(callId);
  }
}

/**
 * Phones that ring over a connection, and may come back by another one: whoever waits for a device is told when it has
 * registered again (RFC 5626 §4.2, §5.3).
 */
import type { Binding } from './stores.ts';

export type Returned = (binding: Binding) => void;

export class ReturningPhones {
  readonly #waiting = new Map<string, Set<Returned>>();

  /** @returns what ends the waiting. */
  wait(binding: Binding, returned: Returned): () => void {
    const key = keyOf(binding);
    const others = this.#waiting.get(key);
    if (others === undefined) this.#waiting.set(key, new Set([returned]));
    else others.add(returned);
    return () => {
      const all = this.#waiting.get(key);
      if (all?.delete(returned) === true && all.size === 0) this.#waiting.delete(key);
    };
  }

  /** The device of this binding has just registered it, and it is stored. */
  registered(binding: Binding): void {
    if (this.#waiting.size === 0 || binding.instance === '') return;
    for (const returned of [...(this.#waiting.get(keyOf(binding)) ?? [])]) returned(binding);
  }

  /** Devices that somebody waits for. */
  get size(): number {
    return this.#waiting.size;
  }
}

const keyOf = ({ aor, instance }: Binding): string => `${aor} ${instance}`;

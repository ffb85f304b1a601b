/** Changes of AORs that become durable together, and who waits for each of them. */
import type { Aor, Binding } from '../../server/stores.ts';
import type { StoreError } from './errors.ts';

interface Change {
  /** What the AOR had when it was last durable, or about to be. */
  readonly before: readonly Binding[];
  readonly promise: Promise<void>;
  readonly settle: (error?: StoreError) => void;
}

export class ChangeGroup {
  readonly #changes: Map<Aor, Change>;

  constructor(changes: Iterable<readonly [Aor, Change]> = []) {
    this.#changes = new Map(changes);
  }

  get size(): number {
    return this.#changes.size;
  }

  /** What an AOR had before the first of its changes. */
  *before(): Iterable<readonly [Aor, readonly Binding[]]> {
    for (const [aor, { before }] of this.#changes) yield [aor, before];
  }

  /** @returns what settles with the outcome of all changes of this AOR in this group. */
  add(aor: Aor, before: readonly Binding[]): Promise<void> {
    let change = this.#changes.get(aor);
    if (change === undefined) {
      change = changeFrom(before);
      this.#changes.set(aor, change);
    }
    return change.promise;
  }

  /** Moves the change of an AOR into another group. */
  moveTo(other: ChangeGroup, aor: Aor): void {
    const change = this.#changes.get(aor);
    if (change === undefined) return;
    this.#changes.delete(aor);
    other.#changes.set(aor, change);
  }

  /** Tells everybody who waits, then whoever wants to know of each AOR. */
  settle(error: StoreError | undefined, settled?: (aor: Aor) => void): void {
    for (const { settle } of this.#changes.values()) settle(error);
    if (settled !== undefined) for (const aor of this.#changes.keys()) settled(aor);
  }
}

function changeFrom(before: readonly Binding[]): Change {
  let settle: Change['settle'] = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { before, promise, settle };
}

/** Brings together who tells that something about a user has changed, and who wants to know. */
import type { Aor } from '../stores.ts';

export class UserNews {
  readonly #listeners: ((aor: Aor) => void)[] = [];

  listen(listener: (aor: Aor) => void): void {
    this.#listeners.push(listener);
  }

  readonly tell = (aor: Aor): void => {
    for (const listener of this.#listeners) listener(aor);
  };
}

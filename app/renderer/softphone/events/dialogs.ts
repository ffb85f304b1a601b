/** The calls of a watched user, put together from whole and partial documents (RFC 4235 §4.3). */
import type { DialogInfo, SeenDialog } from '../../../../proxy-core/sip/bodies/dialog-info.ts';
import type { Taken } from './subscription.ts';

/** What partial documents may add up to. */
const MAX_DIALOGS = 64;

export class WatchedDialogs {
  #version = -1;
  #dialogs = new Map<string, SeenDialog>();

  get all(): readonly SeenDialog[] {
    return [...this.#dialogs.values()];
  }

  /** The notifier knows of none. */
  clear(): Taken {
    this.#dialogs.clear();
    return 'taken';
  }

  /** `first`: the first document of a new subscription, whose numbers begin anew. */
  take({ version, isFull, dialogs }: DialogInfo, first: boolean): Taken {
    if (first) this.#version = -1;
    else if (version <= this.#version) return 'taken';
    if (!isFull && version !== this.#version + 1) return 'gap';
    this.#version = version;
    if (isFull) this.#dialogs.clear();
    for (const dialog of dialogs) {
      if (dialog.state === 'terminated') this.#dialogs.delete(dialog.id);
      else this.#dialogs.set(dialog.id, dialog);
    }
    if (this.#dialogs.size <= MAX_DIALOGS) return 'taken';
    this.#dialogs.clear();
    return 'gap';
  }
}

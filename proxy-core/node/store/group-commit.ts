/**
 * Makes changes durable in groups: what comes alone is committed at once, what comes close behind it waits for the others,
 * and while one group is on its way to the disk the next gathers. Each promise settles with the outcome of its own AOR;
 * what fails is put back in memory.
 */
import type { Aor, Binding } from '../../server/stores.ts';
import { isStorageFault, type StoreError, writeError } from './errors.ts';
import { type Database, transaction } from './sqlite.ts';

/** Where transactions go that wait for the disk later: `WalLog`. */
export interface LaterSync {
  withoutSync<T>(commit: () => T): T;
  sync(): Promise<void>;
  syncNow(): void;
}

export interface GroupCommitOptions {
  readonly db: Database;
  /** How far apart commits are, in ms. */
  readonly groupMs: number;
  /** Absent where each commit waits for the disk itself. */
  readonly log: LaterSync | undefined;
  /** What an AOR has now. */
  readonly held: (aor: Aor) => readonly Binding[];
  /** Writes the rows of one AOR, within a transaction. */
  readonly write: (aor: Aor, before: readonly Binding[], after: readonly Binding[]) => void;
  /** Puts an AOR back to what it had. */
  readonly restore: (aor: Aor, before: readonly Binding[]) => void;
  /** The bindings of an AOR are durable. */
  readonly kept: (aor: Aor) => void;
  /** Told of failures that nobody waits for. */
  readonly onError: (error: StoreError) => void;
}

/** An AOR in a group: what it had when it was last durable, and who waits for it. */
interface Pending {
  readonly before: readonly Binding[];
  readonly promise: Promise<void>;
  readonly settle: (error?: StoreError) => void;
}

type Group = Map<Aor, Pending>;

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  /** Being gathered. */
  #group: Group = new Map();
  /** Committed, not yet known to be on the disk. */
  #written: Group | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last commit began, in ms that nobody sets back. */
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** An AOR changes from `before` to what `held` will say; to be called before it does. */
  add(aor: Aor, before: readonly Binding[]): Promise<void> {
    let pending = this.#group.get(aor);
    if (pending === undefined) {
      pending = pendingFor(before);
      this.#group.set(aor, pending);
    }
    this.#gather();
    return pending.promise;
  }

  /** Commits at once what is gathered; every promise given out so far is settled on return. */
  flush(): void {
    const earlier = this.#written;
    this.#written = undefined;
    const now = this.#write();
    if (earlier === undefined && now.size === 0) return;
    try {
      this.#options.log?.syncNow();
    } catch (error) {
      this.#lose(now, error);
      if (earlier !== undefined) this.#lose(earlier, error);
      return;
    }
    if (earlier !== undefined) this.#settle(earlier);
    this.#settle(now);
  }

  #gather(): void {
    if (this.#written !== undefined || this.#timer !== undefined) return;
    const rest = this.#last + this.#options.groupMs - performance.now();
    this.#timer = setTimeout(this.#commit, Math.max(0, rest));
  }

  readonly #commit = (): void => {
    const { log } = this.#options;
    this.#last = performance.now();
    const group = this.#write();
    if (log === undefined || group.size === 0) {
      this.#settle(group);
      return;
    }
    this.#written = group;
    log.sync().then(
      () => this.#synced(group),
      (error: unknown) => this.#synced(group, error),
    );
  };

  #synced(group: Group, error?: unknown): void {
    // Where `flush` came first, it has told everybody.
    if (this.#written !== group) return;
    this.#written = undefined;
    if (error === undefined) this.#settle(group);
    else this.#lose(group, error);
    if (this.#group.size > 0) this.#gather();
  }

  /** Writes what is gathered, and gives those whose rows could be written. */
  #write(): Group {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#group;
    if (group.size === 0) return group;
    this.#group = new Map();
    try {
      this.#transact(group);
      return group;
    } catch (error) {
      if (group.size > 1 && !isStorageFault(error)) return this.#writeEach(group);
      this.#undo(group, error);
      return new Map();
    }
  }

  /** One change that cannot be stored must not take the others of its group with it. */
  #writeEach(group: Group): Group {
    const written: Group = new Map();
    for (const [aor, pending] of group) {
      const alone = new Map([[aor, pending]]);
      try {
        this.#transact(alone);
        written.set(aor, pending);
      } catch (error) {
        this.#undo(alone, error);
      }
    }
    return written;
  }

  #transact(group: Group): void {
    const { db, log, held, write } = this.#options;
    const commit = (): void =>
      transaction(db, () => {
        for (const [aor, { before }] of group) write(aor, before, held(aor));
      });
    if (log === undefined) commit();
    else log.withoutSync(commit);
  }

  #settle(group: Group): void {
    for (const [aor, { settle }] of group) {
      settle();
      this.#options.kept(aor);
    }
  }

  #undo(group: Group, cause: unknown): void {
    const error = writeError(cause);
    for (const [aor, { before, settle }] of group) {
      this.#options.restore(aor, before);
      settle(error);
    }
  }

  /** What was committed is not on the disk: nobody was told of it, and it is taken back with all that came after. */
  #lose(group: Group, cause: unknown): void {
    const { db, held, write, onError } = this.#options;
    const later = this.#group;
    this.#group = new Map();
    this.#undo(later, cause);
    const committed = [...group.keys()].map((aor) => [aor, held(aor)] as const);
    this.#undo(group, cause);
    try {
      transaction(db, () => {
        for (const [aor, bindings] of committed) write(aor, bindings, held(aor));
      });
    } catch (error) {
      onError(writeError(error));
    }
  }
}

function pendingFor(before: readonly Binding[]): Pending {
  let settle: Pending['settle'] = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { before, promise, settle };
}

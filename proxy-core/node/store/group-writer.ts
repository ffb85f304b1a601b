/**
 * Brings groups of changes into the database: one transaction for a group, or one for each change where one of them is
 * unfit. What fails, or never reaches the disk, is put back in memory and in the rows.
 */
import type { Aor, Binding } from '../../server/stores.ts';
import { ChangeGroup } from './change-group.ts';
import { isStorageFault, type StoreError, writeError } from './errors.ts';
import { type Database, transaction } from './sqlite.ts';
import type { WalLog } from './wal-log.ts';

/** Where transactions go that wait for the disk later. */
export type LaterSync = Pick<WalLog, 'withoutSync' | 'mend'>;

export interface WriterOptions {
  readonly db: Database;
  /** Absent where each commit waits for the disk itself. */
  readonly log: LaterSync | undefined;
  /** What an AOR has now. */
  readonly held: (aor: Aor) => readonly Binding[];
  /** Writes the rows of one AOR, within a transaction; `before` is undefined where nobody knows what they are. */
  readonly write: (aor: Aor, before: readonly Binding[] | undefined, after: readonly Binding[]) => void;
  /** Puts an AOR back to what it had. */
  readonly restore: (aor: Aor, before: readonly Binding[]) => void;
  /** Told of failures that nobody waits for. */
  readonly onError: (error: StoreError) => void;
}

export class GroupWriter {
  readonly #options: WriterOptions;
  /** Whose rows could not be put back: they are not what memory has. */
  readonly #unsure = new Set<Aor>();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Commits a group, and gives those of it that could be written; the others are undone and told so. */
  write(group: ChangeGroup): ChangeGroup {
    try {
      this.#commit(group);
      return group;
    } catch (error) {
      if (group.size > 1 && !isStorageFault(error)) return this.#writeEach(group);
      this.#undo(group, error);
      return new ChangeGroup();
    }
  }

  /** What was committed is not on the disk: nobody was told of it, and it is taken back with what came `later`. */
  takeBack(committed: ChangeGroup, later: ChangeGroup, cause: unknown): void {
    const { db, held, write, log, onError } = this.#options;
    this.#undo(later, cause);
    const after = [...committed.before()].map(([aor]) => [aor, held(aor)] as const);
    this.#undo(committed, cause);
    try {
      transaction(db, () => {
        for (const [aor, bindings] of after) write(aor, bindings, held(aor));
      });
      log?.mend();
    } catch (error) {
      for (const [aor] of after) this.#unsure.add(aor);
      onError(writeError(error));
    }
  }

  /** One change that cannot be stored must not take the others of its group with it. */
  #writeEach(group: ChangeGroup): ChangeGroup {
    const written = new ChangeGroup();
    for (const [aor] of [...group.before()]) {
      const alone = new ChangeGroup();
      group.moveTo(alone, aor);
      try {
        this.#commit(alone);
        alone.moveTo(written, aor);
      } catch (error) {
        this.#undo(alone, error);
      }
    }
    return written;
  }

  #commit(group: ChangeGroup): void {
    const { db, log, held, write } = this.#options;
    const unsure = this.#unsure;
    const commit = (): void =>
      transaction(db, () => {
        for (const [aor, before] of group.before()) write(aor, unsure.has(aor) ? undefined : before, held(aor));
      });
    if (log === undefined) commit();
    else log.withoutSync(commit);
    if (unsure.size > 0) for (const [aor] of group.before()) unsure.delete(aor);
  }

  #undo(group: ChangeGroup, cause: unknown): void {
    for (const [aor, before] of group.before()) this.#options.restore(aor, before);
    group.settle(writeError(cause));
  }
}

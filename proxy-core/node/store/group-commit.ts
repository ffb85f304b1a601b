/**
 * Says when changes are made durable: what comes alone is committed at once, what comes close behind it waits for the
 * others, and while one group is on its way to the disk the next gathers.
 */
import type { Aor, Binding } from '../../server/stores.ts';
import { ChangeGroup } from './change-group.ts';
import { GroupWriter, type WriterOptions } from './group-writer.ts';
import type { WalLog } from './wal-log.ts';

export interface GroupCommitOptions extends WriterOptions {
  readonly log: Pick<WalLog, 'withoutSync' | 'mend' | 'sync' | 'syncNow'> | undefined;
  /** How far apart commits are, in ms. */
  readonly groupMs: number;
  /** The bindings of an AOR are durable. */
  readonly kept: (aor: Aor) => void;
}

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #writer: GroupWriter;
  /** Being gathered. */
  #group = new ChangeGroup();
  /** Committed, not yet known to be on the disk. */
  #written: ChangeGroup | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last commit began, in ms that nobody sets back. */
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#writer = new GroupWriter(options);
  }

  /** An AOR changes from `before` to what `held` will say; to be called before it does. */
  add(aor: Aor, before: readonly Binding[]): Promise<void> {
    const done = this.#group.add(aor, before);
    this.#gather();
    return done;
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

  #synced(group: ChangeGroup, error?: unknown): void {
    // Where `flush` came first, it has told everybody.
    if (this.#written !== group) return;
    this.#written = undefined;
    if (error === undefined) this.#settle(group);
    else this.#lose(group, error);
    if (this.#group.size > 0) this.#gather();
  }

  /** Writes what is gathered, and gives those whose rows could be written. */
  #write(): ChangeGroup {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#group;
    if (group.size === 0) return group;
    this.#group = new ChangeGroup();
    return this.#writer.write(group);
  }

  #settle(group: ChangeGroup): void {
    group.settle(undefined, this.#options.kept);
  }

  #lose(group: ChangeGroup, cause: unknown): void {
    const later = this.#group;
    this.#group = new ChangeGroup();
    this.#writer.takeBack(group, later, cause);
  }
}

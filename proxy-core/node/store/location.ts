/**
 * The location service (RFC 3261 §10): bindings answered from memory and kept in SQLite. Changes that arrive together
 * are made durable by one transaction, and each promise settles with the outcome of its own AOR.
 */
import type { Aor, Binding, LocationStore } from '../../server/stores.ts';
import { BindingRows } from './binding-rows.ts';
import { Departures } from './departures.ts';
import { StoreClosedError, type StoreError } from './errors.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
import { BindingKeeper } from './kept-binding.ts';
import type { Database } from './sqlite.ts';

const NONE: readonly Binding[] = [];
const BUCKET_MS = 5_000;
const SWEEP_AT_ONCE = 1_000;

export interface LocationOptions {
  /** How far apart commits are, in ms: what comes meanwhile is committed together. */
  readonly groupMs: number;
  readonly now: () => number;
  /** Absent where each commit waits for the disk itself. */
  readonly log?: GroupCommitOptions['log'];
  /** Told when expired bindings could not be removed; they are tried again. */
  readonly onError: (error: StoreError) => void;
}

export class SqliteLocationStore implements LocationStore {
  readonly #rows: BindingRows;
  readonly #options: LocationOptions;
  /** Most have one device: they do without a list. */
  readonly #bindings = new Map<Aor, Binding | readonly Binding[]>();
  readonly #keeper = new BindingKeeper();
  readonly #expiry: ExpiryIndex<Aor>;
  readonly #changes: GroupCommit;
  readonly #sweeper: ReturnType<typeof setInterval>;
  /** What users had who are gone. */
  readonly departures = new Departures();
  #count = 0;
  #closed = false;
  readonly #watchers: ((aor: Aor) => void)[] = [];

  constructor(db: Database, options: LocationOptions) {
    this.#rows = new BindingRows(db);
    this.#options = options;
    this.#expiry = new ExpiryIndex(BUCKET_MS, options.now());
    this.#changes = new GroupCommit({
      db,
      groupMs: options.groupMs,
      log: options.log,
      held: (aor) => this.#held(aor),
      write: (aor, before, after) => this.#rows.write(aor, before, after),
      restore: (aor, before) => this.#remember(aor, before),
      kept: (aor) => this.#changed(aor),
      onError: options.onError,
    });
    this.#load();
    this.#sweeper = setInterval(() => this.sweep(), BUCKET_MS);
    this.#sweeper.unref();
  }

  /** Bindings held, the expired ones that are not yet removed included. */
  get size(): number {
    return this.#count;
  }

  lookup(aor: Aor, now: number): readonly Binding[] {
    const bindings = this.#held(aor);
    return bindings.every((binding) => binding.expiresAt > now) ? bindings : bindings.filter((b) => b.expiresAt > now);
  }

  /** Every binding held, in no order. */
  *all(): Iterable<Binding> {
    for (const held of this.#bindings.values()) {
      if (isList(held)) yield* held;
      else yield held;
    }
  }

  /** What stays is known by being what `lookup` gave; everything else is taken for new. */
  replace(aor: Aor, bindings: readonly Binding[]): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreClosedError('The exchange is shutting down.'));
    const before = this.#held(aor);
    const key = before[0]?.aor ?? this.#keeper.keyOf(aor);
    const done = this.#changes.add(key, before);
    const after = inOrder(before, bindings);
    if (after.length === 0 && before.length > 0) this.departures.ended(key, before, this.#options.now());
    this.#remember(
      key,
      after.map((binding, i) => (before.includes(binding) ? binding : this.#keeper.keep(key, binding, before[i]))),
    );
    return done;
  }

  watch(listener: (aor: Aor) => void): void {
    this.#watchers.push(listener);
  }

  /** Commits at once what is gathered; every promise given out so far is settled on return. */
  flush(): void {
    this.#changes.flush();
  }

  /** Drops an AOR whose rows the caller has deleted; to be called with nothing gathered. */
  forget(aor: Aor): void {
    this.#remember(aor, NONE);
    this.#changed(aor);
  }

  /** Removes bindings that expired, a bounded number at once. */
  sweep(): void {
    if (this.#closed) return;
    const now = this.#options.now();
    const due = this.#expiry.takeDue(now, SWEEP_AT_ONCE);
    for (const aor of due) {
      const held = this.#held(aor);
      const live = held.filter((binding) => binding.expiresAt > now);
      if (live.length < held.length) this.replace(aor, live).catch(this.#options.onError);
      else this.#expiry.move(aor, undefined, earliest(held));
    }
    if (due.length === SWEEP_AT_ONCE) setImmediate(() => this.sweep());
  }

  /** Commits what is gathered and stops; later changes are refused. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    clearInterval(this.#sweeper);
  }

  #changed(aor: Aor): void {
    for (const watcher of this.#watchers) watcher(aor);
  }

  #held(aor: Aor): readonly Binding[] {
    const held = this.#bindings.get(aor);
    if (held === undefined) return NONE;
    return isList(held) ? held : [held];
  }

  #remember(aor: Aor, bindings: readonly Binding[]): void {
    const before = this.#held(aor);
    this.#count += bindings.length - before.length;
    const [only] = bindings;
    if (only === undefined) this.#bindings.delete(aor);
    else this.#bindings.set(aor, bindings.length === 1 ? only : bindings);
    this.#expiry.move(before[0]?.aor ?? aor, earliest(before), earliest(bindings));
  }

  #load(): void {
    let current: Binding[] = [];
    for (const stored of this.#rows.all()) {
      if (current[0]?.aor !== stored.aor) {
        if (current[0]) this.#remember(current[0].aor, current);
        current = [];
      }
      current.push(this.#keeper.keepStored(current[0]?.aor ?? stored.aor, stored));
    }
    if (current[0]) this.#remember(current[0].aor, current);
  }
}

const isList = (held: Binding | readonly Binding[]): held is readonly Binding[] => Array.isArray(held);

/** When the first of them expires. */
function earliest(bindings: readonly Binding[]): number | undefined {
  let first: number | undefined;
  for (const { expiresAt } of bindings) if (first === undefined || expiresAt < first) first = expiresAt;
  return first;
}

/** Highest q first; among equals what is new or changed comes before what was there (RFC 3261 §10.2.1.2, §16.5). */
function inOrder(before: readonly Binding[], after: readonly Binding[]): readonly Binding[] {
  if (after.length < 2) return after;
  const given = new Set(after);
  const kept = before.filter((binding) => given.delete(binding));
  return [...[...given].reverse(), ...kept].sort((a, b) => b.q - a.q);
}

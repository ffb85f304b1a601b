/**
 * The location service (RFC 3261 §10): bindings answered from memory and kept in SQLite. Changes that arrive together
 * are made durable by one transaction, and each promise settles with the outcome of its own AOR.
 */
import { type Aor, aorOf, type Binding, type LocationStore } from '../../server/stores.ts';
import { isStorageFault, StoreClosedError, StoreCorruptError, type StoreError, writeError } from './errors.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

const NONE: readonly Binding[] = [];
const BUCKET_MS = 5_000;
const SWEEP_AT_ONCE = 1_000;

export interface LocationOptions {
  /** How long changes are gathered before they are committed together. */
  readonly groupMs: number;
  readonly now: () => number;
  /** Told when expired bindings could not be removed; they are tried again. */
  readonly onError: (error: StoreError) => void;
}

/** An AOR in the group being gathered: what it had when it was last durable, and who waits for it. */
interface Pending {
  readonly before: readonly Binding[];
  readonly promise: Promise<void>;
  readonly settle: (error?: StoreError) => void;
}

export class SqliteLocationStore implements LocationStore {
  readonly #db: Database;
  readonly #options: LocationOptions;
  readonly #bindings = new Map<Aor, readonly Binding[]>();
  readonly #expiry: ExpiryIndex<Aor>;
  readonly #put: Statement;
  readonly #cut: Statement;
  readonly #aorsAfter: Statement;
  readonly #sweeper: ReturnType<typeof setInterval>;
  #group = new Map<Aor, Pending>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  #closed = false;
  #changed: ((aor: Aor) => void) | undefined;

  constructor(db: Database, options: LocationOptions) {
    this.#db = db;
    this.#options = options;
    this.#expiry = new ExpiryIndex(BUCKET_MS, options.now());
    this.#put = db.prepare(
      `INSERT INTO bindings (aor, rank, contact, q, expires_at, call_id, cseq, instance, reg_id, path, user_agent, received, listener, device)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (aor, rank) DO UPDATE SET contact = excluded.contact, q = excluded.q, expires_at = excluded.expires_at,
         call_id = excluded.call_id, cseq = excluded.cseq, instance = excluded.instance, reg_id = excluded.reg_id,
         path = excluded.path, user_agent = excluded.user_agent, received = excluded.received, listener = excluded.listener,
         device = excluded.device`,
    );
    this.#cut = db.prepare('DELETE FROM bindings WHERE aor = ? AND rank >= ?');
    this.#aorsAfter = db.prepare('SELECT DISTINCT aor FROM bindings WHERE aor > ? ORDER BY aor LIMIT ?');
    this.#load();
    this.#sweeper = setInterval(() => this.sweep(), BUCKET_MS);
    this.#sweeper.unref();
  }

  /** Bindings held, the expired ones that are not yet removed included. */
  get size(): number {
    return this.#count;
  }

  lookup(aor: Aor, now: number): readonly Binding[] {
    const bindings = this.#bindings.get(aor) ?? NONE;
    return bindings.every((binding) => binding.expiresAt > now) ? bindings : bindings.filter((b) => b.expiresAt > now);
  }

  /** Every binding held, in no order. */
  *all(): Iterable<Binding> {
    for (const bindings of this.#bindings.values()) yield* bindings;
  }

  replace(aor: Aor, bindings: readonly Binding[]): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreClosedError('The exchange is shutting down.'));
    const before = this.#bindings.get(aor) ?? NONE;
    let pending = this.#group.get(aor);
    if (pending === undefined) {
      pending = pendingFor(before);
      this.#group.set(aor, pending);
    }
    this.#remember(aor, inOrder(before, bindings));
    this.#timer ??= setTimeout(() => this.flush(), this.#options.groupMs);
    return pending.promise;
  }

  watch(listener: (aor: Aor) => void): void {
    this.#changed = listener;
  }

  /** Commits at once what is gathered; every promise given out so far is settled on return. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#group;
    if (group.size === 0) return;
    this.#group = new Map();
    try {
      this.#commit(group);
    } catch (error) {
      if (group.size === 1 || isStorageFault(error)) this.#undo(group, error);
      else this.#commitEach(group);
    }
  }

  /** Drops an AOR whose rows the caller has deleted; to be called with nothing gathered. */
  forget(aor: Aor): void {
    this.#remember(aor, NONE);
    this.#changed?.(aor);
  }

  /** At most `limit` AORs after `after` in their order, for listings. */
  aorsAfter(after: string, limit: number): Aor[] {
    this.flush();
    return this.#aorsAfter.all(after, limit).map((row) => (row as { aor: Aor }).aor);
  }

  /** Removes bindings that expired, a bounded number at once. */
  sweep(): void {
    if (this.#closed) return;
    const now = this.#options.now();
    const due = this.#expiry.takeDue(now, SWEEP_AT_ONCE);
    for (const aor of due) {
      const held = this.#bindings.get(aor) ?? NONE;
      const live = held.filter((binding) => binding.expiresAt > now);
      if (live.length === held.length) this.#schedule(aor, held);
      else this.replace(aor, live).catch(this.#options.onError);
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

  #commit(group: ReadonlyMap<Aor, Pending>): void {
    transaction(this.#db, () => {
      for (const [aor, { before }] of group) this.#write(aor, before, this.#bindings.get(aor) ?? NONE);
    });
    for (const [aor, { settle }] of group) {
      settle();
      this.#changed?.(aor);
    }
  }

  /** One change that cannot be stored must not take the others of its group with it. */
  #commitEach(group: ReadonlyMap<Aor, Pending>): void {
    for (const one of group) {
      const alone = new Map([one]);
      try {
        this.#commit(alone);
      } catch (error) {
        this.#undo(alone, error);
      }
    }
  }

  #undo(group: ReadonlyMap<Aor, Pending>, cause: unknown): void {
    const error = writeError(cause);
    for (const [aor, { before, settle }] of group) {
      this.#remember(aor, before);
      settle(error);
    }
  }

  #write(aor: Aor, before: readonly Binding[], after: readonly Binding[]): void {
    after.forEach((b, rank) => {
      if (b === before[rank]) return;
      const path = b.path.length === 0 ? '' : JSON.stringify(b.path);
      this.#put.run(
        ...[aor, rank, b.contact, b.q, b.expiresAt, b.callId, b.cseq, b.instance, b.regId, path],
        ...[b.userAgent, b.received, b.listener, b.device],
      );
    });
    if (after.length < before.length) this.#cut.run(aor, after.length);
  }

  #remember(aor: Aor, bindings: readonly Binding[]): void {
    this.#count += bindings.length - (this.#bindings.get(aor)?.length ?? 0);
    if (bindings.length === 0) {
      this.#bindings.delete(aor);
      this.#expiry.cancel(aor);
    } else {
      this.#bindings.set(aor, bindings);
      this.#schedule(aor, bindings);
    }
  }

  #schedule(aor: Aor, bindings: readonly Binding[]): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { expiresAt } of bindings) earliest = Math.min(earliest, expiresAt);
    if (earliest < Number.POSITIVE_INFINITY) this.#expiry.schedule(aor, earliest);
  }

  #load(): void {
    // The same few strings come back in thousands of rows: keep one of each.
    const known = new Map<string, string>();
    const once = (text: string): string => {
      const same = known.get(text);
      if (same === undefined) known.set(text, text);
      return same ?? text;
    };
    let current: Binding[] = [];
    for (const row of this.#db.prepare('SELECT * FROM bindings ORDER BY aor, rank').iterate()) {
      const binding = fromRow(row as unknown as BindingRow, once);
      if (current[0]?.aor !== binding.aor) {
        if (current[0]) this.#remember(current[0].aor, current);
        current = [];
      }
      current.push({ ...binding, aor: current[0]?.aor ?? binding.aor });
    }
    if (current[0]) this.#remember(current[0].aor, current);
  }
}

/** Highest q first; among equals what is new or changed comes before what was there (RFC 3261 §10.2.1.2, §16.5). */
function inOrder(before: readonly Binding[], after: readonly Binding[]): readonly Binding[] {
  if (after.length < 2) return [...after];
  const given = new Set(after);
  const kept = before.filter((binding) => given.delete(binding));
  return [...[...given].reverse(), ...kept].sort((a, b) => b.q - a.q);
}

function pendingFor(before: readonly Binding[]): Pending {
  let settle: Pending['settle'] = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { before, promise, settle };
}

interface BindingRow {
  readonly aor: string;
  readonly contact: string;
  readonly q: number;
  readonly expires_at: number;
  readonly call_id: string;
  readonly cseq: number;
  readonly instance: string;
  readonly reg_id: number;
  readonly path: string;
  readonly user_agent: string;
  readonly received: string;
  readonly listener: string;
  readonly device: string;
}

function fromRow(row: BindingRow, once: (text: string) => string): Binding {
  const at = row.aor.lastIndexOf('@');
  return {
    aor: aorOf(row.aor.slice(0, at), row.aor.slice(at + 1)),
    contact: row.contact,
    q: row.q,
    expiresAt: row.expires_at,
    callId: row.call_id,
    cseq: row.cseq,
    instance: row.instance,
    regId: row.reg_id,
    path: row.path === '' ? [] : pathOf(row),
    userAgent: once(row.user_agent),
    received: row.received,
    listener: once(row.listener),
    device: once(row.device),
  };
}

function pathOf(row: BindingRow): string[] {
  try {
    const path: unknown = JSON.parse(row.path);
    if (Array.isArray(path) && path.every((uri) => typeof uri === 'string')) return path;
  } catch {
    // Falls through: what is not JSON is as wrong as what is no list.
  }
  throw new StoreCorruptError(`The binding of ${row.aor} has a damaged path.`);
}

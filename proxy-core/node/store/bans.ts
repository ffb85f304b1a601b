/** Bans, answered from memory and written behind: an attack from many addresses must not wait for the disk. */
import type { Ban, BanStore } from '../../server/stores.ts';
import { type StoreError, writeError } from './errors.ts';
import type { Change } from './feed.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

export interface BanStoreOptions {
  readonly now: () => number;
  /** Told when bans could not be kept; they hold until the program ends. */
  readonly onError: (error: StoreError) => void;
  /** Told of each ban that comes, changes or goes. */
  readonly changed?: (address: string, change: Change) => void;
}

const WRITE_MS = 500;
const SWEEP_MS = 60_000;
const MAX_BANS = 20_000;
/** For so long a ban that has ended is remembered, so that the next one is longer. */
const REMEMBER_MS = 24 * 3_600_000;

export class SqliteBanStore implements BanStore {
  readonly #db: Database;
  readonly #options: BanStoreOptions;
  readonly #bans = new Map<string, Ban>();
  readonly #changed = new Set<string>();
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #sweeper: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(db: Database, options: BanStoreOptions) {
    this.#db = db;
    this.#options = options;
    this.#put = db.prepare('INSERT OR REPLACE INTO bans (address, since, until, times, reason) VALUES (?, ?, ?, ?, ?)');
    this.#remove = db.prepare('DELETE FROM bans WHERE address = ?');
    for (const row of db.prepare('SELECT address, since, until, times, reason FROM bans ORDER BY since').all()) {
      const ban = row as unknown as Ban;
      this.#bans.set(ban.address, ban);
    }
    this.sweep();
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#bans.size;
  }

  /** Those that ended not long ago, too. */
  all(): readonly Ban[] {
    return [...this.#bans.values()];
  }

  find(address: string): Ban | undefined {
    return this.#bans.get(address);
  }

  put(ban: Ban): void {
    const isKnown = this.#bans.delete(ban.address);
    this.#bans.set(ban.address, ban);
    this.#change(ban.address, isKnown ? 'changed' : 'added');
    if (this.#bans.size > MAX_BANS) for (const oldest of this.#bans.keys()) return void this.remove(oldest);
  }

  /** Gives whether there was one. */
  remove(address: string): boolean {
    if (!this.#bans.delete(address)) return false;
    this.#change(address, 'removed');
    return true;
  }

  /** Has memory follow a row that somebody else wrote; undefined where there is none. */
  hold(address: string, ban: Ban | undefined): void {
    this.#changed.delete(address);
    if (ban === undefined) this.#bans.delete(address);
    else this.#bans.set(address, ban);
  }

  /** Forgets bans that ended long ago. */
  sweep(): void {
    const before = this.#options.now() - REMEMBER_MS;
    for (const { address, until } of this.#bans.values()) if (until < before) this.remove(address);
  }

  /** Writes what changed. @throws StoreWriteError; what could not be written is tried again with the next change. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changed.size === 0) return;
    try {
      transaction(this.#db, () => {
        for (const address of this.#changed) {
          const ban = this.#bans.get(address);
          if (ban === undefined) this.#remove.run(address);
          else this.#put.run(address, ban.since, ban.until, ban.times, ban.reason);
        }
      });
    } catch (error) {
      throw writeError(error);
    }
    this.#changed.clear();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.flushBehind();
  }

  /** Writes what changed; what cannot be written is told to `onError`. */
  flushBehind(): void {
    try {
      this.flush();
    } catch (error) {
      this.#options.onError(error as StoreError);
    }
  }

  #change(address: string, change: Change): void {
    this.#changed.add(address);
    this.#options.changed?.(address, change);
    this.#timer ??= setTimeout(() => this.flushBehind(), WRITE_MS);
    this.#timer.unref();
  }
}

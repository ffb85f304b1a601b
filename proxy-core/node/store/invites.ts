/** Open codes by which somebody new comes in, hashed. They are few and asked for seldom: none is held in memory. */
import type { Change } from './feed.ts';
import { changeRows, type Database, type Statement } from './sqlite.ts';

/** A row as it stands. */
export interface InviteRow {
  readonly id: string;
  readonly domain: string;
  readonly number: string;
  /** Hexadecimal. */
  readonly salt: string;
  readonly hash: string;
  /** ms since 1970. */
  readonly created_at: number;
  readonly expires_at: number;
  readonly attempts_left: number;
}

export class SqliteInviteStore {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #changed: (id: string, change: Change) => void;
  readonly #get: Statement;
  readonly #taken: Statement;
  readonly #counted: Statement;

  constructor(db: Database, now: () => number, changed: (id: string, change: Change) => void) {
    this.#db = db;
    this.#now = now;
    this.#changed = changed;
    this.#get = db.prepare('SELECT * FROM invites WHERE id = ?');
    this.#taken = db.prepare('DELETE FROM invites WHERE id = ?');
    this.#counted = db.prepare(
      'UPDATE invites SET attempts_left = attempts_left - 1 WHERE id = ? AND attempts_left > 0',
    );
  }

  /** Within the caller's transaction. */
  insert({ id, domain, number, salt, hash, created_at, expires_at, attempts_left }: InviteRow): void {
    this.#db
      .prepare(
        'INSERT INTO invites (id, domain, number, salt, hash, created_at, expires_at, attempts_left) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, domain, number, salt, hash, created_at, expires_at, attempts_left);
  }

  /** Within the caller's transaction. */
  remove(id: string): void {
    this.#taken.run(id);
  }

  find(id: string): InviteRow | undefined {
    return this.#get.get(id) as unknown as InviteRow | undefined;
  }

  /** How many are open, of all users or of one. */
  count(of?: { readonly number: string; readonly domain: string }): number {
    const sql = 'SELECT count(*) AS n FROM invites';
    const row =
      of === undefined
        ? this.#db.prepare(sql).get()
        : this.#db.prepare(`${sql} WHERE domain = ? AND number = ?`).get(of.domain, of.number);
    return (row as { n: number }).n;
  }

  /** Ends it; gives whether it was there. @throws StoreWriteError */
  take(id: string): boolean {
    if (this.find(id) === undefined) return false;
    changeRows(this.#db, () => void this.#taken.run(id));
    this.#changed(id, 'removed');
    return true;
  }

  /** Somebody tried it and failed. @throws StoreWriteError */
  countFailure(id: string): void {
    changeRows(this.#db, () => void this.#counted.run(id));
    this.#changed(id, 'changed');
  }

  /** Forgets those that are too old. @throws StoreWriteError */
  sweep(): void {
    const old = this.#db.prepare('SELECT id FROM invites WHERE expires_at <= ?').all(this.#now());
    for (const row of old) this.take((row as { id: string }).id);
  }
}

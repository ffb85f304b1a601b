/**
 * Waits off the event loop until what was committed is on the disk. SQLite itself would wait in COMMIT, and every call with
 * it: a few ms each time on a busy disk. In WAL mode a commit is in the log file alone, so syncing that file is what
 * `synchronous = FULL` does (https://www.sqlite.org/wal.html#performance_considerations); it may be done through another
 * descriptor and by another thread.
 */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { Database } from './sqlite.ts';

export class WalLog {
  readonly #db: Database;
  readonly #path: string;
  #descriptor: number | undefined;

  /** @param path of the log beside the database. It stays the same file for as long as `db` is open. */
  constructor(db: Database, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /** Runs `commit`, whose transactions then are durable only after the next `sync`. */
  withoutSync<T>(commit: () => T): T {
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      return commit();
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Settles when all that was committed before is durable. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#open(), (error) => (error === null ? resolve() : reject(error)));
    });
  }

  syncNow(): void {
    fdatasyncSync(this.#open());
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** For writing too, or Windows would not flush it. SQLite's locks are on other files and do not suffer from its closing. */
  #open(): number {
    this.#descriptor ??= openSync(this.#path, 'r+');
    return this.#descriptor;
  }
}

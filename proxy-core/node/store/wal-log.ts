/**
 * Waits off the event loop until what was committed is on the disk. SQLite itself would wait in COMMIT, and every call with
 * it: a few ms each time on a busy disk. In WAL mode a commit is in the log file alone, so syncing that file is what
 * `synchronous = FULL` does (https://www.sqlite.org/wal.html#performance_considerations); it may be done through another
 * descriptor and by another thread.
 */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { Database } from './sqlite.ts';

/** The two calls that wait for the disk. */
export interface DiskSync {
  fdatasync(descriptor: number, done: (error: Error | null) => void): void;
  fdatasyncSync(descriptor: number): void;
}

export class WalLog {
  readonly #db: Database;
  readonly #disk: DiskSync;
  #descriptor: number | undefined;
  /** The disk has lost a part of the log: what is written behind it would not be found after a power cut. */
  #isTorn = false;

  /**
   * @param path of the log beside the database, where it has to be already. It stays the same file for as long as `db` is
   * open, and is held open from the start: the system tells a failing of the disk only to who was there.
   */
  constructor(db: Database, path: string, disk: DiskSync = { fdatasync, fdatasyncSync }) {
    this.#db = db;
    this.#disk = disk;
    // For writing too, or Windows would not flush it. SQLite's locks are on other files and do not suffer from its closing.
    this.#descriptor = openSync(path, 'r+');
  }

  /** Runs `commit`, whose transactions then are durable only after the next `sync`. */
  withoutSync<T>(commit: () => T): T {
    this.mend();
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
      this.#disk.fdatasync(this.#open(), (error) => {
        if (error === null) resolve();
        else {
          this.#isTorn = true;
          reject(error);
        }
      });
    });
  }

  syncNow(): void {
    try {
      this.#disk.fdatasyncSync(this.#open());
    } catch (error) {
      this.#isTorn = true;
      throw error;
    }
  }

  /**
   * After a `sync` that failed: brings everything into the database and has the log begin anew. To sync again would not
   * do: the system drops what it could not write, and says that all is well the next time. @throws where that fails too.
   */
  mend(): void {
    if (!this.#isTorn) return;
    const done = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number } | undefined;
    if (done?.busy !== 0) throw new Error('the log of the database is in use by another program');
    this.#isTorn = false;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    if (this.#descriptor === undefined) throw new Error('the log of the database was closed');
    return this.#descriptor;
  }
}

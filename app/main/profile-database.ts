/**
 * An SQLite file of the profile, opened when it is first needed. One that is damaged is set aside whole, and a new one begun:
 * the program starts all the same.
 */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isCorrupt } from '../../proxy-core/node/store/errors.ts';
import { type Database, openSqlite } from '../../proxy-core/node/store/sqlite.ts';
import type { Outcome } from '../shared/bridge.ts';

export interface ProfileDatabaseOptions {
  readonly folder: string;
  readonly file: string;
  /** Such as `The history of calls`; begins sentences. */
  readonly what: string;
  readonly schema: string;
  /** Brings a file of an earlier version up to the schema, and tidies up. */
  readonly prepare?: (db: Database) => void;
  /** What was kept last outlives the power going (FULL); NORMAL: the file does, the last change may not. */
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly now?: (() => number) | undefined;
}

const BUSY_MS = 2_000;

export class ProfileDatabase {
  readonly #options: ProfileDatabaseOptions;
  #db: Database | undefined;

  constructor(options: ProfileDatabaseOptions) {
    this.#options = options;
  }

  /** What `work` gives, or one sentence on why the file cannot be used. */
  attempt<T>(work: (db: Database) => Outcome<T>): Outcome<T> {
    try {
      this.#db ??= this.#open();
      return work(this.#db);
    } catch (error) {
      return { ok: false, reason: `${this.#options.what} cannot be used: ${(error as Error).message}.` };
    }
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
  }

  #open(): Database {
    const { folder, file, what, now = Date.now } = this.#options;
    const path = join(folder, file);
    mkdirSync(folder, { recursive: true });
    try {
      return this.#prepared(path);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      const aside = `${path}.corrupt-${now()}`;
      renameSync(path, aside);
      console.error(`${what} cannot be read; the damaged file is now ${aside}.`);
      return this.#prepared(path);
    }
  }

  #prepared(path: string): Database {
    const { schema, synchronous, prepare } = this.#options;
    const db = openSqlite(path, BUSY_MS);
    try {
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA secure_delete = ON; ${schema}`);
      prepare?.(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }
}

/** Values that stand by themselves, each under a name. */
import type { Database } from './sqlite.ts';

export class SettingTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(key: string): string | undefined {
    const row = this.#db.prepare('SELECT value FROM settings WHERE key = ?').get(key);
    return (row as { value: string } | undefined)?.value;
  }

  /** Undefined takes it away. */
  set(key: string, value: string | undefined): void {
    if (value === undefined) this.#db.prepare('DELETE FROM settings WHERE key = ?').run(key);
    else {
      const sql =
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
      this.#db.prepare(sql).run(key, value);
    }
  }
}

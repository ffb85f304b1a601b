/** Single rows of any table, for what has to be put back as it was: the audit log's undoing. */
import { isStorageFault, writeError } from './errors.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export class Rows {
  readonly #db: Database;
  /** Few tables, each asked in the same words. */
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** All that `work` writes, or nothing of it. @throws StoreWriteError, or what `work` throws. */
  atomically<T>(work: () => T): T {
    let result: { readonly of: T } | undefined;
    try {
      return transaction(this.#db, () => {
        result = { of: work() };
        return result.of;
      });
    } catch (error) {
      // What a row must not be is the caller's to tell; what else SQLite refuses is the storage's fault.
      throw result !== undefined || isStorageFault(error) ? writeError(error) : error;
    }
  }

  /** Those whose columns have these values, in the order of all their columns. */
  read(table: string, where: Row): Row[] {
    const [columns, values] = parts(where);
    const condition = columns.map((name) => `${name} IS ?`).join(' AND ');
    const sql = `SELECT * FROM ${table} WHERE ${condition === '' ? 'true' : condition}`;
    const rows = this.#statement(sql).all(...values) as unknown as Row[];
    return rows.map((row) => ({ ...row }));
  }

  /** Of a whole query; each row's columns in the order of their names. */
  all(sql: string): Row[] {
    const rows = this.#db.prepare(sql).all() as unknown as Row[];
    return rows.map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  remove(table: string, where: Row): void {
    const [columns, values] = parts(where);
    this.#statement(`DELETE FROM ${table} WHERE ${columns.map((name) => `${name} IS ?`).join(' AND ')}`).run(...values);
  }

  /**
   * Adds a row; where a key is named, or gives the one with the same key its values. Columns that the table no longer has
   * are left out.
   */
  put(table: string, row: Row, key: readonly string[] = []): void {
    const known = new Set(
      this.#db
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map((one) => (one as { name: string }).name),
    );
    const [columns, values] = parts(Object.fromEntries(Object.entries(row).filter(([name]) => known.has(name))));
    const rest = columns.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
    const otherwise =
      key.length === 0 ? '' : `ON CONFLICT (${key}) DO ${rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest}`}`;
    const places = columns.map(() => '?');
    this.#statement(`INSERT INTO ${table} (${columns}) VALUES (${places}) ${otherwise}`).run(...values);
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const parts = (row: Row): [columns: string[], values: Value[]] => [Object.keys(row), Object.values(row)];

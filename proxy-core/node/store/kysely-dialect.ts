/** Lets kysely speak to the synchronous SQLite connection: its SQLite dialect asks for better-sqlite3's shape. */
import { type DialectAdapter, SqliteAdapter, type SqliteDatabase, SqliteDialect } from 'kysely';
import type { Database } from './sqlite.ts';

type Bindable = string | number | bigint | null | Uint8Array;

/** SQLite can change the schema inside a transaction; kysely's adapter does not count on it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class TransactionalDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** The dialect never closes the connection: the store owns it. */
export function sqliteDialect(db: Database): SqliteDialect {
  const adapter: SqliteDatabase = {
    close: () => undefined,
    prepare(sql) {
      const statement = db.prepare(sql);
      return {
        // Early releases of node:sqlite cannot tell a statement's columns.
        reader: statement.columns
          ? statement.columns().length > 0
          : /^\s*(select|with|pragma)\b|\breturning\b/i.test(sql),
        all: (parameters) => statement.all(...(parameters as Bindable[])),
        run: (parameters) => statement.run(...(parameters as Bindable[])),
        iterate: (parameters) => statement.iterate(...(parameters as Bindable[])),
      };
    },
  };
  return new TransactionalDialect({ database: adapter });
}

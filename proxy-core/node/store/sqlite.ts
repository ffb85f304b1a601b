/**
 * SQLite through the runtime's own `node:sqlite` where it has one, else through @photostructure/sqlite, which has the
 * same API. Both are synchronous: one connection, one writer, no waiting between BEGIN and COMMIT.
 */
import { createRequire } from 'node:module';
import type { DatabaseSync } from '@photostructure/sqlite';
import { writeError } from './errors.ts';

export type Database = InstanceType<typeof DatabaseSync>;
export type Statement = ReturnType<Database['prepare']>;

interface Driver {
  readonly DatabaseSync: new (path: string, options?: { timeout?: number }) => Database;
}

let driver: Driver | undefined;

function loadDriver(): Driver {
  // Bundles are CommonJS, where `import.meta.url` is empty; tests run the sources as ES modules, without `__filename`.
  driver ??=
    ownDriver() ??
    createRequire(typeof __filename === 'string' ? __filename : import.meta.url)('@photostructure/sqlite');
  return driver as Driver;
}

/** The runtime's own SQLite. Its notice of being experimental would land in the output of every command. */
function ownDriver(): Driver | undefined {
  const builtin = (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule;
  if (builtin === undefined) return undefined;
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return builtin('node:sqlite') as Driver | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Opens a database file; `busyMs` is how long a statement waits for another program's lock. */
export function openSqlite(path: string, busyMs: number): Database {
  return new (loadDriver().DatabaseSync)(path, { timeout: busyMs });
}

/** Databases with a transaction under way; early releases of node:sqlite cannot tell. */
const inTransaction = new WeakSet<Database>();

/**
 * Runs `work` in one transaction: all of it is durable on return, or none of it happened and the error is thrown. Inside
 * another one it is part of that.
 */
export function transaction<T>(db: Database, work: () => T): T {
  if (inTransaction.has(db)) return work();
  db.exec('BEGIN IMMEDIATE');
  inTransaction.add(db);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.isTransaction !== false) rollBack(db);
    throw error;
  } finally {
    inTransaction.delete(db);
  }
}

function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite had done so, and this release cannot say.
  }
}

/** As `transaction`. @throws StoreWriteError: nothing changed. */
export function changeRows(db: Database, work: () => void): void {
  try {
    transaction(db, work);
  } catch (error) {
    throw writeError(error);
  }
}

const ROWS_AT_ONCE = 2_000;

/**
 * All rows of a table in the order of its key, each as an array of its columns. Some thousands at a time come over the
 * native border as one text: to make an object of each row there takes three times as long.
 */
export function* allRows(
  db: Database,
  table: string,
  columns: readonly string[],
  key: readonly string[],
): Generator<readonly unknown[]> {
  const places = key.map((column) => columns.indexOf(column));
  const select = (where: string): Statement =>
    db.prepare(
      `SELECT json_group_array(json_array(${columns})) AS rows
       FROM (SELECT ${columns} FROM ${table} ${where} ORDER BY ${key} LIMIT ${ROWS_AT_ONCE})`,
    );
  const after = select(`WHERE (${key}) > (${key.map(() => '?')})`);
  let rows = JSON.parse((select('').get() as { rows: string }).rows) as unknown[][];
  for (;;) {
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    const from = places.map((place) => last[place] as string | number);
    rows = JSON.parse((after.get(...from) as { rows: string }).rows) as unknown[][];
  }
}

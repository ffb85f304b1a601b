/** Bindings as rows of SQLite: written one by one, read all at once. */
import type { Aor, Binding } from '../../server/stores.ts';
import { StoreCorruptError } from './errors.ts';
import { allRows, type Database, type Statement } from './sqlite.ts';

const COLUMNS = [
  ...['aor', 'rank', 'contact', 'q', 'expires_at', 'call_id', 'cseq', 'instance', 'reg_id', 'path'],
  ...['user_agent', 'received', 'listener', 'device'],
] as const;

export class BindingRows {
  readonly #db: Database;
  readonly #put: Statement;
  readonly #refresh: Statement;
  readonly #cut: Statement;

  constructor(db: Database) {
    this.#db = db;
    const changed = COLUMNS.slice(2).map((column) => `${column} = excluded.${column}`);
    this.#put = db.prepare(
      `INSERT INTO bindings (${COLUMNS}) VALUES (${COLUMNS.map(() => '?')})
       ON CONFLICT (aor, rank) DO UPDATE SET ${changed}`,
    );
    this.#refresh = db.prepare('UPDATE bindings SET expires_at = ?, call_id = ?, cseq = ? WHERE aor = ? AND rank = ?');
    this.#cut = db.prepare('DELETE FROM bindings WHERE aor = ? AND rank >= ?');
  }

  /** Makes the rows of an AOR those of `after` where they were those of `before`, or nobody knows. */
  write(aor: Aor, before: readonly Binding[] | undefined, after: readonly Binding[]): void {
    for (const [rank, b] of after.entries()) {
      const was = before?.[rank];
      if (b === was || (was !== undefined && this.#isRefreshed(was, b, rank))) continue;
      const path = b.path.length === 0 ? '' : JSON.stringify(b.path);
      this.#put.run(
        ...[aor, rank, b.contact, b.q, b.expiresAt, b.callId, b.cseq, b.instance, b.regId, path],
        ...[b.userAgent, b.received, b.listener, b.device],
      );
    }
    if (before === undefined || after.length < before.length) this.#cut.run(aor, after.length);
  }

  /** Most registrations only say that a phone is still there. False where there is more to write, or no such row. */
  #isRefreshed(was: Binding, b: Binding, rank: number): boolean {
    if (!isSameDevice(was, b)) return false;
    return this.#refresh.run(b.expiresAt, b.callId, b.cseq, b.aor, rank).changes === 1;
  }

  /** All bindings, those of one AOR together and in their order. */
  *all(): Generator<Binding> {
    for (const row of allRows(this.#db, 'bindings', COLUMNS, ['aor', 'rank'])) yield fromRow(row as Row);
  }
}

/** Whether all is as it was but for when, and by which request. */
const isSameDevice = (a: Binding, b: Binding): boolean =>
  a.contact === b.contact &&
  a.q === b.q &&
  a.instance === b.instance &&
  a.regId === b.regId &&
  a.path.length === 0 &&
  b.path.length === 0 &&
  a.userAgent === b.userAgent &&
  a.received === b.received &&
  a.listener === b.listener &&
  a.device === b.device;

type Row = readonly [
  ...[aor: Aor, rank: number, contact: string, q: number, expiresAt: number, callId: string, cseq: number],
  ...[instance: string, regId: number, path: string, userAgent: string, received: string, listener: string],
  device: string,
];

const NO_PATH: readonly string[] = [];

function fromRow(row: Row): Binding {
  const [aor, , contact, q, expiresAt, callId, cseq, instance, regId, path, userAgent, received, listener, device] =
    row;
  const places = path === '' ? NO_PATH : pathOf(aor, path);
  const from = { userAgent, received, listener, device };
  return { aor, contact, q, expiresAt, callId, cseq, instance, regId, path: places, ...from };
}

function pathOf(aor: string, text: string): string[] {
  try {
    const path: unknown = JSON.parse(text);
    if (Array.isArray(path) && path.every((uri) => typeof uri === 'string')) return path;
  } catch {
    // Falls through: what is not JSON is as wrong as what is no list.
  }
  throw new StoreCorruptError(`The binding of ${aor} has a damaged path.`);
}

/** Who changed what through the administration, and how it was before: kept within bounds of number and age. */
import { Listing } from './listing.ts';
import type { Database, Statement } from './sqlite.ts';

/** Fields by their names, as JSON has them. */
export type Fields = Readonly<Record<string, unknown>>;

/** What became of one thing: only the fields that differ; undefined where it was not there. */
export interface AuditChange {
  readonly kind: string;
  readonly key: string;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

export interface NewAuditEntry {
  /** ms since 1970. */
  readonly at: number;
  readonly by: string;
  /** The method, such as `users.rename`. */
  readonly action: string;
  /** What it was about, for searching. */
  readonly subject: string;
  /** The entry that this one takes back. */
  readonly undoes?: number | undefined;
  /** Changes beyond what is kept of one entry: it cannot be taken back. */
  readonly leftOut: number;
}

export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly subject: string;
  readonly undoes: number | null;
  readonly undone_by: number | null;
  readonly left_out: number;
}

/** Entries that are kept, and their changes together. */
const MOST_ENTRIES = 20_000;
const MOST_CHANGES = 200_000;
const LONGEST_MS = 2 * 365 * 86_400_000;
/** So many entries come between two looks at the bounds. */
const BETWEEN_LOOKS = 64;

export class SqliteAuditLog {
  readonly list: Listing<AuditRow>;
  readonly #db: Database;
  readonly #insert: Statement;
  readonly #insertChange: Statement;
  readonly #changes: Statement;
  readonly #now: () => number;
  #untilLook = 0;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.list = new Listing<AuditRow>(db, {
      table: 'audit',
      key: ['id'],
      filters: { by: 'by = ?', action: 'action = ?', since: 'at >= ?', until: 'at <= ?' },
      search: "by LIKE ? ESCAPE '\\' OR action LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\'",
    });
    this.#insert = db.prepare(
      'INSERT INTO audit (at, by, action, subject, undoes, left_out) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
    );
    this.#insertChange = db.prepare(
      'INSERT INTO audit_changes (entry, seq, kind, key, before, after) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#changes = db.prepare('SELECT kind, key, before, after FROM audit_changes WHERE entry = ? ORDER BY seq');
  }

  /** Within the caller's transaction. @returns the number of the entry. */
  add(entry: NewAuditEntry, changes: readonly AuditChange[]): number {
    const { at, by, action, subject, undoes, leftOut } = entry;
    const { id } = this.#insert.get(at, by, action, subject, undoes ?? null, leftOut) as { id: number };
    for (const [seq, { kind, key, before, after }] of changes.entries()) {
      this.#insertChange.run(id, seq, kind, key, textOf(before), textOf(after));
    }
    if (undoes !== undefined) this.#markUndone(undoes, id);
    this.#untilLook -= 1;
    if (this.#untilLook < 0) this.prune();
    return id;
  }

  get(id: number): AuditRow | undefined {
    return this.list.one([id], {});
  }

  changes(id: number): AuditChange[] {
    return this.#changes.all(id).map((row) => {
      const { kind, key, before, after } = row as Record<'kind' | 'key', string> &
        Record<'before' | 'after', string | null>;
      return { kind, key, before: fieldsOf(before), after: fieldsOf(after) };
    });
  }

  /** Forgets what is too old, or too much, the oldest first. */
  prune(): void {
    this.#untilLook = BETWEEN_LOOKS;
    const run = (sql: string, ...values: number[]) => this.#db.prepare(sql).run(...values);
    run('DELETE FROM audit WHERE at < ?', this.#now() - LONGEST_MS);
    run('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?', MOST_ENTRIES);
    run(
      `DELETE FROM audit WHERE id <= (
         SELECT entry FROM (SELECT entry, row_number() OVER (ORDER BY entry DESC) AS place FROM audit_changes)
         WHERE place = ?)`,
      MOST_CHANGES + 1,
    );
  }

  /** What takes back an entry that took another back leaves that other one in force again. */
  #markUndone(id: number, by: number): void {
    const undone = this.get(id);
    this.#db.prepare('UPDATE audit SET undone_by = ? WHERE id = ?').run(by, id);
    if (undone?.undoes != null) this.#db.prepare('UPDATE audit SET undone_by = NULL WHERE id = ?').run(undone.undoes);
  }
}

const textOf = (fields: Fields | undefined): string | null => (fields === undefined ? null : JSON.stringify(fields));
const fieldsOf = (text: string | null): Fields | undefined => (text === null ? undefined : JSON.parse(text));

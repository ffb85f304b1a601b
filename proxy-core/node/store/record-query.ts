/**
 * Pages of call records, found and put in order by SQLite. One page looks at a bounded number of records, however few of
 * them are wanted, so that a search through years keeps no call waiting: a page may hold less than was asked for, even
 * nothing, while there is more behind it.
 */
import type { Outcome } from '../../server/calls/outcome.ts';
import type { CallRecord } from '../../server/calls/record.ts';
import { partiesIn, type RecordRow, recordIn, wordsIn } from './record-rows.ts';
import type { Database } from './sqlite.ts';

/** Records that one page looks at. */
const LOOK_AT = 2_000;

export interface RecordQuery {
  /** What `next` of the page before was. */
  readonly after?: number | undefined;
  readonly limit: number;
  /** The oldest first. */
  readonly ascending?: boolean | undefined;
  /** One of these had a part in the call: AORs of users, numbers of others. */
  readonly parties?: readonly string[] | undefined;
  /** When the call began, in ms since 1970: at or after the one, before the other. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly outcome?: Outcome | undefined;
  /** Stands anywhere in names, numbers, contacts, what devices call themselves, or the Call-ID. */
  readonly text?: string | undefined;
}

export interface RecordPage {
  readonly items: readonly CallRecord[];
  readonly next?: number;
}

export class RecordQueries {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  page(query: RecordQuery): RecordPage {
    const { limit, ascending = false, parties, outcome, text } = query;
    const ids = this.#candidates(query);
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return { items: [] };
    const end = ids.length === LOOK_AT ? last : undefined;
    // All of a range, or a user's own.
    const conditions = [parties === undefined ? 'id BETWEEN ? AND ?' : 'id IN (SELECT value FROM json_each(?))'];
    const range = [Math.min(first, last), Math.max(first, last)];
    const values: (string | number)[] = parties === undefined ? range : [JSON.stringify(ids)];
    if (outcome !== undefined) {
      conditions.push('outcome = ?');
      values.push(outcome);
    }
    if (text !== undefined && text !== '') {
      conditions.push('instr(words, ?) > 0');
      values.push(text.toLowerCase());
    }
    const rows = this.#db
      .prepare(
        `SELECT id, record FROM call_records WHERE ${conditions.join(' AND ')} ORDER BY id ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
      )
      .all(...values, limit) as unknown as RecordRow[];
    const next = rows.length === limit ? rows.at(-1)?.id : end;
    const items = rows.map(recordIn);
    return next === undefined ? { items } : { items, next };
  }

  find(id: number): CallRecord | undefined {
    const row = this.#db.prepare('SELECT id, record FROM call_records WHERE id = ?').get(id);
    return row === undefined ? undefined : recordIn(row as unknown as RecordRow);
  }

  /** The next ones in the order that is asked for, whatever else they must be. */
  #candidates({ after, limit, ascending = false, parties, from, to, outcome, text }: RecordQuery): number[] {
    const [least, most] = bounds(after, ascending, from, to);
    const order = `id ${ascending ? 'ASC' : 'DESC'}`;
    const isPicky = outcome !== undefined || (text !== undefined && text !== '');
    const count = isPicky ? LOOK_AT : limit;
    const range = `id >= ${least} AND id <= ${most} ORDER BY ${order} LIMIT ${count}`;
    const own = (parties ?? []).map(() => `SELECT id FROM (SELECT id FROM call_parties WHERE party = ? AND ${range})`);
    const sql =
      parties === undefined
        ? `SELECT id FROM call_records WHERE ${range}`
        : `${own.join(' UNION ')} ORDER BY ${order} LIMIT ${count}`;
    if (parties?.length === 0) return [];
    const rows = this.#db.prepare(sql).all(...(parties ?? []));
    return rows.map((row) => (row as { id: number }).id);
  }
}

/** Whether a record is one that this query finds. */
export function isWanted(record: CallRecord, { parties, from, to, outcome, text = '' }: RecordQuery): boolean {
  const [least, most] = bounds(undefined, false, from, to);
  if (record.id < least || record.id > most) return false;
  if (outcome !== undefined && record.outcome !== outcome) return false;
  if (parties !== undefined && !partiesIn(record).some((party) => parties.includes(party))) return false;
  return wordsIn(record).includes(text.toLowerCase());
}

/** The ids that may come, both ends included; ids begin with the time in µs. */
function bounds(
  after: number | undefined,
  ascending: boolean,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): [number, number] {
  let least = micros(from);
  let most = micros(to) - 1;
  if (after !== undefined && ascending) least = Math.max(least, after + 1);
  else if (after !== undefined) most = Math.min(most, after - 1);
  return [least, most];
}

const micros = (ms: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(ms * 1000)));

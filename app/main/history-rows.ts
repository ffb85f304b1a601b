/**
 * The calls that were, as rows. One index has all that is asked for in the order of the list, so that counting, searching
 * and leaping read it alone, and the rows of one page only.
 */
import type { Database } from '../../proxy-core/node/store/sqlite.ts';
import type { HistoryFilter, HistoryKind, HistoryQuestion, PastCall } from '../shared/history.ts';
import { HISTORY_PAGE } from '../shared/history.ts';
import { plain } from '../shared/plain.ts';
import { RECORDINGS, recordingsOf } from './history-recordings.ts';

/** `place` counts up as calls are kept; `removed` is the number of the removal that took it away. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    direction TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    uri TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER NOT NULL,
    end TEXT NOT NULL,
    reason TEXT NOT NULL,
    quality TEXT,
    words TEXT NOT NULL DEFAULT '',
    place INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  ${RECORDINGS}
`;

const INDEXES = `
  DROP INDEX IF EXISTS calls_by_time;
  CREATE INDEX IF NOT EXISTS calls_listed ON calls
    (started_at DESC, id DESC, end, direction, account, ended_at, place, words) WHERE removed = 0;
  CREATE INDEX IF NOT EXISTS calls_missed ON calls (ended_at, place) WHERE removed = 0 AND end = 'missed';
  CREATE INDEX IF NOT EXISTS calls_removed ON calls (removed) WHERE removed <> 0;
  CREATE INDEX IF NOT EXISTS calls_by_place ON calls (place);
`;

/** Files of earlier versions have neither words nor places. */
export function upgrade(db: Database): void {
  const known = db.prepare("SELECT name FROM pragma_table_info('calls')").all() as unknown as readonly {
    name: string;
  }[];
  if (!known.some(({ name }) => name === 'words')) {
    db.exec(`
      ALTER TABLE calls ADD COLUMN words TEXT NOT NULL DEFAULT '';
      ALTER TABLE calls ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE calls ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
    `);
    const put = db.prepare('UPDATE calls SET words = ?, place = ? WHERE id = ?');
    const rows = db.prepare('SELECT * FROM calls ORDER BY started_at, id').all() as unknown as readonly Row[];
    for (const [at, { id, name, number, uri }] of rows.entries()) put.run(wordsOf({ name, number, uri }), at + 1, id);
    setMark(db, 'place', rows.length);
    // Whatever was missed before anything was counted was seen.
    setMark(db, 'seen', rows.at(-1)?.ended_at ?? 0);
  }
  db.exec(INDEXES);
}

export const markOf = (db: Database, name: string): number =>
  (db.prepare('SELECT value FROM marks WHERE name = ?').get(name) as { value: number } | undefined)?.value ?? 0;

export const setMark = (db: Database, name: string, value: number): void =>
  void db.prepare('INSERT OR REPLACE INTO marks VALUES (?, ?)').run(name, value);

export function insert(db: Database, call: PastCall): number {
  const { id, accountId, direction, peer, startedAt, answeredAt, endedAt, end, reason, quality } = call;
  const place = markOf(db, 'place') + 1;
  setMark(db, 'place', place);
  // One that is kept again stays where it is, also where it was removed meanwhile.
  db.prepare(
    `INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET
       name = excluded.name, words = excluded.words, ended_at = excluded.ended_at, end = excluded.end,
       reason = excluded.reason, quality = excluded.quality`,
  ).run(
    ...([id, accountId, direction, peer.name, peer.number, peer.uri, startedAt, answeredAt, endedAt, end] as const),
    ...([reason, quality === null ? null : JSON.stringify(quality), wordsOf(peer), place] as const),
  );
  return place;
}

/** What is searched: the name, the digits and the address, folded. */
function wordsOf({ name, number, uri }: PastCall['peer']): string {
  const digits = number.replace(/[^\d*#]/g, '');
  return [plain(name), digits === '' ? plain(number) : digits, plain(uri.replace(/^sips?:/i, ''))].join(' ');
}

interface Condition {
  readonly where: string;
  readonly values: readonly (string | number)[];
}

const KINDS: Readonly<Record<HistoryKind, string>> = {
  all: '',
  missed: " AND end = 'missed'",
  incoming: " AND direction = 'incoming'",
  outgoing: " AND direction = 'outgoing'",
  recorded: ' AND id IN (SELECT call FROM recordings)',
};

function conditionOf(db: Database, { kind, accountId, text, numbers }: HistoryFilter): Condition {
  const values: (string | number)[] = [markOf(db, 'cleared')];
  let where = `removed = 0 AND place > ?${KINDS[kind]}`;
  if (accountId !== '') {
    where += ' AND account = ?';
    values.push(accountId);
  }
  const parts = partsOf(text);
  if (parts.length > 0) {
    const found = [parts.map(() => 'instr(words, ?) > 0').join(' AND '), ...numbers.map(() => 'instr(words, ?) > 0')];
    where += ` AND ((${found.join(') OR (')}))`;
    values.push(...parts, ...numbers.map((number) => tailOf(number) || number));
  }
  return { where, values };
}

/** Most words of a name that are looked for. */
const MAX_PARTS = 8;

function partsOf(text: string): readonly string[] {
  if (/^[\s+\d*#./()-]*\d[\s+\d*#./()-]*$/.test(text)) return [tailOf(text) || text.replace(/[^\d*#]/g, '')];
  return plain(text).split(/\s+/).filter(Boolean).slice(0, MAX_PARTS);
}

/** Digits that a number ends with in every notation: without what is dialled before it at home or from abroad. */
const TAIL = 9;
const tailOf = (number: string): string =>
  number
    .replace(/[^\d*#]/g, '')
    .replace(/^0+/, '')
    .slice(-TAIL);

export function countOf(db: Database, filter: HistoryFilter): number {
  const { where, values } = conditionOf(db, filter);
  return (db.prepare(`SELECT count(*) AS n FROM calls WHERE ${where}`).get(...values) as { n: number }).n;
}

export const missedSince = (db: Database, seen: number): number =>
  (
    db
      .prepare("SELECT count(*) AS n FROM calls WHERE removed = 0 AND end = 'missed' AND ended_at > ? AND place > ?")
      .get(seen, markOf(db, 'cleared')) as { n: number }
  ).n;

interface Row {
  readonly id: string;
  readonly account: string;
  readonly direction: PastCall['direction'];
  readonly name: string;
  readonly number: string;
  readonly uri: string;
  readonly started_at: number;
  readonly answered_at: number | null;
  readonly ended_at: number;
  readonly end: PastCall['end'];
  readonly reason: string;
  readonly quality: string | null;
}

export function listed(db: Database, { filter, after, skip }: HistoryQuestion): readonly PastCall[] {
  const { where, values } = conditionOf(db, filter);
  const behind = after === null ? '' : ' AND (started_at, id) < (?, ?)';
  const from = after === null ? [] : [after.startedAt, after.id];
  const rows = db
    .prepare(
      `SELECT calls.* FROM calls JOIN (
         SELECT id AS listed FROM calls WHERE ${where}${behind} ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?
       ) ON id = listed ORDER BY started_at DESC, id DESC`,
    )
    .all(...values, ...from, HISTORY_PAGE, skip) as unknown as readonly Row[];
  const recordings = recordingsOf(db);
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account,
    direction: row.direction,
    peer: { name: row.name, number: row.number, uri: row.uri },
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    end: row.end,
    reason: row.reason,
    quality: row.quality === null ? null : JSON.parse(row.quality),
    recordings: recordings(row.id),
  }));
}

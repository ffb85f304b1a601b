/** The calls that were, in a small database of the profile: the newest ten thousand. */
import * as v from 'valibot';
import { type Database, transaction } from '../../proxy-core/node/store/sqlite.ts';
import type { Outcome } from '../shared/bridge.ts';
import { CALL_ENDS, HISTORY_PAGE, MAX_RECORDINGS, type PastCall } from '../shared/history.ts';
import { forgetStrays, keepRecordings, RECORDINGS, recordingPath, recordingsOf } from './history-recordings.ts';
import { ProfileDatabase } from './profile-database.ts';

/** Further ones push out the oldest. */
const MAX_CALLS = 10_000;

/** What a peer calls itself may be anything and of any length: it is kept as a line that fits. */
const line = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.replace(/\p{Cc}+/gu, ' ').slice(0, max)),
  );
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const moment = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.pipe(v.number(), v.minValue(0));
const sound = v.nullable(v.object({ lossPercent: figure, jitterMs: figure, mos: figure }));

const callShape = v.object({
  id,
  accountId: id,
  direction: v.picklist(['outgoing', 'incoming']),
  peer: v.object({ name: line(200), number: line(200), uri: line(500) }),
  startedAt: moment,
  answeredAt: v.nullable(moment),
  endedAt: moment,
  end: v.picklist(CALL_ENDS),
  reason: line(500),
  quality: v.nullable(
    v.object({
      codec: line(50),
      protection: line(50),
      here: sound,
      there: sound,
      roundTripMs: v.nullable(figure),
    }),
  ),
  recordings: v.pipe(
    v.array(v.object({ id, seconds: v.nullable(figure), fault: line(300) })),
    v.maxLength(MAX_RECORDINGS),
  ),
});
const placeShape = v.nullable(v.object({ startedAt: moment, id }));

const SCHEMA = `
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
    quality TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS calls_by_time ON calls (started_at DESC, id DESC);
  ${RECORDINGS}
`;

export interface History {
  /** From the page: anything at all. */
  list(before: unknown): Outcome<readonly PastCall[]>;
  add(call: unknown): Outcome;
  clear(): Outcome;
  /** The file of a recording of a call that is listed. */
  pathOf(recording: string): string | undefined;
  close(): void;
}

export interface HistoryOptions {
  readonly folder: string;
  /** The file of a recording of this run. */
  readonly recordingPath: (id: string) => string | undefined;
  /** Something is different from what was listed. */
  readonly changed: () => void;
  readonly now?: () => number;
  readonly most?: number;
}

export function createHistory(options: HistoryOptions): History {
  const { folder, changed, now } = options;
  const file = new ProfileDatabase({
    ...{ folder, file: 'history.db', what: 'The history of calls', schema: SCHEMA, now },
    // A call that was kept last may be lost when the power goes, the file may not.
    synchronous: 'NORMAL',
  });
  const attempt = <T>(work: (db: Database) => T): Outcome<T> => file.attempt((db) => ({ ok: true, value: work(db) }));

  return {
    list(before) {
      const place = v.safeParse(placeShape, before);
      if (!place.success) return { ok: false, reason: 'There is no such place in the history.' };
      return attempt((db) => listed(db, place.output));
    },
    add(args) {
      const read = v.safeParse(callShape, args);
      if (!read.success) return { ok: false, reason: 'This is no call that could be kept.' };
      const kept = attempt((db) => transaction(db, () => insert(db, read.output, options)));
      changed();
      return kept;
    },
    clear() {
      const cleared = attempt((db) => transaction(db, () => db.exec('DELETE FROM calls; DELETE FROM recordings')));
      changed();
      return cleared.ok ? { ok: true, value: undefined } : cleared;
    },
    pathOf(recording) {
      const found = attempt((db) => recordingPath(db, recording));
      return found.ok ? found.value : undefined;
    },
    close: () => file.close(),
  };
}

function insert(db: Database, call: PastCall, { recordingPath, most = MAX_CALLS }: HistoryOptions): undefined {
  const { id, accountId, direction, peer, startedAt, answeredAt, endedAt, end, reason, quality } = call;
  db.prepare('INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    ...([id, accountId, direction, peer.name, peer.number, peer.uri, startedAt, answeredAt, endedAt, end] as const),
    ...([reason, quality === null ? null : JSON.stringify(quality)] as const),
  );
  db.prepare(
    `DELETE FROM calls WHERE (started_at, id) <=
       (SELECT started_at, id FROM calls ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?)`,
  ).run(most);
  keepRecordings(db, id, call.recordings, recordingPath);
  forgetStrays(db);
}

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

function listed(db: Database, before: v.InferOutput<typeof placeShape>): readonly PastCall[] {
  const order = 'ORDER BY started_at DESC, id DESC LIMIT ?';
  const rows = (before === null
    ? db.prepare(`SELECT * FROM calls ${order}`).all(HISTORY_PAGE)
    : db
        .prepare(`SELECT * FROM calls WHERE (started_at, id) < (?, ?) ${order}`)
        .all(before.startedAt, before.id, HISTORY_PAGE)) as unknown as readonly Row[];
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

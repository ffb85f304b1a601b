/** The calls that were, in a small database of the profile: the newest hundred thousand. */
import * as v from 'valibot';
import { type Database, transaction } from '../../proxy-core/node/store/sqlite.ts';
import type { Outcome } from '../shared/bridge.ts';
import { MAX_CALLS, type PastCall } from '../shared/history.ts';
import { forgetStrays, keepRecordings, recordingPath } from './history-recordings.ts';
import { countOf, insert, listed, markOf, missedSince, SCHEMA, setMark, upgrade } from './history-rows.ts';
import { callShape, filterShape, idShape, questionShape } from './history-shape.ts';
import { ProfileDatabase } from './profile-database.ts';

export interface History {
  /** From the page: anything at all. */
  list(question: unknown): Outcome<readonly PastCall[]>;
  count(filter: unknown): Outcome<number>;
  /** Missed calls that nobody has looked at. */
  missed(): Outcome<number>;
  seen(): Outcome;
  add(call: unknown): Outcome;
  /** Removes the call of that id, or all (null). Gives the number to undo it by. */
  remove(id: unknown): Outcome<number>;
  undo(removal: unknown): Outcome;
  /** What was removed is gone for good. */
  settle(): Outcome;
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
  /** Runs something soon, when nothing else waits. */
  readonly later: (work: () => void) => void;
  readonly now?: () => number;
  readonly most?: number;
}

/** Rows that are deleted in one go: overwriting them takes its time. */
const AT_ONCE = 500;

export function createHistory(options: HistoryOptions): History {
  const { folder, changed, later, recordingPath: pathNow, now = Date.now, most = MAX_CALLS } = options;
  const file = new ProfileDatabase({
    ...{ folder, file: 'history.db', what: 'The history of calls', schema: SCHEMA, now },
    // A call that was kept last may be lost when the power goes, the file may not.
    synchronous: 'NORMAL',
    prepare: (db) => {
      transaction(db, () => upgrade(db));
      purgeSoon();
    },
  });
  let closed = false;
  const attempt = <T>(work: (db: Database) => T): Outcome<T> => file.attempt((db) => ({ ok: true, value: work(db) }));
  const change = (work: (db: Database) => void): Outcome => {
    const done = attempt((db) => transaction(db, () => work(db)));
    changed();
    return done.ok ? { ok: true, value: undefined } : done;
  };

  /** The removal that can still be undone; whatever was removed before is on its way out. */
  let undoable = 0;
  const purgeSoon = (): void => later(purge);
  function purge(): void {
    if (closed || undoable !== 0) return;
    attempt((db) =>
      transaction(db, () => {
        const { changes } = db
          .prepare(
            `DELETE FROM calls WHERE id IN (
               SELECT id FROM calls WHERE removed <> 0 UNION ALL SELECT id FROM calls WHERE place <= ? LIMIT ?)`,
          )
          .run(markOf(db, 'cleared'), AT_ONCE);
        if (Number(changes) === 0) return;
        forgetStrays(db);
        purgeSoon();
      }),
    );
  }

  return {
    list(question) {
      const read = v.safeParse(questionShape, question);
      if (!read.success) return { ok: false, reason: 'There is no such place in the history.' };
      return attempt((db) => listed(db, read.output));
    },
    count(filter) {
      const read = v.safeParse(filterShape, filter);
      if (!read.success) return { ok: false, reason: 'There is no such place in the history.' };
      return attempt((db) => countOf(db, read.output));
    },
    missed: () => attempt((db) => missedSince(db, markOf(db, 'seen'))),
    seen: () => change((db) => setMark(db, 'seen', now())),
    add(args) {
      const read = v.safeParse(callShape, args);
      if (!read.success) return { ok: false, reason: 'This is no call that could be kept.' };
      return change((db) => {
        const place = insert(db, read.output);
        keepRecordings(db, read.output.id, read.output.recordings, pathNow);
        // Looking for the oldest takes longer than a call: now and then is enough.
        if (place % Math.ceil(most / 100) !== 0) return;
        db.prepare(
          `DELETE FROM calls WHERE removed = 0 AND (started_at, id) <=
             (SELECT started_at, id FROM calls WHERE removed = 0 ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?)`,
        ).run(most);
        forgetStrays(db);
      });
    },
    remove(id) {
      const read = v.safeParse(v.nullable(idShape), id);
      if (!read.success) return { ok: false, reason: 'There is no such call.' };
      const removed = attempt((db) =>
        transaction(db, () => {
          const number = markOf(db, 'removal') + 1;
          setMark(db, 'removal', number);
          // Of what is removed one after the other only the last comes back.
          setMark(db, 'cleared before', markOf(db, 'cleared'));
          if (read.output === null) setMark(db, 'cleared', markOf(db, 'place'));
          else db.prepare('UPDATE calls SET removed = ? WHERE id = ? AND removed = 0').run(number, read.output);
          undoable = number;
          return number;
        }),
      );
      changed();
      return removed;
    },
    undo(removal) {
      if (removal !== undoable || undoable === 0) return { ok: false, reason: 'This cannot be undone any more.' };
      undoable = 0;
      const done = change((db) => {
        db.prepare('UPDATE calls SET removed = 0 WHERE removed = ?').run(Number(removal));
        setMark(db, 'cleared', markOf(db, 'cleared before'));
      });
      purgeSoon();
      return done;
    },
    settle() {
      undoable = 0;
      purgeSoon();
      return { ok: true, value: undefined };
    },
    pathOf(recording) {
      const found = attempt((db) => recordingPath(db, recording));
      return found.ok ? found.value : undefined;
    },
    close() {
      closed = true;
      file.close();
    },
  };
}

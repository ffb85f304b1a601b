/** Which files the calls that are listed were recorded into. The window knows them by their ids alone. */
import type { Database } from '../../proxy-core/node/store/sqlite.ts';
import type { PastRecording } from '../shared/history.ts';

export const RECORDINGS = `
  CREATE TABLE IF NOT EXISTS recordings (
    id TEXT PRIMARY KEY,
    call TEXT NOT NULL,
    place INTEGER NOT NULL,
    path TEXT NOT NULL,
    seconds REAL,
    fault TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS recordings_by_call ON recordings (call, place);
`;

/** What a call was recorded into; those of which `pathOf` knows no file, now or from before, are left out. */
export function keepRecordings(
  db: Database,
  call: string,
  recordings: readonly PastRecording[],
  pathOf: (id: string) => string | undefined,
): void {
  const keep = db.prepare('INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?, ?)');
  recordings.forEach(({ id, seconds, fault }, place) => {
    const path = pathOf(id) ?? recordingPath(db, id);
    if (path !== undefined) keep.run(id, call, place, path, seconds, fault);
  });
}

export function recordingsOf(db: Database): (call: string) => readonly PastRecording[] {
  const all = db.prepare('SELECT id, seconds, fault FROM recordings WHERE call = ? ORDER BY place');
  return (call) =>
    (all.all(call) as unknown as readonly PastRecording[]).map(({ id, seconds, fault }) => ({ id, seconds, fault }));
}

export function recordingPath(db: Database, id: string): string | undefined {
  const row = db.prepare('SELECT path FROM recordings WHERE id = ?').get(id) as { readonly path: string } | undefined;
  return row?.path;
}

/** Those of calls that are not listed any more; the files stay where they are. */
export const forgetStrays = (db: Database): void =>
  db.exec('DELETE FROM recordings WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = recordings.call)');

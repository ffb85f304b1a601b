/** The rows of the file of contacts. */
import type { Database, Statement } from '../../../proxy-core/node/store/sqlite.ts';
import type { Contact } from '../../shared/contact.ts';

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS contacts (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    favourite INTEGER NOT NULL,
    data TEXT NOT NULL,
    photo TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS contacts_by_source ON contacts (source);
`;

export interface Row {
  readonly source: string;
  readonly photo: string | null;
  readonly contact: Omit<Contact, 'source' | 'hasPhoto'>;
}

interface Stored {
  readonly id: string;
  readonly source: string;
  readonly favourite: number;
  readonly data: string;
  readonly photo: string | null;
}

/** Statements are made once: an address book is written ten thousand rows at a time. */
const prepared = new WeakMap<
  Database,
  { readonly one: Statement; readonly put: Statement; readonly remove: Statement }
>();

function statements(db: Database) {
  const known = prepared.get(db) ?? {
    one: db.prepare('SELECT * FROM contacts WHERE id = ?'),
    put: db.prepare('INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?)'),
    remove: db.prepare('DELETE FROM contacts WHERE id = ?'),
  };
  prepared.set(db, known);
  return known;
}

export function rowOf(db: Database, id: string): Row | undefined {
  const stored = statements(db).one.get(id) as unknown as Stored | undefined;
  if (stored === undefined) return undefined;
  const { source, photo, favourite, data } = stored;
  return { source, photo, contact: { ...JSON.parse(data), id, favourite: favourite === 1 } };
}

export function putRow(db: Database, { source, photo, contact }: Row): void {
  const { id, favourite, ...data } = contact;
  statements(db).put.run(id, source, favourite ? 1 : 0, JSON.stringify(data), photo);
}

export function removeRow(db: Database, id: string): void {
  statements(db).remove.run(id);
}

export const contactOf = ({ source, photo, contact }: Row): Contact => ({
  ...contact,
  source,
  hasPhoto: photo !== null,
});

/** All, without their pictures. */
export function listRows(db: Database): readonly Contact[] {
  const rows = db.prepare('SELECT id, source, favourite, data, photo IS NOT NULL AS photo FROM contacts').all();
  return (rows as unknown as readonly (Omit<Stored, 'photo'> & { readonly photo: number })[]).map(
    ({ id, source, favourite, data, photo }) => ({
      ...(JSON.parse(data) as Omit<Contact, 'id' | 'favourite' | 'source' | 'hasPhoto'>),
      ...{ id, source, favourite: favourite === 1, hasPhoto: photo === 1 },
    }),
  );
}

export function countOwn(db: Database): number {
  const row = db.prepare("SELECT count(*) AS n FROM contacts WHERE source = ''").get() as unknown as { n: number };
  return row.n;
}

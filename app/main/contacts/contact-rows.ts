/** The rows of the file of contacts. */
import type { Database, Statement } from '../../../proxy-core/node/store/sqlite.ts';
import type { Contact, ContactNews } from '../../shared/contact.ts';
import { ProfileDatabase } from '../profile-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS contacts (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    favourite INTEGER NOT NULL,
    data TEXT NOT NULL,
    photo TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS contacts_by_source ON contacts (source);
  CREATE TABLE IF NOT EXISTS cards (
    id TEXT PRIMARY KEY,
    book TEXT NOT NULL,
    href TEXT NOT NULL,
    etag TEXT NOT NULL,
    text TEXT NOT NULL,
    round INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS cards_by_href ON cards (book, href);
  CREATE TABLE IF NOT EXISTS books (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    synced INTEGER NOT NULL
  ) STRICT;
`;

/** From so many changes on the page lists all anew. */
const MOST_NEWS = 200;

export const contactsFile = (folder: string, now?: () => number): ProfileDatabase =>
  new ProfileDatabase({
    ...{ folder, file: 'contacts.db', what: 'The file of the contacts', schema: SCHEMA, now },
    synchronous: 'FULL',
  });

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

/** What the page is told of those that were changed. */
export function newsOf(db: Database, ids: readonly string[]): ContactNews {
  if (ids.length > MOST_NEWS) return null;
  const rows = ids.map((id) => [id, rowOf(db, id)] as const);
  return {
    put: rows.flatMap(([, row]) => (row === undefined ? [] : [contactOf(row)])),
    removed: rows.flatMap(([id, row]) => (row === undefined ? [id] : [])),
  };
}

/** All, without their pictures, as JSON: what is kept as text is handed on as text. */
export function listText(db: Database): string {
  const rows = db.prepare('SELECT id, source, favourite, data, photo IS NOT NULL AS photo FROM contacts').all();
  const texts = (rows as unknown as readonly (Omit<Stored, 'photo'> & { readonly photo: number })[]).map(
    ({ id, source, favourite, data, photo }) =>
      `${JSON.stringify({ id, source, favourite: favourite === 1, hasPhoto: photo === 1 }).slice(0, -1)},${data.slice(1)}`,
  );
  return `[${texts.join(',')}]`;
}

export function countOwn(db: Database): number {
  const row = db.prepare("SELECT count(*) AS n FROM contacts WHERE source = ''").get() as unknown as { n: number };
  return row.n;
}

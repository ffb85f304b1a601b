/** The cards of address books, beside the contacts that are made of them: what a server gave stays here as it gave it. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type Database, transaction } from '../../../proxy-core/node/store/sqlite.ts';
import { MAX_CARDS } from '../../shared/address-books.ts';
import type { Outcome } from '../../shared/bridge.ts';
import type { ContactNews } from '../../shared/contact.ts';
import type { Card, CardPlace } from '../../shared/people-service.ts';
import type { ProfileDatabase } from '../profile-database.ts';
import { newsOf, putRow, type Row, removeRow, rowOf } from './contact-rows.ts';
import { photoShape } from './contact-shape.ts';

/** A card that is kept here. */
export interface KeptCard extends CardPlace {
  readonly id: string;
  readonly book: string;
  readonly text: string;
  /** The contact; undefined where the card could not be read. */
  readonly row: Row | undefined;
}

export interface BookCount {
  /** Contacts. */
  readonly count: number;
  /** Cards that are none. */
  readonly unread: number;
  /** In ms since 1970; 0: never. */
  readonly syncedAt: number;
}

export interface BookStore {
  /** That of the last round that went to its end; empty for none. */
  token(book: string): Outcome<string>;
  /** Of cards that a server lists, those that are not here as they are there. They count as seen in `round`. */
  wanted(book: string, places: readonly CardPlace[], round: number): Outcome<readonly string[]>;
  put(book: string, cards: readonly Card[], round: number): Outcome;
  remove(book: string, hrefs: readonly string[]): Outcome;
  /** A round is over: what it did not see is gone where it was to see all. */
  finish(
    book: string,
    round: number,
    end: { readonly token: string; readonly isAll: boolean; readonly now: number },
  ): Outcome;
  card(id: string): Outcome<KeptCard | undefined>;
  count(book: string): BookCount;
  /** Takes a book away with all its contacts. */
  forget(book: string): Outcome;
  /** Tells the page what has changed since it was told. */
  tell(): void;
}

interface StoredCard extends CardPlace {
  readonly id: string;
  readonly book: string;
  readonly text: string;
}

export function createBookStore(file: ProfileDatabase, changed: (news: ContactNews) => void): BookStore {
  let untold = new Set<string>();
  const attempt = <T>(work: (db: Database) => T): Outcome<T> =>
    file.attempt((db) => ({ ok: true, value: transaction(db, () => work(db)) }));

  const find = (db: Database, book: string, href: string): StoredCard | undefined =>
    db.prepare('SELECT id, book, href, etag, text FROM cards WHERE book = ? AND href = ?').get(book, href) as unknown as
      | StoredCard
      | undefined;
  const drop = (db: Database, id: string): void => {
    db.prepare('DELETE FROM cards WHERE id = ?').run(id);
    removeRow(db, id);
    untold.add(id);
  };

  return {
    token: (book) =>
      attempt((db) => {
        const row = db.prepare('SELECT token FROM books WHERE id = ?').get(book) as unknown as
          | { token: string }
          | undefined;
        return row?.token ?? '';
      }),
    wanted: (book, places, round) =>
      attempt((db) => {
        const see = db.prepare('UPDATE cards SET round = ? WHERE book = ? AND href = ? AND etag = ? RETURNING id');
        return places
          .filter(({ href, etag }) => etag === '' || see.get(round, book, href, etag) === undefined)
          .map(({ href }) => href);
      }),
    put: (book, cards, round) =>
      attempt((db) => {
        const put = db.prepare(
          'INSERT OR REPLACE INTO cards (id, book, href, etag, text, round) VALUES (?, ?, ?, ?, ?, ?)',
        );
        let room = MAX_CARDS - counted(db, 'SELECT count(*) AS n FROM cards WHERE book = ?', book);
        for (const { href, etag, text, draft } of cards) {
          const known = find(db, book, href);
          if (known === undefined) room -= 1;
          if (room < 0) break;
          const id = known?.id ?? randomUUID();
          put.run(id, book, href, etag, text, round);
          untold.add(id);
          if (draft === null) {
            removeRow(db, id);
            continue;
          }
          const { photo, ...rest } = draft;
          const favourite = rowOf(db, id)?.contact.favourite ?? false;
          putRow(db, {
            source: book,
            photo: v.is(photoShape, photo) ? photo : null,
            contact: { id, favourite, ...rest },
          });
        }
        return undefined;
      }),
    remove: (book, hrefs) =>
      attempt((db) => {
        for (const href of hrefs) {
          const known = find(db, book, href);
          if (known !== undefined) drop(db, known.id);
        }
        return undefined;
      }),
    finish: (book, round, { token, isAll, now }) =>
      attempt((db) => {
        const unseen = isAll ? db.prepare('SELECT id FROM cards WHERE book = ? AND round <> ?').all(book, round) : [];
        for (const { id } of unseen as unknown as readonly { id: string }[]) drop(db, id);
        db.prepare('INSERT OR REPLACE INTO books (id, token, synced) VALUES (?, ?, ?)').run(book, token, now);
        return undefined;
      }),
    card: (id) =>
      attempt((db) => {
        const stored = db.prepare('SELECT id, book, href, etag, text FROM cards WHERE id = ?').get(id) as unknown as
          | StoredCard
          | undefined;
        return stored && { ...stored, row: rowOf(db, id) };
      }),
    count(book) {
      const read = attempt((db) => {
        const count = counted(db, 'SELECT count(*) AS n FROM contacts WHERE source = ?', book);
        const unread = counted(db, 'SELECT count(*) AS n FROM cards WHERE book = ?', book) - count;
        return { count, unread, syncedAt: counted(db, 'SELECT synced AS n FROM books WHERE id = ?', book) };
      });
      return read.ok ? read.value : { count: 0, unread: 0, syncedAt: 0 };
    },
    forget: (book) =>
      attempt((db) => {
        const all = db.prepare('SELECT id FROM contacts WHERE source = ?').all(book) as unknown as { id: string }[];
        for (const { id } of all) untold.add(id);
        for (const [table, column] of [
          ['contacts', 'source'],
          ['cards', 'book'],
          ['books', 'id'],
        ] as const) {
          db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(book);
        }
        return undefined;
      }),
    tell() {
      const ids = [...untold];
      untold = new Set();
      if (ids.length > 0) attempt((db) => changed(newsOf(db, ids)));
    },
  };
}

function counted(db: Database, query: string, book: string): number {
  return (db.prepare(query).get(book) as unknown as { n: number } | undefined)?.n ?? 0;
}

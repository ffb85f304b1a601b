/**
 * The contacts of the profile in an SQLite file of their own: one's own, and what address books gave. The last change
 * can be undone.
 */
import * as v from 'valibot';
import { type Database, transaction } from '../../../proxy-core/node/store/sqlite.ts';
import type { Outcome } from '../../shared/bridge.ts';
import { type ContactNews, MAX_CONTACTS, PHOTOS_PAGE } from '../../shared/contact.ts';
import type { ProfileDatabase } from '../profile-database.ts';
import { countOwn, listText, newsOf, putRow, type Row, removeRow, rowOf } from './contact-rows.ts';
import { changeShape, favouriteShape, idsShape } from './contact-shape.ts';

export interface ContactStore {
  /** A list of `Contact` as JSON. */
  list(): Outcome<string>;
  /** From the page, anything at all: gives a number by which this change can be undone. */
  change(args: unknown): Outcome<number>;
  /** Puts back what the last change changed. */
  undo(change: unknown): Outcome;
  favourite(args: unknown): Outcome;
  /** `data:` addresses by id. */
  photos(ids: unknown): Outcome<Readonly<Record<string, string>>>;
}

export interface ContactStoreOptions {
  readonly file: ProfileDatabase;
  readonly changed: (news: ContactNews) => void;
  readonly most?: number;
}

/** What stood in the place of an id before a change; undefined: nothing. */
type Before = readonly (readonly [id: string, row: Row | undefined])[];

export function createContactStore(options: ContactStoreOptions): ContactStore {
  const { file, changed, most = MAX_CONTACTS } = options;
  const attempt = <T>(work: (db: Database) => Outcome<T>): Outcome<T> => file.attempt(work);
  let changes = 0;
  let last: { readonly number: number; readonly before: Before } | undefined;

  const tell = (db: Database, ids: readonly string[]): void => changed(newsOf(db, ids));

  return {
    list: () => attempt((db) => ({ ok: true, value: listText(db) })),
    change(args) {
      const read = v.safeParse(changeShape, args);
      if (!read.success) return { ok: false, reason: 'This is no contact that could be kept.' };
      const { put, remove } = read.output;
      const ids = [...new Set([...put.map(({ id }) => id), ...remove])];
      return attempt((db) => {
        const before = new Map(ids.map((id) => [id, rowOf(db, id)]));
        if ([...before.values()].some((row) => row !== undefined && row.source !== '')) {
          return { ok: false, reason: 'This contact belongs to an address book: change it there.' };
        }
        const added = put.filter(({ id }) => before.get(id) === undefined).length;
        if (added > 0 && countOwn(db) + added > most) {
          return { ok: false, reason: `There is room for ${most} contacts of your own.` };
        }
        transaction(db, () => {
          for (const id of remove) removeRow(db, id);
          for (const { photo, source: _, ...contact } of put) {
            const kept = photo === undefined ? before.get(contact.id)?.photo : photo;
            putRow(db, { source: '', photo: kept ?? null, contact });
          }
        });
        changes += 1;
        last = { number: changes, before: [...before] };
        tell(db, ids);
        return { ok: true, value: changes };
      });
    },
    undo(change) {
      if (last === undefined || change !== last.number) {
        return { ok: false, reason: 'This cannot be undone any more: something else was changed since.' };
      }
      const { before } = last;
      return attempt((db) => {
        transaction(db, () => {
          for (const [id, row] of before) {
            if (row === undefined) removeRow(db, id);
            else putRow(db, row);
          }
        });
        last = undefined;
        tell(
          db,
          before.map(([id]) => id),
        );
        return { ok: true, value: undefined };
      });
    },
    favourite(args) {
      const read = v.safeParse(favouriteShape, args);
      if (!read.success) return { ok: false, reason: 'This is no contact.' };
      const { id, favourite } = read.output;
      return attempt((db) => {
        const row = rowOf(db, id);
        if (row === undefined) return { ok: false, reason: 'This contact is not there any more.' };
        transaction(db, () => putRow(db, { ...row, contact: { ...row.contact, favourite } }));
        tell(db, [id]);
        return { ok: true, value: undefined };
      });
    },
    photos(ids) {
      const read = v.safeParse(idsShape(PHOTOS_PAGE), ids);
      if (!read.success) return { ok: false, reason: 'These are no contacts.' };
      return attempt((db) => {
        const found = read.output.flatMap((id) => {
          const photo = rowOf(db, id)?.photo;
          return typeof photo === 'string' ? [[id, photo] as const] : [];
        });
        return { ok: true, value: Object.fromEntries(found) };
      });
    },
  };
}

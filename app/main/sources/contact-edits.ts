/** Changes of contacts by a person: of his own at once, of those in address books on the server first, so that nothing is lost. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Outcome } from '../../shared/bridge.ts';
import type { ContactDraft } from '../../shared/contact-files/draft.ts';
import type { BooksOutcome, Card, CardPlace, PeopleServiceSchema } from '../../shared/people-service.ts';
import type { Client } from '../../shared/schema.ts';
import { textOf } from '../../shared/text-of.ts';
import type { BookStore, KeptCard } from '../contacts/book-store.ts';
import type { Row } from '../contacts/contact-rows.ts';
import { changeShape } from '../contacts/contact-shape.ts';
import type { ContactStore } from '../contacts/contact-store.ts';
import type { AddressBooks, BookPlace } from './address-books.ts';

export interface ContactEdits {
  /** As `ContactStore.change`; of an address book one contact at a time. */
  change(args: unknown): Promise<Outcome<number>>;
  undo(change: unknown): Promise<Outcome>;
}

export interface ContactEditsPorts {
  readonly contacts: ContactStore;
  readonly store: BookStore;
  readonly addressBooks: AddressBooks;
  readonly books: () => Client<PeopleServiceSchema>['books'];
}

type Put = v.InferOutput<typeof changeShape>['put'][number];

const NOT_THERE = 'This address book is not there any more.';

export function createContactEdits({ contacts, store, addressBooks, books }: ContactEditsPorts): ContactEdits {
  /** The last change of an address book; its numbers are below zero. */
  let last: { readonly number: number; readonly undo: () => Promise<Outcome> } | undefined;
  let changes = 0;

  const undoable = (undo: () => Promise<Outcome>): Outcome<number> => {
    changes -= 1;
    last = { number: changes, undo };
    return { ok: true, value: changes };
  };

  /** Asks the server, and keeps here what it has then. */
  async function onServer(
    place: BookPlace,
    ask: (asked: { account: BookPlace['account']; book: string }) => Promise<BooksOutcome<Card>>,
  ): Promise<Outcome<Card>> {
    const { account, book, server } = place;
    const done = await attempt(() => ask({ account, book: book.url }));
    if (!done.ok) {
      if (done.trouble === 'denied') await addressBooks.readOnly(book.id);
      return done.trouble === 'offline'
        ? { ok: false, reason: `${done.reason} Nothing was changed.` }
        : { ok: false, reason: done.reason };
    }
    const kept = store.put(book.id, [done.value], 0);
    store.tell();
    addressBooks.touched(server.id);
    return kept.ok ? { ok: true, value: done.value } : kept;
  }

  const attempt = async <T>(work: () => Promise<BooksOutcome<T>>): Promise<BooksOutcome<T>> => {
    try {
      return await work();
    } catch (error) {
      return { ok: false, reason: `${textOf(error)}.`, trouble: 'other' };
    }
  };

  /** Somebody else was faster: what he wrote is fetched, and shown beside what was typed here. */
  async function afterConflict({ account, book }: BookPlace, card: KeptCard): Promise<Outcome<never>> {
    const { href, id } = card;
    const now = await attempt(() => books().cards({ account, book: book.url, hrefs: [href] }));
    if (now.ok && now.value.length === 0) {
      store.remove(book.id, [href]);
      store.tell();
      return { ok: false, reason: 'This contact was removed on the server meanwhile. Add it again to keep it.' };
    }
    if (now.ok) store.put(book.id, now.value, 0);
    store.tell();
    const fresh = store.card(id);
    const name = (fresh.ok && fresh.value?.row?.contact.name) || '';
    const numbers = ((fresh.ok && fresh.value?.row?.contact.numbers) || []).map(({ value }) => value).join(', ');
    const there = [name, numbers].filter(Boolean).join(', ');
    return {
      ok: false,
      reason: `This contact was changed on the server meanwhile: ${there}. Save again to put yours in its place.`,
    };
  }

  async function put(edit: Put, card: KeptCard): Promise<Outcome<number>> {
    const place = addressBooks.placeOf(card.book);
    if (place === undefined) return { ok: false, reason: NOT_THERE };
    const { row, href, etag, text } = card;
    if (row === undefined) return { ok: false, reason: 'This card cannot be read, and so not be changed here.' };
    const before = draftOf(row, row.photo);
    const after = draftOf({ contact: edit }, edit.photo === undefined ? row.photo : edit.photo);
    const favourite = () => contacts.favourite({ id: card.id, favourite: edit.favourite });
    if (JSON.stringify(before) === JSON.stringify(after)) {
      const marked = favourite();
      return marked.ok ? undoable(async () => ({ ok: true, value: undefined })) : marked;
    }
    if (!place.book.writable) return { ok: false, reason: `${place.book.name} can only be read.` };
    let conflict = false;
    const done = await onServer(place, async (asked) => {
      const answer = await books().change({ ...asked, href, etag, text, edit: { before, after } });
      conflict = !answer.ok && (answer.trouble === 'conflict' || answer.trouble === 'gone');
      return answer;
    });
    if (conflict) return afterConflict(place, card);
    if (!done.ok) return done;
    favourite();
    const { etag: now } = done.value;
    return undoable(() => settled(onServer(place, (asked) => books().replace({ ...asked, href, etag: now, text }))));
  }

  async function add(edit: Put, book: string): Promise<Outcome<number>> {
    const place = addressBooks.placeOf(book);
    if (place === undefined) return { ok: false, reason: NOT_THERE };
    if (!place.book.writable) return { ok: false, reason: `${place.book.name} can only be read.` };
    const uid = randomUUID();
    const href = `${new URL(place.book.url).pathname.replace(/\/?$/, '/')}${uid}.vcf`;
    const draft = draftOf({ contact: edit }, edit.photo ?? null);
    const done = await onServer(place, (asked) => books().add({ ...asked, href, uid, draft }));
    if (!done.ok) return done;
    return undoable(() => takeAway(place, done.value));
  }

  async function remove(card: KeptCard): Promise<Outcome<number>> {
    const place = addressBooks.placeOf(card.book);
    if (place === undefined) return { ok: false, reason: NOT_THERE };
    if (!place.book.writable) return { ok: false, reason: `${place.book.name} can only be read.` };
    const { href, etag, text } = card;
    const done = await takeAway(place, { href, etag });
    if (!done.ok) return done;
    return undoable(() => settled(onServer(place, (asked) => books().create({ ...asked, href, text }))));
  }

  async function takeAway({ account, book, server }: BookPlace, { href, etag }: CardPlace): Promise<Outcome> {
    const done = await attempt(() => books().remove({ account, book: book.url, href, etag }));
    if (!done.ok) {
      if (done.trouble === 'denied') await addressBooks.readOnly(book.id);
      return { ok: false, reason: done.reason };
    }
    const gone = store.remove(book.id, [href]);
    store.tell();
    addressBooks.touched(server.id);
    return gone;
  }

  return {
    async change(args) {
      const read = v.safeParse(changeShape, args);
      if (!read.success) return { ok: false, reason: 'This is no contact that could be kept.' };
      const { put: puts, remove: removals } = read.output;
      const [first] = puts;
      const target = first?.id ?? removals[0] ?? '';
      const card = store.card(target);
      if (!card.ok) return card;
      const book = card.value?.book ?? first?.source ?? '';
      if (book === '' || puts.length + removals.length !== 1) return contacts.change(args);
      if (card.value === undefined) return first === undefined ? contacts.change(args) : add(first, book);
      return first === undefined ? remove(card.value) : put(first, card.value);
    },
    async undo(change) {
      if (typeof change !== 'number' || change >= 0) return contacts.undo(change);
      if (last?.number !== change) {
        return { ok: false, reason: 'This cannot be undone any more: something else was changed since.' };
      }
      const { undo } = last;
      last = undefined;
      return undo();
    },
  };
}

async function settled(done: Promise<Outcome<unknown>>): Promise<Outcome> {
  const outcome = await done;
  return outcome.ok ? { ok: true, value: undefined } : outcome;
}

function draftOf({ contact }: { readonly contact: Omit<Row['contact'], 'id'> }, photo: string | null): ContactDraft {
  const { name, company, numbers, emails, note } = contact;
  return { name, company, numbers, emails, note, photo: photo ?? '' };
}

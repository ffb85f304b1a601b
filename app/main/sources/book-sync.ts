/** One round with one address book: what is different there is fetched and kept here. */
import {
  type BooksAccount,
  type BooksOutcome,
  CARDS_AT_ONCE,
  type PeopleServiceSchema,
} from '../../shared/people-service.ts';
import type { Client } from '../../shared/schema.ts';
import type { BookStore } from '../contacts/book-store.ts';

export interface BookRoundPorts {
  readonly books: Client<PeopleServiceSchema>['books'];
  readonly store: BookStore;
  readonly now: () => number;
}

/** What was fetched before it failed is kept, and not fetched again. @param book by its id here, and its address there */
export async function syncBook(
  { books, store, now }: BookRoundPorts,
  account: BooksAccount,
  book: { readonly id: string; readonly url: string },
): Promise<BooksOutcome<undefined>> {
  const asked = { account, book: book.url };
  const token = store.token(book.id);
  if (!token.ok) return { ...token, trouble: 'other' };
  const begun = await books.begin({ ...asked, token: token.value });
  if (!begun.ok) return begun;
  const { round, isAll } = begun.value;
  // Numbers of rounds begin anew with the service.
  const mark = now();
  for (let isLast = false; !isLast; ) {
    const page = await books.page({ round });
    if (!page.ok) return { ...page, trouble: 'offline' };
    ({ isLast } = page.value);
    const removed = store.remove(book.id, page.value.removed);
    if (!removed.ok) return { ...removed, trouble: 'other' };
    const wanted = store.wanted(book.id, page.value.changed, mark);
    if (!wanted.ok) return { ...wanted, trouble: 'other' };
    for (let at = 0; at < wanted.value.length; at += CARDS_AT_ONCE) {
      const cards = await books.cards({ ...asked, hrefs: wanted.value.slice(at, at + CARDS_AT_ONCE) });
      if (!cards.ok) return cards;
      const put = store.put(book.id, cards.value, mark);
      if (!put.ok) return { ...put, trouble: 'other' };
    }
  }
  const finished = store.finish(book.id, mark, { token: begun.value.token, isAll, now: now() });
  return finished.ok ? finished : { ...finished, trouble: 'other' };
}

/** Address books for the main process: found, looked through, read and written, each answer with its reason where it fails. */

import { MAX_PHOTO } from '../../shared/contact.ts';
import {
  type BookAsked,
  type BooksAccount,
  CARDS_AT_ONCE,
  type Card,
  type CardPlace,
  type PeopleServiceSchema,
} from '../../shared/people-service.ts';
import type { Handlers } from '../../shared/schema.ts';
import { BookRounds, etagOf, hrefIn } from './book-rounds.ts';
import { draftOf, editedCard, newCard } from './card-edit.ts';
import { deleteCard, multiget, putCard } from './dav.ts';
import { type DavDns, findBooks } from './find-books.ts';
import { CARDDAV } from './multistatus.ts';
import { outcome } from './outcome.ts';
import { type Patience, Web } from './web.ts';
import { WebError } from './web-error.ts';

const CARD = `{${CARDDAV}}address-data`;
/** Characters of a card that is kept. */
const MAX_TEXT = 2_000_000;
/** Connections to so many servers are kept open. */
const MAX_WEBS = 20;

export interface BooksOptions {
  readonly loopback: () => boolean;
  /** Null: DNS is not asked where the books of a domain are. */
  readonly dns?: DavDns | null;
  /** Other times than the usual ones. */
  readonly patience?: Patience;
}

export function createBooks({
  loopback,
  dns,
  patience,
}: BooksOptions): Handlers<PeopleServiceSchema>['books'] & { close(): void } {
  const rounds = new BookRounds();
  const webs = new Map<string, Web>();

  const webOf = (account: BooksAccount): Web => {
    const key = JSON.stringify(account);
    const known = webs.get(key);
    if (known !== undefined) return known;
    const [oldest] = webs;
    if (webs.size >= MAX_WEBS && oldest !== undefined) {
      oldest[1].close();
      webs.delete(oldest[0]);
    }
    const made = new Web(account, loopback(), patience);
    webs.set(key, made);
    return made;
  };

  async function read(web: Web, book: URL, hrefs: readonly string[]): Promise<Card[]> {
    const wanted = new Set(hrefs.slice(0, CARDS_AT_ONCE));
    const cards = new Map<string, Card>();
    await multiget(web, book, [...wanted], (response) => {
      const href = hrefIn(book, response.href);
      const text = response.props.get(CARD)?.text;
      if (href === undefined || text === undefined || !wanted.has(href)) return;
      cards.set(href, cardOf({ href, etag: etagOf(response) }, text));
    });
    return [...cards.values()];
  }

  /** What the server has there after it was written: it may have changed it. */
  async function written(web: Web, book: URL, href: string, text: string): Promise<Card> {
    const [card] = await read(web, book, [href]).catch(() => []);
    // Taken, though it could not be read again: the next round will.
    return card ?? cardOf({ href, etag: '' }, text);
  }

  const at = ({ account, book }: BookAsked, href: string): { web: Web; book: URL; url: URL } => {
    const url = new URL(book);
    const inside = hrefIn(url, href);
    if (inside === undefined) throw new WebError('This card is in no address book.', 'other');
    return { web: webOf(account), book: url, url: new URL(inside, url) };
  };

  return {
    find: ({ account, server }) =>
      outcome(() => findBooks(webOf(account), server, dns === undefined && !loopback() ? undefined : (dns ?? null))),
    begin: ({ account, book, token }) => outcome(() => rounds.begin(webOf(account), new URL(book), token)),
    page({ round }) {
      const value = rounds.page(round);
      return value === undefined ? { ok: false, reason: 'This round is over.' } : { ok: true, value };
    },
    cards: ({ account, book, hrefs }) => outcome(() => read(webOf(account), new URL(book), hrefs)),
    change: ({ href, etag, text, edit, ...asked }) =>
      outcome(async () => {
        const { web, book, url } = at(asked, href);
        const { before, after } = edit;
        if (before === null) throw new WebError('This card cannot be read, and so not be changed here.', 'other');
        const changed = editedCard(text, before, after);
        if (changed !== text) await putCard(web, url, etag, changed);
        return written(web, book, href, changed);
      }),
    add: ({ href, uid, draft, ...asked }) =>
      outcome(async () => {
        const { web, book, url } = at(asked, href);
        const text = newCard(uid, draft);
        await putCard(web, url, null, text);
        return written(web, book, href, text);
      }),
    create: ({ href, text, ...asked }) =>
      outcome(async () => {
        const { web, book, url } = at(asked, href);
        await putCard(web, url, null, text);
        return written(web, book, href, text);
      }),
    replace: ({ href, etag, text, ...asked }) =>
      outcome(async () => {
        const { web, book, url } = at(asked, href);
        await putCard(web, url, etag, text);
        return written(web, book, href, text);
      }),
    remove: ({ href, etag, ...asked }) =>
      outcome(async () => {
        const { web, url } = at(asked, href);
        await deleteCard(web, url, etag);
        return undefined;
      }),
    close() {
      for (const web of webs.values()) web.close();
      webs.clear();
    },
  };
}

function cardOf(place: CardPlace, text: string): Card {
  if (text.length > MAX_TEXT) return { ...place, text: '', draft: null };
  const draft = draftOf(text);
  // A larger picture stays in the card.
  const photo = (draft?.photo.length ?? 0) <= MAX_PHOTO ? (draft?.photo ?? '') : '';
  return { ...place, text, draft: draft && { ...draft, photo } };
}

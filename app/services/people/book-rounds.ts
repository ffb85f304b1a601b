/** What is different in an address book since it was last looked at: by sync-token, by ctag, or by all etags (RFC 6578). */
import { MAX_CARDS } from '../../shared/address-books.ts';
import type { BookRound, CardPlace, RoundPage } from '../../shared/people-service.ts';
import { propfind, syncCollection } from './dav.ts';
import { CALENDAR_SERVER, type DavResponse, type Node } from './multistatus.ts';
import type { Web } from './web.ts';
import { WebError } from './web-error.ts';

const PAGE = 1_000;
/** A server gives the changes in so many parts at most. */
const MAX_PARTS = 1_000;
/** Rounds whose pages were not fetched to the end. */
const MAX_ROUNDS = 8;

interface Found {
  readonly token: string;
  readonly isAll: boolean;
  readonly changed: readonly CardPlace[];
  readonly removed: readonly string[];
}

interface Round extends Found {
  at: number;
}

export class BookRounds {
  readonly #rounds = new Map<number, Round>();
  #last = 0;

  /** Rejects with WebError. @param token of the round before; empty for none */
  async begin(web: Web, book: URL, token: string): Promise<BookRound> {
    const found = await differences(web, book, token);
    this.#last += 1;
    this.#rounds.set(this.#last, { ...found, at: 0 });
    const [oldest] = this.#rounds.keys();
    if (this.#rounds.size > MAX_ROUNDS && oldest !== undefined) this.#rounds.delete(oldest);
    return { round: this.#last, token: found.token, isAll: found.isAll };
  }

  /** Undefined where that round is over. */
  page(number: number): RoundPage | undefined {
    const round = this.#rounds.get(number);
    if (round === undefined) return undefined;
    const { changed, removed, at } = round;
    round.at += PAGE;
    const isLast = round.at >= Math.max(changed.length, removed.length);
    if (isLast) this.#rounds.delete(number);
    return { changed: changed.slice(at, at + PAGE), removed: removed.slice(at, at + PAGE), isLast };
  }
}

/** A card's place within its book; undefined where it is elsewhere, or is the book itself. */
export function hrefIn(book: URL, href: string): string | undefined {
  try {
    const url = new URL(href, book);
    const isInside = url.origin === book.origin && url.pathname.startsWith(book.pathname);
    return isInside && !url.pathname.endsWith('/') ? url.pathname : undefined;
  } catch {
    return undefined;
  }
}

export const etagOf = ({ props }: DavResponse): string => props.get('getetag')?.text.trim() ?? '';

/** Tokens of ours: `s:` and a sync-token, `c:` and a ctag. */
async function differences(web: Web, book: URL, token: string): Promise<Found> {
  if (!token.startsWith('c:')) {
    const found = await synced(web, book, token.startsWith('s:') ? token.slice(2) : '');
    if (found !== undefined) return found;
    // A token that has grown old: all anew.
    const again = token === '' ? undefined : await synced(web, book, '');
    if (again !== undefined) return again;
  }
  return listed(web, book, token);
}

async function synced(web: Web, book: URL, first: string): Promise<Found | undefined> {
  const changed = new Map<string, string>();
  const removed = new Set<string>();
  let token = first;
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    let isCut = false;
    const answer = await syncCollection(web, book, token, (response) => {
      if (response.status === 507) isCut = true;
      const href = hrefIn(book, response.href);
      if (href === undefined || response.status === 507) return;
      if (response.status === 404 || response.status === 410) {
        changed.delete(href);
        removed.add(href);
      } else if (response.status < 300 && isRoom(changed)) {
        removed.delete(href);
        changed.set(href, etagOf(response));
      }
    });
    if (answer === undefined) return undefined;
    const next = textIn(answer.beside.get('sync-token'));
    if (next === '') return undefined;
    if (!isCut || next === token) return { token: `s:${next}`, isAll: first === '', ...placesOf(changed, removed) };
    token = next;
  }
  throw new WebError(`${book.host} does not come to an end with its changes.`, 'other');
}

async function listed(web: Web, book: URL, token: string): Promise<Found> {
  let ctag = '';
  await propfind(web, book, ['ctag'], {
    take: ({ props }) => {
      ctag ||= textIn(props.get(`{${CALENDAR_SERVER}}getctag`));
    },
  });
  const now = ctag === '' ? '' : `c:${ctag}`;
  if (now !== '' && now === token) return { token, isAll: false, changed: [], removed: [] };
  const changed = new Map<string, string>();
  const all = await propfind(web, book, ['etag', 'type'], {
    depth: 1,
    take: (response) => {
      const href = hrefIn(book, response.href);
      if (href !== undefined && response.status < 300 && isRoom(changed)) changed.set(href, etagOf(response));
    },
  });
  if (all === undefined) throw new WebError(`This address book is not at ${book.host} any more.`, 'gone');
  return { token: now, isAll: true, ...placesOf(changed, new Set()) };
}

const isRoom = (changed: ReadonlyMap<string, string>): boolean => changed.size < MAX_CARDS;

const placesOf = (changed: ReadonlyMap<string, string>, removed: ReadonlySet<string>) => ({
  changed: [...changed].map(([href, etag]) => ({ href, etag })),
  removed: [...removed],
});

const textIn = (node: Node | undefined): string => node?.text.trim() ?? '';

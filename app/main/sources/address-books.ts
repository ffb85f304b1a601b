/** The address books on servers that one uses: signing in, keeping them in step with what is here, letting them go. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type BooksSignedIn, type BooksState, type BooksView, MAX_BOOK_SERVERS } from '../../shared/address-books.ts';
import type { Outcome } from '../../shared/bridge.ts';
import type { CertificateProblem } from '../../shared/connection-settings.ts';
import type { BooksAccount, BooksOutcome, FoundBook, PeopleServiceSchema } from '../../shared/people-service.ts';
import type { Client } from '../../shared/schema.ts';
import { textOf } from '../../shared/text-of.ts';
import { inOrder } from '../atomic-file.ts';
import type { BookStore } from '../contacts/book-store.ts';
import type { Secrets } from '../secrets.ts';
import { syncBook } from './book-sync.ts';
import { type BooksConfig, type KnownBook, type KnownServer, signInShape } from './books-config.ts';
import { withTrust } from './trust.ts';

export interface AddressBooksPorts {
  readonly config: BooksConfig;
  readonly secrets: Secrets;
  readonly store: BookStore;
  /** Starts the service where it does not run. */
  readonly books: () => Client<PeopleServiceSchema>['books'];
  readonly changed: (views: readonly BooksView[]) => void;
  readonly now: () => number;
  readonly every: (ms: number, work: () => void) => () => void;
}

/** A book with the server that it is on, as the service asks it. */
export interface BookPlace {
  readonly account: BooksAccount;
  readonly server: KnownServer;
  readonly book: KnownBook;
}

export interface AddressBooks {
  list(): readonly BooksView[];
  signIn(args: unknown): Promise<BooksSignedIn>;
  use(args: unknown): Promise<Outcome>;
  sync(args: unknown): Promise<Outcome>;
  remove(args: unknown): Promise<Outcome>;
  /** Undefined where there is no such book. */
  placeOf(book: string): BookPlace | undefined;
  /** A server said that this book is only to be read. */
  readOnly(book: string): Promise<void>;
  /** What is here of this book has just been changed: looked at again where a round is under way. */
  touched(server: string): void;
  /** The way to servers may be another now. */
  online(): void;
  close(): void;
}

const LOOK_EVERY_MS = 30_000;
const SYNC_EVERY_MS = 15 * 60_000;
const OFFLINE_AGAIN_MS = 2 * 60_000;

interface Running {
  state: BooksState;
  reason: string;
  /** When a round ended last. */
  at: number;
  again: boolean;
}

const idShape = v.object({ id: v.string() });
const useShape = v.object({ book: v.string(), used: v.boolean() });

export function createAddressBooks(ports: AddressBooksPorts): AddressBooks {
  const { config, secrets, store, books, changed, now, every } = ports;
  const running = new Map<string, Running>();
  const serially = inOrder();
  /** What was shown to the person last, for him to decide. */
  let shown: CertificateProblem | undefined;
  let closed = false;

  const secretOf = (server: string): string => `books:${server}`;
  const stateOf = (server: string): Running => {
    const known = running.get(server) ?? { state: 'offline', reason: '', at: 0, again: false };
    running.set(server, known);
    return known;
  };
  const accountOf = ({ id, server, user, trusted }: KnownServer): BooksAccount => ({
    ...{ url: server, user, trusted, password: secrets.get(secretOf(id)) ?? '' },
  });
  const view = (server: KnownServer): BooksView => {
    const { state, reason } = stateOf(server.id);
    const counts = server.books.map((book) => ({ book, ...store.count(book.id) }));
    const used = counts.filter(({ book }) => book.used);
    return {
      ...{ id: server.id, server: server.server, user: server.user, state, reason },
      syncedAt: used.length === 0 ? 0 : Math.min(...used.map(({ syncedAt }) => syncedAt)),
      unread: used.reduce((sum, { unread }) => sum + unread, 0),
      books: counts.map(({ book: { id, name, writable, used: isUsed }, count }) => ({
        ...{ id, name, writable, used: isUsed, count },
      })),
    };
  };
  const list = (): readonly BooksView[] => config.servers.map(view);
  const tell = (): void => changed(list());

  /** The service may end at any time; a disk may be full. */
  const guarded = async <T>(work: () => Promise<BooksOutcome<T>>): Promise<BooksOutcome<T>> => {
    try {
      return await work();
    } catch (error) {
      return { ok: false, reason: textOf(error), trouble: 'offline' };
    }
  };
  const keep = async (edit: (servers: readonly KnownServer[]) => readonly KnownServer[]): Promise<Outcome> => {
    try {
      await config.change(edit);
      return { ok: true, value: undefined };
    } catch (error) {
      return { ok: false, reason: textOf(error) };
    }
  };

  const round = (id: string): Promise<void> =>
    serially(async () => {
      const at = stateOf(id);
      const server = config.servers.find((known) => known.id === id);
      if (server === undefined || closed) return;
      Object.assign(at, { state: 'syncing', again: false });
      tell();
      let failed: { readonly reason: string; readonly trouble: string } | undefined;
      if (secrets.get(secretOf(id)) === undefined) {
        failed = { reason: `Type the password for ${server.server} again.`, trouble: 'password' };
      }
      for (const book of failed === undefined ? server.books : []) {
        if (!book.used || closed) continue;
        const done = await guarded(() => syncBook({ books: books(), store, now }, accountOf(server), book));
        store.tell();
        if (!done.ok) failed ??= done;
      }
      if (closed) return;
      const state = failed === undefined ? 'ready' : failed.trouble === 'offline' ? 'offline' : 'failed';
      Object.assign(at, { state, reason: failed?.reason ?? '', at: now() });
      tell();
      if (at.again) void round(id);
    });

  const roundSoon = (id: string): void => {
    const at = stateOf(id);
    if (at.state === 'syncing') at.again = true;
    else void round(id);
  };

  const isDue = ({ id }: KnownServer): boolean => {
    const { state, at } = stateOf(id);
    if (state === 'syncing') return false;
    return now() - at >= (state === 'offline' ? OFFLINE_AGAIN_MS : SYNC_EVERY_MS);
  };
  const lookForDue = (): void => {
    for (const server of config.servers) if (isDue(server)) void round(server.id);
  };
  const endLooking = every(LOOK_EVERY_MS, lookForDue);
  lookForDue();

  return {
    list,
    async signIn(args) {
      const read = v.safeParse(signInShape, args);
      if (!read.success) return { ok: false, reason: 'Type the server, your name there and the password.' };
      const { id = randomUUID(), server, user, trust } = read.output;
      const before = config.servers.find((known) => known.id === id);
      if (before === undefined && (config.servers.length >= MAX_BOOK_SERVERS || read.output.id !== undefined)) {
        return { ok: false, reason: `There is room for ${MAX_BOOK_SERVERS} servers of address books.` };
      }
      // A password goes nowhere but where it was typed for.
      const isSame = before !== undefined && before.server === server && before.user === user;
      const password = read.output.password ?? (isSame ? secrets.get(secretOf(id)) : undefined);
      if (password === undefined) return { ok: false, reason: 'Type the password.' };
      const trusted = withTrust(before?.trusted ?? [], shown, trust);
      const account = { url: server, user, password, trusted };
      const found = await guarded(() => books().find({ account, server }));
      if (!found.ok) {
        shown = found.certificate ?? shown;
        return { ok: false, reason: found.reason, ...(found.certificate && { certificate: found.certificate }) };
      }
      const kept = await keep((servers) => {
        const next = { id, server, user, trusted, books: joined(before?.books ?? [], found.value) };
        return before === undefined ? [...servers, next] : servers.map((one) => (one.id === id ? next : one));
      });
      if (!kept.ok) return kept;
      await secrets.set(secretOf(id), password).catch((error: Error) => console.error(error.message));
      const stay = new Set(config.servers.flatMap(({ books: all }) => all.map((book) => book.id)));
      for (const book of before?.books ?? []) if (!stay.has(book.id)) store.forget(book.id);
      store.tell();
      roundSoon(id);
      return { ok: true, value: undefined };
    },
    async use(args) {
      const { book, used } = v.parse(useShape, args);
      const server = config.servers.find(({ books: all }) => all.some((one) => one.id === book));
      if (server === undefined) return { ok: false, reason: 'This address book is not there any more.' };
      const kept = await keep((servers) => withBook(servers, book, { used }));
      if (!kept.ok) return kept;
      if (used) roundSoon(server.id);
      else {
        // Not while its cards are being fetched.
        void serially(async () => {
          store.forget(book);
          store.tell();
          tell();
        });
      }
      tell();
      return kept;
    },
    async sync(args) {
      const { id } = v.parse(idShape, args);
      roundSoon(id);
      return { ok: true, value: undefined };
    },
    async remove(args) {
      const { id } = v.parse(idShape, args);
      const gone = config.servers.find((known) => known.id === id);
      const kept = await keep((servers) => servers.filter((known) => known.id !== id));
      if (!kept.ok || gone === undefined) return kept;
      tell();
      await secrets.forget(secretOf(id)).catch((error: Error) => console.error(error.message));
      void serially(async () => {
        for (const book of gone.books) store.forget(book.id);
        store.tell();
      });
      running.delete(id);
      return kept;
    },
    placeOf(id) {
      const server = config.servers.find(({ books: all }) => all.some((one) => one.id === id));
      const book = server?.books.find((one) => one.id === id);
      return server && book && { account: accountOf(server), server, book };
    },
    async readOnly(book) {
      await keep((servers) => withBook(servers, book, { writable: false }));
      tell();
    },
    touched(id) {
      const at = stateOf(id);
      if (at.state === 'syncing') at.again = true;
      tell();
    },
    online() {
      for (const { id } of config.servers) if (stateOf(id).state === 'offline') roundSoon(id);
    },
    close() {
      closed = true;
      endLooking();
    },
  };
}

const withBook = (servers: readonly KnownServer[], id: string, change: Partial<KnownBook>): readonly KnownServer[] =>
  servers.map((server) => ({
    ...server,
    books: server.books.map((book) => (book.id === id ? { ...book, ...change } : book)),
  }));

/** Those that are found, with what is known of them here. */
const joined = (before: readonly KnownBook[], found: readonly FoundBook[]): readonly KnownBook[] =>
  found.map(({ url, name, writable }) => {
    const known = before.find((book) => book.url === url);
    return { id: known?.id ?? randomUUID(), url, name, writable, used: known?.used ?? true };
  });

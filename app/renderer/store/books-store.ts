/** The address books on servers, as the main process keeps them in step; what is in them is among the contacts. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BooksSignedIn, BooksSignIn, BooksView } from '../../shared/address-books.ts';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import { ask, noAnswer } from './ask.ts';
import type { Contact, Outcome } from './types.ts';

export type { BooksView } from '../../shared/address-books.ts';

export interface BooksStoreState {
  readonly servers: readonly BooksView[];
  load(): Promise<void>;
  /** Undefined `id` for a server that is new here; `trust` is the fingerprint of a certificate that was shown. */
  signIn(form: BooksSignIn): Promise<BooksSignedIn>;
  use(book: string, used: boolean): Promise<Outcome>;
  sync(id: string): Promise<Outcome>;
  remove(id: string): Promise<Outcome>;
}

export type BooksStore = StoreApi<BooksStoreState>;

export function createBooksStore(bridge: Pick<Client<BridgeSchema>, 'books'>): BooksStore & { close(): void } {
  const store = createStore<BooksStoreState>()((set) => ({
    servers: [],
    async load() {
      // One that does not answer now tells by itself when something changes.
      const servers = await bridge.books.list().catch(() => undefined);
      if (servers !== undefined) set({ servers });
    },
    async signIn(form) {
      try {
        return await bridge.books.signIn(form);
      } catch (error) {
        return { ok: false, reason: noAnswer(error) };
      }
    },
    use: (book, used) => ask(() => bridge.books.use({ book, used })),
    sync: (id) => ask(() => bridge.books.sync({ id })),
    remove: (id) => ask(() => bridge.books.remove({ id })),
  }));
  return Object.assign(store, { close: bridge.books.changed((servers) => store.setState({ servers })) });
}

/** Whether a contact can be changed from here: one's own, or in an address book that may be written. */
export const canEdit = (servers: readonly BooksView[], { source }: Pick<Contact, 'source'>): boolean =>
  source === '' || bookOf(servers, source)?.writable === true;

/** The name of the address book that a contact is from; undefined for one's own. */
export const bookName = (servers: readonly BooksView[], source: string): string | undefined =>
  source === '' ? undefined : bookOf(servers, source)?.name;

function bookOf(servers: readonly BooksView[], id: string) {
  for (const { books } of servers) {
    const found = books.find((book) => book.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Address books on servers (CardDAV), as the window sees them. */
import type { CertificateProblem } from './connection-settings.ts';

/** How a person signs in. The password goes to the main process once and never comes back. */
export interface BooksSignIn {
  /** That of a server that is known; absent for a new one. */
  readonly id?: string;
  /** A name, an address with or without a path, or one's e-mail address. */
  readonly server: string;
  readonly user: string;
  /** Null: the one that is known. */
  readonly password: string | null;
  /** A certificate that the person has just been shown and trusts, by its fingerprint. */
  readonly trust?: string;
}

export interface BookView {
  readonly id: string;
  readonly name: string;
  readonly used: boolean;
  /** Whether the server lets us change it. */
  readonly writable: boolean;
  /** Cards of it that are contacts here. */
  readonly count: number;
}

/** `offline`: the server was not reached, what was read before is shown; `failed`: somebody must do something. */
export type BooksState = 'syncing' | 'ready' | 'offline' | 'failed';

export interface BooksView {
  readonly id: string;
  readonly server: string;
  readonly user: string;
  readonly state: BooksState;
  /** Why it is offline or has failed; else empty. */
  readonly reason: string;
  /** When it was last in step, in ms since 1970; 0: never. */
  readonly syncedAt: number;
  /** Cards that could not be read. */
  readonly unread: number;
  readonly books: readonly BookView[];
}

/** Why signing in did not work; with what must be decided about a certificate, where it is that. */
export type BooksSignedIn =
  | { readonly ok: true; readonly value: undefined }
  | { readonly ok: false; readonly reason: string; readonly certificate?: CertificateProblem };

export const MAX_BOOK_SERVERS = 20;
export const MAX_BOOKS = 50;
/** Cards of one address book; what is beyond is left out. */
export const MAX_CARDS = 100_000;

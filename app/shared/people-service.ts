/** The contract between the main process and the service that asks servers for people. */
import type { Outcome } from './bridge.ts';
import type { CertificateProblem, TrustedCertificate } from './connection-settings.ts';
import type { ContactDraft } from './contact.ts';
import type { DirectoryAccount } from './directories.ts';
import { call } from './schema.ts';

/** A server with all that is needed to ask it. */
export interface BooksAccount {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly trusted: readonly TrustedCertificate[];
}

export interface FoundBook {
  readonly url: string;
  readonly name: string;
  readonly writable: boolean;
}

/**
 * Why something did not work. `offline`: nobody answered; `password`: it is wrong; `denied`: not allowed; `gone`: it is not
 * there any more; `conflict`: it is another one meanwhile.
 */
export type BooksTrouble = 'offline' | 'password' | 'denied' | 'gone' | 'conflict' | 'certificate' | 'other';

export type BooksOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly trouble: BooksTrouble;
      readonly certificate?: CertificateProblem;
    };

export interface CardPlace {
  readonly href: string;
  readonly etag: string;
}

/** A card of a book with what could be read of it; null where that is nothing. */
export interface Card extends CardPlace {
  readonly text: string;
  readonly draft: ContactDraft | null;
}

/** What is different in a book: first how much, then `page` by page. */
export interface BookRound {
  readonly round: number;
  /** To be given back when the next round begins. */
  readonly token: string;
  /** All cards are listed, so that what is not is gone. */
  readonly isAll: boolean;
}

export interface RoundPage {
  readonly changed: readonly CardPlace[];
  readonly removed: readonly string[];
  readonly isLast: boolean;
}

export interface BookAsked {
  readonly account: BooksAccount;
  readonly book: string;
}

/** What is to become of a card: `before` is what the person saw. */
export interface CardEdit {
  readonly before: ContactDraft | null;
  readonly after: ContactDraft;
}

/** Somebody in a directory. */
export interface FoundPerson {
  /** The same each time. */
  readonly key: string;
  readonly draft: ContactDraft;
}

export const peopleServiceSchema = {
  service: {
    /** `loopback` keeps every connection on this computer. */
    configure: call<{ loopback: boolean }, void>(),
    close: call<void, void>(),
  },
  books: {
    /** @param server as typed */
    find: call<{ account: BooksAccount; server: string }, BooksOutcome<readonly FoundBook[]>>(),
    begin: call<BookAsked & { token: string }, BooksOutcome<BookRound>>(),
    page: call<{ round: number }, Outcome<RoundPage>>(),
    /** At most `CARDS_AT_ONCE`; those that are gone are left out. */
    cards: call<BookAsked & { hrefs: readonly string[] }, BooksOutcome<readonly Card[]>>(),
    /** Changes a card, unless it is another one meanwhile. */
    change: call<BookAsked & CardPlace & { text: string; edit: CardEdit }, BooksOutcome<Card>>(),
    /** Makes a card. @param uid unlike any other */
    add: call<BookAsked & { href: string; uid: string; draft: ContactDraft }, BooksOutcome<Card>>(),
    /** Puts a card back where none is any more. */
    create: call<BookAsked & { href: string; text: string }, BooksOutcome<Card>>(),
    /** Puts back a card as it was. */
    replace: call<BookAsked & CardPlace & { text: string }, BooksOutcome<Card>>(),
    remove: call<BookAsked & CardPlace, BooksOutcome<undefined>>(),
  },
  directories: {
    /** Signs in and looks whether anything is there. */
    check: call<{ account: DirectoryAccount }, BooksOutcome<undefined>>(),
    /** People whose names, or numbers, begin so or have that in them. */
    search: call<{ account: DirectoryAccount; typed: string }, BooksOutcome<readonly FoundPerson[]>>(),
    /** People who may have that number, in whatever notation: who asks compares. */
    byNumber: call<{ account: DirectoryAccount; number: string }, BooksOutcome<readonly FoundPerson[]>>(),
  },
} as const;

export type PeopleServiceSchema = typeof peopleServiceSchema;

export const CARDS_AT_ONCE = 100;

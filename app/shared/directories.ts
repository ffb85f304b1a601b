/** Directories (LDAP) that are searched while somebody types, as the window sees them. */
import type { TrustedCertificate } from './connection-settings.ts';

/** `tls`: from the first byte on (ldaps); `starttls`: asked for first; `none`: readable by others in the network. */
export const DIRECTORY_WAYS = ['tls', 'starttls', 'none'] as const;
export type DirectoryWay = (typeof DIRECTORY_WAYS)[number];

/** Whose habits a directory has: which filter is used, and which fields hold numbers. */
export const DIRECTORY_KINDS = ['standard', 'active-directory', 'own'] as const;
export type DirectoryKind = (typeof DIRECTORY_KINDS)[number];

/** How a directory is asked, without the password. */
export interface DirectorySettings {
  /** What results are said to be from; empty: the server. */
  readonly name: string;
  /** A name or an address, with a port where it is not the usual one. */
  readonly server: string;
  readonly way: DirectoryWay;
  /** Below which people are, such as `dc=office,dc=example`; empty: as the server says. */
  readonly base: string;
  /** Empty: nobody in particular. */
  readonly user: string;
  readonly kind: DirectoryKind;
  /** Of `own`: a filter of RFC 4515 in which `{}` stands for what was typed. */
  readonly filter: string;
  /** Fields that hold numbers, with commas between them; empty: the usual ones. */
  readonly numbers: string;
}

/** The password goes to the main process once and never comes back; null: the one that is known. */
export interface DirectorySignIn extends DirectorySettings {
  /** That of a directory that is known; absent for a new one. */
  readonly id?: string;
  readonly password: string | null;
  /** A certificate that the person has just been shown and trusts, by its fingerprint. */
  readonly trust?: string;
}

export interface DirectoryView extends DirectorySettings {
  readonly id: string;
  /** Why it was not answered last; else empty. */
  readonly reason: string;
}

/** A directory with all that is needed to ask it. */
export interface DirectoryAccount extends DirectorySettings {
  readonly id: string;
  readonly password: string;
  readonly trusted: readonly TrustedCertificate[];
}

export const MAX_DIRECTORIES = 5;
/** Fewer letters find half of everybody. */
export const LEAST_TYPED = 2;
export const MOST_TYPED = 100;
/** That one question gives. */
export const MOST_FOUND = 50;

/** People whom one knows: small, plain, and the same whatever they were read from. */

export const NUMBER_KINDS = ['work', 'mobile', 'home', 'fax', 'other'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** A number in any notation, or an address such as `anna@office.example`. */
export interface ContactNumber {
  readonly kind: NumberKind;
  readonly value: string;
}

/** What a file or an address book says of one person, before it is anybody's contact. */
export interface ContactDraft {
  readonly name: string;
  readonly company: string;
  readonly numbers: readonly ContactNumber[];
  readonly emails: readonly string[];
  readonly note: string;
  /** A `data:` address of any size within that of its file; empty for none. */
  readonly photo: string;
}

export interface Contact {
  readonly id: string;
  /** Empty where only a company is known. */
  readonly name: string;
  readonly company: string;
  readonly numbers: readonly ContactNumber[];
  readonly emails: readonly string[];
  readonly note: string;
  readonly favourite: boolean;
  /** The address book that it was read from; empty for one's own, which alone can be edited here. */
  readonly source: string;
  readonly hasPhoto: boolean;
}

/** A contact as it is to be kept. */
export interface ContactEdit extends Omit<Contact, 'hasPhoto' | 'source'> {
  /** A `data:` address of a small picture; null for none, absent to keep what there is. */
  readonly photo?: string | null;
  /** The address book that a new one is to be put into; absent for one's own contacts. */
  readonly source?: string;
}

export interface ContactChange {
  readonly put: readonly ContactEdit[];
  readonly remove: readonly string[];
}

/** What is different from what was listed; null: too much to tell, list them again. */
export type ContactNews = { readonly put: readonly Contact[]; readonly removed: readonly string[] } | null;

export const MAX_CONTACTS = 10_000;
export const MAX_CONTACT_NAME = 200;
export const MAX_NUMBERS = 20;
export const MAX_NUMBER = 100;
export const MAX_EMAILS = 10;
export const MAX_EMAIL = 254;
export const MAX_NOTE = 2_000;
/** Characters of a `data:` address: some 24 KB of picture. */
export const MAX_PHOTO = 32_768;
/** Pictures that are given at once. */
export const PHOTOS_PAGE = 50;

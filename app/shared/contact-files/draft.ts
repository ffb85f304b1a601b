/** What a file or an address book says of one person, before it is anybody's contact. */
import {
  type ContactDraft,
  MAX_CONTACT_NAME,
  MAX_EMAIL,
  MAX_EMAILS,
  MAX_NOTE,
  MAX_NUMBER,
  MAX_NUMBERS,
} from '../contact.ts';

export type { ContactDraft } from '../contact.ts';

/** Where in a file; `at` counts from one. */
export interface Place {
  readonly place: 'file' | 'card' | 'row' | 'line';
  readonly at: number;
}

/** Something in the file that is left out. */
export interface Skipped extends Place {
  /** Whose it is, where that can be told. */
  readonly name: string;
  /** A sentence. */
  readonly why: string;
}

export interface ReadContacts {
  readonly drafts: readonly ContactDraft[];
  /** The first of them. */
  readonly skipped: readonly Skipped[];
  readonly skippedCount: number;
}

/** People that one file may bring; what follows is left out. */
export const MAX_READ = 10_000;
/** Of what was left out, so many are told. */
const MAX_TOLD = 50;

/** Collects people within the bounds, and what is left out. */
export function createReading() {
  const drafts: ContactDraft[] = [];
  const skipped: Skipped[] = [];
  let skippedCount = 0;
  const skip = (where: Place, why: string, name = ''): void => {
    skippedCount += 1;
    if (skipped.length < MAX_TOLD) skipped.push({ ...where, name: line(name, 80), why });
  };
  return {
    skip,
    take(draft: ContactDraft, where: Place): void {
      const fit = fitting(draft);
      if (fit.name === '' && fit.company === '' && fit.numbers.length + fit.emails.length === 0) {
        skip(where, 'It has neither a name nor a number.');
      } else if (drafts.length >= MAX_READ) skip(where, `One file may bring ${MAX_READ} people.`, fit.name);
      else drafts.push(fit);
    },
    done: (): ReadContacts => ({ drafts, skipped, skippedCount }),
  };
}

/** The same within the bounds of a contact, nothing in it twice. */
function fitting({ name, company, numbers, emails, note, photo }: ContactDraft): ContactDraft {
  const values = new Map(
    numbers.map(({ kind, value }) => [line(value, MAX_NUMBER), kind] as const).filter(([value]) => value !== ''),
  );
  return {
    name: line(name, MAX_CONTACT_NAME),
    company: line(company, MAX_CONTACT_NAME),
    numbers: [...values].slice(0, MAX_NUMBERS).map(([value, kind]) => ({ kind, value })),
    emails: [...new Set(emails.map((email) => line(email, MAX_EMAIL)).filter(Boolean))].slice(0, MAX_EMAILS),
    note: note.trim().slice(0, MAX_NOTE),
    photo,
  };
}

const line = (text: string, most: number): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, most);

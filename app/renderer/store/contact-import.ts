/** What becomes of people read from a file: new contacts, or more of those who are known by a number or an e-mail. */
import { MAX_EMAILS, MAX_NUMBERS } from '../../shared/contact.ts';
import type { ContactDraft } from '../../shared/contact-files/draft.ts';
import { contactName, newContact } from './contact-store.ts';
import { createNumberIndex, isSameNumber } from './number-index.ts';
import { plain } from './plain.ts';
import type { Contact, ContactEdit } from './types.ts';

export { writeCsv } from '../../shared/contact-files/csv.ts';
export type { Place, ReadContacts } from '../../shared/contact-files/draft.ts';
export { MAX_CONTACT_FILE, readContactFile } from '../../shared/contact-files/read-file.ts';
export { writeVCards } from '../../shared/contact-files/vcard.ts';

/** One who is known already. */
export interface KnownDraft {
  readonly draft: ContactDraft;
  readonly contact: Contact;
  /** Whether he is called the same here. */
  readonly sameName: boolean;
}

export interface ImportPlan {
  readonly fresh: readonly ContactDraft[];
  readonly known: readonly KnownDraft[];
}

/** Who in the file is new, and who is known; one who is twice in the file, with a number and the same name, is taken once. */
export function planImport(
  drafts: readonly ContactDraft[],
  own: readonly Contact[],
  country: string | undefined,
): ImportPlan {
  const numbers = createNumberIndex(
    own.flatMap((contact) => contact.numbers.map(({ value }) => [value, contact] as const)),
    country,
  );
  const emails = new Map(
    own.flatMap((contact) => contact.emails.map((email) => [email.toLowerCase(), contact] as const)),
  );
  const known: KnownDraft[] = [];
  const fresh = new Map<string, ContactDraft>();
  for (const draft of drafts) {
    const found = [
      ...draft.numbers.flatMap(({ value }) => numbers.find(value)),
      ...draft.emails.flatMap((email) => emails.get(email.toLowerCase()) ?? []),
    ];
    const name = plain(contactName({ ...draft, favourite: false }));
    const same = found.find((contact) => plain(contactName(contact)) === name) ?? found[0];
    if (same !== undefined) {
      known.push({ draft, contact: same, sameName: plain(contactName(same)) === name });
      continue;
    }
    const key = `${name}\n${draft.numbers[0]?.value ?? draft.emails[0] ?? ''}`;
    const twin = fresh.get(key);
    fresh.set(key, twin === undefined ? draft : joined(twin, draft, country));
  }
  return { fresh: [...fresh.values()], known };
}

/** What is done with those who are known: they get what is new of them, stay as they are, or are taken once more. */
export type KnownChoice = 'merge' | 'leave' | 'add';

/** The contacts to be kept, and how many of them are new. @param photoOf makes a picture small; null for none */
export function editsOf(
  { fresh, known }: ImportPlan,
  choice: KnownChoice,
  country: string | undefined,
): readonly { readonly edit: ContactEdit; readonly photo: string; readonly isNew: boolean }[] {
  const added = [...fresh, ...(choice === 'add' ? known.map(({ draft }) => draft) : [])].map(({ photo, ...draft }) => ({
    ...{ edit: { ...newContact(), ...draft }, photo, isNew: true },
  }));
  if (choice !== 'merge') return added;
  const merged = new Map<string, { before: Contact; edit: ContactEdit; photo: string }>();
  for (const { draft, contact } of known) {
    const soFar = merged.get(contact.id);
    const { photo, ...more } = joined({ ...(soFar?.edit ?? contact), photo: soFar?.photo ?? '' }, draft, country);
    const { id, favourite } = contact;
    merged.set(id, { before: contact, edit: { id, favourite, ...more }, photo: contact.hasPhoto ? '' : photo });
  }
  const changed = [...merged.values()].filter(({ before, edit, photo }) => photo !== '' || !isUnchanged(before, edit));
  return [...added, ...changed.map(({ edit, photo }) => ({ edit, photo, isNew: false }))];
}

const isUnchanged = (before: ContactEdit, after: ContactEdit): boolean =>
  before.numbers.length === after.numbers.length &&
  before.emails.length === after.emails.length &&
  before.company === after.company &&
  before.name === after.name &&
  before.note === after.note;

/** The first with whatever only the second has. */
function joined(one: ContactDraft, other: ContactDraft, country: string | undefined): ContactDraft {
  const numbers = other.numbers.filter(
    ({ value }) => !one.numbers.some((known) => isSameNumber(known.value, value, country)),
  );
  const emails = other.emails.filter(
    (email) => !one.emails.some((known) => known.toLowerCase() === email.toLowerCase()),
  );
  return {
    name: one.name || other.name,
    company: one.company || other.company,
    numbers: [...one.numbers, ...numbers].slice(0, MAX_NUMBERS),
    emails: [...one.emails, ...emails].slice(0, MAX_EMAILS),
    note: one.note || other.note,
    photo: one.photo || other.photo,
  };
}

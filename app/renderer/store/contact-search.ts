/** Finds people by parts of name, company, number or e-mail, whatever the case, the accents and the notation. */
import { plain } from './plain.ts';
import type { Contact } from './types.ts';

/** What is searched of each contact: made once. */
const known = new WeakMap<Contact, { readonly words: string; readonly digits: string }>();

function searched(contact: Contact) {
  const found = known.get(contact);
  if (found !== undefined) return found;
  const { name, company, numbers, emails } = contact;
  const values = numbers.map(({ value }) => value);
  const made = {
    words: plain([name, company, ...emails, ...values].join('\n')),
    digits: values.map((value) => value.replace(/[^\d*#]/g, '')).join('\n'),
  };
  known.set(contact, made);
  return made;
}

/** So many digits are looked for in numbers only, where they stand in a row. */
const SURELY_A_NUMBER = 4;

/** Whether a person who is found by `words` and `numbers` is one who is looked for. */
export type Wanted = (words: string, digits: string) => boolean;

/** What was typed, as a question; undefined where nothing was. */
function wantedBy(typed: string): Wanted | undefined {
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  if (parts.length === 0) return undefined;
  // A prefix for going abroad or out of town is written here and not there: +420 221…, 00420 221…, 0221….
  const digits = /^[\s+\d*#./()-]+$/.test(typed) ? typed.replace(/[^\d*#]/g, '').replace(/^0+/, '') : '';
  if (digits.length >= SURELY_A_NUMBER) return (_, numbers) => numbers.includes(digits);
  return (words, numbers) => (digits !== '' && numbers.includes(digits)) || parts.every((part) => words.includes(part));
}

/** In the order given; all of them where nothing is looked for. */
export function searchContacts(contacts: readonly Contact[], typed: string): readonly Contact[] {
  const wanted = wantedBy(typed);
  if (wanted === undefined) return contacts;
  return contacts.filter((contact) => {
    const { words, digits } = searched(contact);
    return wanted(words, digits);
  });
}

/** As `searchContacts`, of one who is no contact. */
export function isWanted(typed: string, words: string, number: string): boolean {
  return wantedBy(typed)?.(plain(`${words}\n${number}`), number.replace(/[^\d*#]/g, '')) ?? true;
}

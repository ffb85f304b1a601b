/** People who are no favourites, by where they are known from: one's own contacts, each address book, the office, directories. */
import { type Colleague, keyOf } from './colleagues.ts';
import { searchContacts } from './contact-search.ts';
import { createNumberIndex, type NumberIndex } from './number-index.ts';
import type { Person } from './people.ts';
import type { Contact } from './types.ts';

export interface PeopleGroup {
  /** `own`, `office`, or an address book or a directory. */
  readonly source: string;
  readonly people: readonly Person[];
}

export interface GroupSources {
  /** Whether a number is that of somebody who is shown already, or would be. */
  readonly isKnown: (number: string) => boolean;
  readonly users: readonly Colleague[];
  /** Found in directories. */
  readonly found: readonly Contact[];
}

/** Source of the users of one's offices. */
export const OFFICE = '@office';

/** @param others contacts that are no favourites, in their order. @param typed what is looked for; empty for everybody */
export function groupsOf(
  others: readonly Person[],
  { isKnown, users, found }: GroupSources,
  typed: string,
): readonly PeopleGroup[] {
  const groups = new Map<string, Person[]>([['own', []]]);
  const put = (source: string, person: Person): void => {
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [person]);
    else group.push(person);
  };
  for (const person of others) put(person.contact?.source || 'own', person);
  const isNew = ({ numbers }: Contact): boolean => !numbers.some(({ value }) => isKnown(value));
  const colleagues = new Map(users.map((one) => [asContact(one), one]));
  for (const contact of searchContacts([...colleagues.keys()], typed)) {
    if (isNew(contact)) put(OFFICE, personOf(contact, colleagues.get(contact)));
  }
  // A directory is searched, not listed.
  const looked = typed.trim() === '' ? [] : searchContacts(found, typed);
  for (const contact of looked) if (isNew(contact)) put(contact.source, personOf(contact));
  return [...groups].map(([source, people]) => ({ source, people })).filter(({ people }) => people.length > 0);
}

/** Numbers of those who are shown, filed by the first question: of a hundred thousand that takes its time. */
export function knownNumbers(
  contacts: readonly Contact[],
  watched: readonly { readonly number: string }[],
  country: string | undefined,
): (number: string) => boolean {
  let index: NumberIndex<true> | undefined;
  return (number) => {
    index ??= createNumberIndex(
      [
        ...contacts.flatMap(({ numbers }) => numbers.map(({ value }) => value)),
        ...watched.map((one) => one.number),
      ].map((one) => [one, true] as const),
      country,
    );
    return index.find(number).length > 0;
  };
}

const personOf = (contact: Contact, colleague?: Colleague): Person => ({
  ...{ key: contact.id, name: contact.name, contact, watched: undefined, colleague },
});

/** The same for the same user, so that his row is not drawn again. */
const asContacts = new WeakMap<Colleague, Contact>();

function asContact(user: Colleague): Contact {
  const { number, name } = user;
  const made = asContacts.get(user) ?? {
    ...{ id: `${OFFICE}/${keyOf(user)}`, name: name || number, company: '', note: '', emails: [] },
    ...{ numbers: [{ kind: 'work' as const, value: number }], favourite: false, source: OFFICE, hasPhoto: false },
  };
  asContacts.set(user, made);
  return made;
}

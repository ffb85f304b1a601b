/** Everybody who is shown on the page People, each once: contacts, and whoever is watched, with his lamp. */
import { type Colleague, keyOf, type Lamps } from './colleagues.ts';
import { isWanted, searchContacts } from './contact-search.ts';
import { contactName } from './contact-store.ts';
import { createNumberIndex } from './number-index.ts';
import type { Contact, PersonSnapshot } from './types.ts';

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly contact: Contact | undefined;
  readonly watched: PersonSnapshot | undefined;
  /** Of one's office, whose exchange tells how he is. */
  readonly colleague: Colleague | undefined;
}

/** Who of the office has a number. */
type FindColleague = (number: string) => Colleague | undefined;

const nobody: FindColleague = () => undefined;

export interface People {
  /** Favourites and those who are watched. */
  readonly top: readonly Person[];
  readonly others: readonly Person[];
}

/** @param typed what is looked for; empty for everybody */
export function peopleOf(
  contacts: readonly Contact[],
  watched: readonly PersonSnapshot[],
  typed: string,
  country: string | undefined,
  colleagueAt: FindColleague = nobody,
): People {
  const lamps = createNumberIndex(
    watched.flatMap((one) => [[one.number, one] as const, [one.target, one] as const]),
    country,
  );
  const shown = new Set<PersonSnapshot>();
  const lampOf = (contact: Contact): PersonSnapshot | undefined => {
    if (watched.length === 0) return undefined;
    for (const { value } of contact.numbers) {
      const lamp = lamps.find(value).find((one) => !shown.has(one));
      if (lamp !== undefined) return lamp;
    }
    return undefined;
  };
  const top: Person[] = [];
  const others: Person[] = [];
  const matching = new Set(searchContacts(contacts, typed));
  for (const contact of contacts) {
    const lamp = lampOf(contact);
    if (lamp !== undefined) shown.add(lamp);
    if (!matching.has(contact)) continue;
    const numbers = contact.numbers.map(({ value }) => value);
    const colleague = firstOf(numbers, colleagueAt);
    const person = { key: contact.id, name: contactName(contact), contact, watched: lamp, colleague };
    (contact.favourite || lamp !== undefined ? top : others).push(person);
  }
  for (const lamp of watched) {
    if (shown.has(lamp) || !isWanted(typed, lamp.name, lamp.number)) continue;
    const { accountId, target, number, name } = lamp;
    const colleague = colleagueAt(number);
    top.push({ key: `${accountId} ${target}`, name: name || number, contact: undefined, watched: lamp, colleague });
  }
  return { top, others };
}

function firstOf(numbers: readonly string[], find: FindColleague): Colleague | undefined {
  for (const number of numbers) {
    const found = find(number);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How somebody is: as he is watched, or else as the office tells; undefined where nobody does. */
export function stateOf({ watched, colleague }: Person, lamps: Lamps): PersonSnapshot['state'] | undefined {
  if (watched !== undefined && watched.state !== 'unknown') return watched.state;
  return (colleague && lamps.get(keyOf(colleague))) ?? watched?.state;
}

/** Whether he is known to be at a phone. */
export function isHere(person: Person, lamps: Lamps): boolean {
  const state = stateOf(person, lamps);
  return state !== undefined && state !== 'unknown' && state !== 'offline';
}

/** Everybody whom the field may mean, filed source by source, so that a lamp that changes does not file everybody anew. */
import { type Colleague, keyOf } from './colleagues.ts';
import { contactName } from './contact-store.ts';
import { createDialIndex, type DialEntry, DialFindings, type DialIndex } from './dial-search.ts';
import { indexed } from './number-index.ts';
import type { Contact, PastCall, PersonSnapshot } from './types.ts';
import type { WhoSources } from './who.ts';

export interface DialBook {
  /** Those who are watched first, then favourites, other contacts, the office, directories, and whoever was on the phone lately. */
  search(typed: string, most: number): readonly DialEntry[];
  /** With whom one was on the phone last, each once. */
  lately(most: number): readonly DialEntry[];
  lampOf(number: string): DialLamp | undefined;
  /** Files some of those who are not filed yet, so that the first key press need not. Gives whether all are. */
  prepare(mayGoOn: () => boolean): boolean;
}

/** How somebody is: as he is watched, or as the office tells. */
export interface DialLamp {
  readonly state: PersonSnapshot['state'];
  readonly watched: PersonSnapshot | undefined;
}

const NOBODY: readonly Contact[] = [];

/** @param sources all that is known now; asked for anew each time */
export function createDialBook(sources: () => WhoSources): DialBook {
  const parts = [
    filed<PersonSnapshot>(watchedEntries, ({ watched }) => watched),
    filed<Contact>(contactEntries, ({ contacts }) => contacts),
    filed<Colleague>(userEntries, ({ users }) => users),
    filed<Contact>(contactEntries, ({ directory }) => directory ?? NOBODY),
    filed<PastCall>(pastEntries, ({ calls }) => calls),
  ];
  const lamps = indexed<PersonSnapshot>(({ number, target }) => [number, target]);
  const users = indexed<Colleague>(({ number, domain }) => [number, `${number}@${domain}`]);

  return {
    search(typed, most) {
      const now = sources();
      const found = new DialFindings(most);
      for (const part of parts) part(now).search(typed, found);
      return found.entries;
    },
    lately(most) {
      const found = new DialFindings(most);
      for (const entry of pastEntries(sources().calls)) if (!found.isFull) found.take(entry, entry.number);
      return found.entries;
    },
    lampOf(number) {
      const now = sources();
      const [watched] = lamps(now.watched, now.country).find(number);
      if (watched !== undefined && watched.state !== 'unknown') return { state: watched.state, watched };
      const [user] = users(now.users, now.country).find(number);
      const state = user && now.lamps?.get(keyOf(user));
      if (state !== undefined) return { state, watched: undefined };
      return watched && { state: watched.state, watched };
    },
    prepare(mayGoOn) {
      const now = sources();
      return parts.every((part) => part(now).file(mayGoOn));
    },
  };
}

function filed<T>(entriesOf: (list: readonly T[]) => readonly DialEntry[], from: (all: WhoSources) => readonly T[]) {
  let made: { list: readonly T[]; country: string | undefined; index: DialIndex } | undefined;
  return (all: WhoSources): DialIndex => {
    const { country } = all;
    const list = from(all);
    if (made?.list !== list || made.country !== country)
      made = { list, country, index: createDialIndex(entriesOf(list), country) };
    return made.index;
  };
}

const watchedEntries = (list: readonly PersonSnapshot[]): readonly DialEntry[] =>
  list.map(({ accountId, target, number, name }) => ({
    ...{ person: `${accountId} ${target}`, name, detail: '', number: target, words: number, accountId },
  }));

const contactEntries = (list: readonly Contact[]): readonly DialEntry[] =>
  [...list.filter(({ favourite }) => favourite), ...list.filter(({ favourite }) => !favourite)].flatMap((contact) => {
    const name = contactName(contact);
    const detail = contact.company === name ? '' : contact.company;
    return contact.numbers.map(({ value, kind }) => ({ person: contact.id, name, detail, number: value, kind }));
  });

const userEntries = (list: readonly Colleague[]): readonly DialEntry[] =>
  list.map((one) => {
    const { number, name, accountId } = one;
    return { person: keyOf(one), name, detail: '', number, ...(accountId === undefined ? {} : { accountId }) };
  });

const pastEntries = (list: readonly PastCall[]): readonly DialEntry[] =>
  list.map(({ peer }) => ({ person: peer.uri || peer.number, name: peer.name, detail: '', number: peer.number }));

/**
 * Who is behind a number or an address, in whatever notation: contacts of one's own, address books, those who are watched,
 * the office's own users, directories, and at last how somebody called himself when he called before. Everything that shows a number
 * asks here. What was found once is remembered until something known changes.
 */
import type { Colleague, Lamps } from './colleagues.ts';
import { contactName } from './contact-store.ts';
import { indexed, isShortNumber } from './number-index.ts';
import type { Contact, PastCall, PersonSnapshot } from './types.ts';

/** Whom a call or a message is with. */
export interface Peer {
  readonly number: string;
  /** Empty where only the number is known. */
  readonly uri?: string;
}

export interface Known {
  readonly name: string;
  readonly company: string;
  readonly contact: Contact | undefined;
  /** Only how he once called himself: what he says now counts more. */
  readonly isHearsay: boolean;
}

/** All that is known of people; each part is replaced when it changes, never changed. */
export interface WhoSources {
  readonly contacts: readonly Contact[];
  readonly watched: readonly PersonSnapshot[];
  /** Of one's offices, and how each is. */
  readonly users: readonly Colleague[];
  readonly lamps?: Lamps;
  /** Whoever was found lately in directories. */
  readonly directory?: readonly Contact[];
  readonly calls: readonly PastCall[];
  /** Domains of one's own accounts, with or without a port: only there do short numbers mean what they mean here. */
  readonly domains: readonly string[];
  readonly country: string | undefined;
}

export type Who = (peer: Peer) => Known | undefined;

const MAX_REMEMBERED = 5_000;
const NOBODY: readonly Contact[] = [];

/** Gives a function that tells who somebody is, over sources that it asks for anew each time. */
export function createWho(sources: () => WhoSources): Who {
  let last: WhoSources | undefined;
  const remembered = new Map<string, Known | null>();
  const contacts = indexed<Contact>(({ numbers }) => numbers.map(({ value }) => value));
  const watched = indexed<PersonSnapshot>(({ number, target }) => [number, target]);
  const users = indexed<Colleague>(({ number, domain }) => [number, `${number}@${domain}`]);
  const directory = indexed<Contact>(({ numbers }) => numbers.map(({ value }) => value));
  const calls = indexed<PastCall>(({ peer }) => (peer.name === '' ? [] : [peer.uri, peer.number]));

  const find = (from: WhoSources, number: string): Known | undefined => {
    const { country } = from;
    const found = contacts(from.contacts, country).find(number);
    // One's own say more than an address book.
    const contact = found.find(({ source }) => source === '') ?? found[0];
    if (contact !== undefined) {
      return { name: contactName(contact), company: contact.company, contact, isHearsay: false };
    }
    const named = [...watched(from.watched, country).find(number), ...users(from.users, country).find(number)].find(
      ({ name }) => name !== '',
    );
    if (named !== undefined) return { name: named.name, company: '', contact: undefined, isHearsay: false };
    const [listed] = directory(from.directory ?? NOBODY, country).find(number);
    if (listed !== undefined) {
      return { name: contactName(listed), company: listed.company, contact: listed, isHearsay: false };
    }
    const past = calls(from.calls, country).find(number)[0];
    return past && { name: past.peer.name, company: '', contact: undefined, isHearsay: true };
  };

  return ({ number, uri = '' }) => {
    const now = sources();
    if (last === undefined || !isSame(last, now)) remembered.clear();
    last = now;
    const key = `${number}\n${uri}`;
    const before = remembered.get(key);
    if (before !== undefined) return before ?? undefined;
    const address = uri.replace(/^sips?:/i, '').replace(/[;?].*$/s, '');
    const host = hostOf(address.split('@')[1]);
    // 1002 of another office is not our 1002.
    const isForeign =
      isShortNumber(number) && host !== undefined && !now.domains.some((domain) => hostOf(domain) === host);
    const known =
      (address.includes('@') ? find(now, address) : undefined) ??
      (number === '' || isForeign ? undefined : find(now, number));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, known ?? null);
    return known;
  };
}

/** An office on a port of its own is the same office: its phones say it with and without. */
const hostOf = (domain: string | undefined) => domain?.replace(/:\d+$/, '').toLowerCase();

const isSame = (a: WhoSources, b: WhoSources): boolean =>
  a.contacts === b.contacts &&
  a.watched === b.watched &&
  a.users === b.users &&
  a.directory === b.directory &&
  a.calls === b.calls &&
  a.country === b.country &&
  a.domains.join('\n') === b.domains.join('\n');

/** `named` as it is known here; as it came where nobody knows better. */
export function namedBy<T extends { readonly peer: PastCall['peer'] }>(named: T, who: Who): T {
  const known = who(named.peer);
  const { name } = named.peer;
  if (known === undefined || known.name === name || (known.isHearsay && name.trim() !== '')) return named;
  return { ...named, peer: { ...named.peer, name: known.name } };
}

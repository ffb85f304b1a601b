/** Where a call can be led: people that are known here, by parts of their names or numbers, or what was typed. */
import { t } from '@lingui/core/macro';
import { type Colleague, keyOf } from './colleagues.ts';
import { isWanted } from './contact-search.ts';
import { peopleOf } from './people.ts';
import type { Contact, PersonSnapshot } from './types.ts';

export interface Place {
  readonly key: string;
  readonly name: string;
  /** What is called. */
  readonly target: string;
  /** Beside the name, such as a number; may be empty. */
  readonly detail: string;
  readonly contact?: Contact;
  readonly isMailbox?: true;
}

export interface PlaceSources {
  readonly contacts: readonly Contact[];
  readonly watched: readonly PersonSnapshot[];
  readonly users: readonly Colleague[];
  /** Of the account that the call belongs to; empty where it is not asked for. */
  readonly voicemail: string;
  readonly country: string | undefined;
}

/** Those that are offered at once. */
const MOST = 5;

/** Voice mail first, then favourites and those who are watched; everybody else only once something is typed. */
export function findPlaces(typed: string, sources: PlaceSources): readonly Place[] {
  const { contacts, watched, users, voicemail, country } = sources;
  const found: Place[] = [];
  const mailbox = t`Voice mail`;
  if (voicemail !== '' && isWanted(typed, mailbox, voicemail)) {
    found.push({ key: 'voicemail', name: mailbox, target: voicemail, detail: voicemail, isMailbox: true });
  }
  const { top, others } = peopleOf(contacts, watched, typed, country);
  const people = typed.trim() === '' ? top : [...top, ...others];
  for (const { key, name, contact, watched: lamp } of people) {
    if (found.length >= MOST) return found;
    const number = lamp?.target ?? contact?.numbers[0]?.value;
    if (number === undefined) continue;
    found.push({ key, name, target: number, detail: number, ...(contact && { contact }) });
  }
  const known = new Set(found.map(({ target }) => target));
  for (const one of typed.trim() === '' ? [] : users) {
    const { number, name } = one;
    if (found.length >= MOST) break;
    if (known.has(number) || !isWanted(typed, name, number)) continue;
    found.push({ key: keyOf(one), name: name || number, target: number, detail: number });
  }
  return found;
}

export type Resolved = { readonly ok: true; readonly target: string } | { readonly ok: false; readonly reason: string };

/** What was typed, as something to call: a number or an address as it is, a name where only one person has it. */
export function resolvePlace(typed: string, places: readonly Place[]): Resolved {
  const text = typed.trim();
  if (text === '') return { ok: false, reason: t`Type a number or a name.` };
  const [first, second] = places;
  if (/[\d@]/.test(text) || first === undefined) return { ok: true, target: text };
  if (second === undefined) return { ok: true, target: first.target };
  return { ok: false, reason: t`Several people match: choose one of them.` };
}

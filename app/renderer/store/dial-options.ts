/** What the field offers for what was typed in it, and what Call would do: told before it is done. */
import { type DialPlan, outgoing } from './dial-plan.ts';
import { readable } from './dial-rules.ts';
import type { DialEntry } from './dial-search.ts';
import { isSameNumber } from './number-index.ts';
import { plain } from './plain.ts';
import { isAddress, numberIn } from './typed-number.ts';
import type { AccountSnapshot } from './types.ts';

export interface DialOption extends DialEntry {
  /** What was typed, itself; else somebody who was found by it. */
  readonly isTyped: boolean;
}

export interface DialKnown {
  /** Undefined where nobody is signed in. */
  readonly account: AccountSnapshot | undefined;
  readonly plan: DialPlan;
  readonly search: (typed: string, most: number) => readonly DialEntry[];
  /** By what name a number or an address is known. */
  readonly nameOf: (number: string) => string | undefined;
}

export type DialChoice =
  | { readonly kind: 'empty' }
  | { readonly kind: 'ready'; readonly option: DialOption }
  /** A sentence on why not. */
  | { readonly kind: 'unclear'; readonly reason: string };

export interface DialOffer {
  readonly options: readonly DialOption[];
  /** What Call does where no option was chosen. */
  readonly choice: DialChoice;
}

const MOST = 8;
/** A user of a server, by a name of one word. */
const USER = /^[\w.!~'$&+,;=%-]+$/;

const NOTHING: DialOffer = { options: [], choice: { kind: 'empty' } };

export function offerFor(text: string, { account, plan, search, nameOf }: DialKnown): DialOffer {
  const typed = text.trim();
  if (typed === '') return NOTHING;
  if (account === undefined) return unclear('Sign in first to make calls.');
  const found = search(typed, MOST).map((entry) => ({ ...entry, isTyped: false }));
  const asTyped = (number: string): DialOption => ({
    ...{ person: '', name: nameOf(number) ?? '', detail: '', number, isTyped: true },
  });
  const before = (number: string): DialOffer => {
    const first = asTyped(number);
    const same = found.find((one) => isSameNumber(one.number, number, plan.country));
    const options = [{ ...first, name: first.name || (same?.name ?? '') }, ...found.filter((one) => one !== same)];
    return { options: options.slice(0, MOST), choice: { kind: 'ready', option: options[0] ?? first } };
  };

  if (isAddress(typed)) {
    if (!/\s/.test(typed)) return before(typed);
    return { ...unclear('An address has no spaces in it.'), options: found };
  }
  if (account.domain === '') {
    const whole = found.filter(({ number }) => isAddress(number));
    if (/^[^\s]*[.:][^\s]*$/.test(typed)) return before(typed);
    const only = onlyOne(whole, typed);
    if (only !== undefined) return { options: whole, choice: { kind: 'ready', option: only } };
    const reason = 'This account has no server: type a whole address, such as anna@192.0.2.10.';
    return { ...unclear(reason), options: whole };
  }
  const number = numberIn(typed);
  if (number !== undefined) return before(number);
  const only = onlyOne(found, typed);
  if (only !== undefined) return { options: found, choice: { kind: 'ready', option: only } };
  if (found.length > 0) return { options: found, choice: { kind: 'unclear', reason: SEVERAL } };
  if (!USER.test(typed)) return unclear('Nobody of that name is known here. Type a number.');
  return { options: [], choice: { kind: 'ready', option: asTyped(typed) } };
}

const SEVERAL = 'Several people match: choose one with the arrow keys.';

const unclear = (reason: string): DialOffer => ({ options: [], choice: { kind: 'unclear', reason } });

/** The first number of the one person who is meant: the only one, or the only one of exactly that name. */
function onlyOne(found: readonly DialOption[], typed: string): DialOption | undefined {
  const people = new Set(found.map(({ person }) => person));
  if (people.size === 1) return found[0];
  const wanted = plain(typed);
  const exact = found.filter(({ name }) => plain(name) === wanted);
  return new Set(exact.map(({ person }) => person)).size === 1 ? exact[0] : undefined;
}

/** What is said of an option before it is called. */
export interface DialTold {
  /** The name with the number, or whatever there is. */
  readonly shown: string;
  /** What rules put before the number, or what they made of it; both undefined where they do nothing. */
  readonly prefix: string | undefined;
  readonly dials: string | undefined;
}

export function toldOf({ name, number }: DialOption, { account, plan }: DialKnown): DialTold {
  const domain = account?.domain ?? '';
  const { meant, dialled } = outgoing(number, domain, plan);
  const address = isAddress(number) || domain === '' ? number.replace(/^sips?:/i, '') : `${number}@${domain}`;
  const written = meant === undefined ? address : readable(meant, plan.country);
  // That a number is dialled as it is shown goes without saying.
  const isChanged = dialled !== undefined && !dialled.asIs && numberIn(written) !== dialled.number;
  return {
    shown: name === '' ? written : `${name}, ${written}`,
    prefix: isChanged ? dialled.prefix : undefined,
    dials: isChanged && dialled.prefix === undefined ? dialled.number : undefined,
  };
}

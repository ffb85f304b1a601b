/** What is sent for whom a person wants to call, by the rules of the account that calls. */
import type { DialRule } from '../../shared/dialling.ts';
import { type Dialled, dialled } from './dial-rules.ts';
import { isAddress, numberIn } from './typed-number.ts';

/** How an account dials. */
export interface DialPlan {
  readonly rules: readonly DialRule[];
  /** Such as `CZ`; undefined where nobody knows. */
  readonly country: string | undefined;
}

export interface Outgoing {
  /** What the softphone is asked to call. */
  readonly target: string;
  /** The number as it was meant, and what became of it; undefined of addresses and names. */
  readonly meant: string | undefined;
  readonly dialled: Dialled | undefined;
}

/** @param domain of the account; empty for one that calls whole addresses only */
export function outgoing(typed: string, domain: string, { rules, country }: DialPlan): Outgoing {
  const number = domain === '' || isAddress(typed) ? undefined : numberIn(typed);
  if (number === undefined) return { target: typed.trim(), meant: undefined, dialled: undefined };
  const made = dialled(number, { rules }, country);
  return { target: made.number, meant: number, dialled: made };
}

/** Whom to call for one with whom one was on the phone: a number of one's own server anew by the rules, anybody else as he was. */
export function backTo({ uri, number }: { readonly uri: string; readonly number: string }, domain: string): string {
  const host = uri
    .replace(/[;?>].*$/s, '')
    .split('@')[1]
    ?.replace(/:\d+$/, '');
  const isOurs = domain !== '' && host?.toLowerCase() === domain.toLowerCase();
  return isOurs && numberIn(number) !== undefined ? number : uri || number;
}

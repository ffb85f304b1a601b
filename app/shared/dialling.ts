/** How one account dials: the country it is in, and what is made of a number before it is called. */

/** Such as `CZ`; empty for the country that the system names. */
export interface Dialling {
  readonly country: string;
  /** Done in this order, each with what the one before made of the number. */
  readonly rules: readonly DialRule[];
}

/** `plus`: `+420…`; `abroad`: `00420…`, or what one dials there for abroad; `home`: without the code of one's own country. */
export const NUMBER_FORMS = ['plus', 'abroad', 'home'] as const;
export type NumberForm = (typeof NUMBER_FORMS)[number];

export type DialRule =
  /** Numbers of so many digits, and those that begin with a plus, leave the house by a prefix. */
  | { readonly kind: 'outside'; readonly prefix: string; readonly digits: number }
  /** Whole numbers of the telephone network are written in one way. */
  | { readonly kind: 'form'; readonly form: NumberForm }
  /** A beginning is replaced by another, which may be empty. */
  | { readonly kind: 'replace'; readonly prefix: string; readonly by: string }
  /** Numbers like `9XXX` or `00.`: `X` any digit, `.` any number of them at the end; the same signs in `by` take their place. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly by: string };

export const dialDefaults: Dialling = { country: '', rules: [] };

export const MAX_DIAL_RULES = 20;
/** Characters of a prefix or a pattern. */
export const MAX_DIAL_TEXT = 32;
export const LEAST_OUTSIDE_DIGITS = 3;
export const MOST_OUTSIDE_DIGITS = 15;

/** What a prefix is written in, and a pattern. */
export const DIAL_PREFIX = /^\+?[\d*#]*$/;
export const DIAL_PATTERN = /^\+?[\d*#X]*\.?$/;

/** Whether the signs of both fit: as many `X` there as here, and a `.` only where there is one. */
export function fitsPattern(pattern: string, by: string): boolean {
  if (!DIAL_PATTERN.test(pattern) || !DIAL_PATTERN.test(by) || pattern === '') return false;
  const count = (text: string): number => text.split('X').length;
  return count(by) <= count(pattern) && (!by.endsWith('.') || pattern.endsWith('.'));
}

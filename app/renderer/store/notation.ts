/**
 * Numbers, dates and lists as the person is used to them. To make a formatter takes a hundred times as long as to use it,
 * and a long list needs one for each of its rows: each is made once.
 */
import { notationOf } from '../../words/language.ts';

const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.ListFormat>();

function once<F extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.ListFormat>(
  kind: string,
  options: object,
  make: (notation: string | undefined) => F,
): F {
  const notation = notationOf();
  const key = `${kind} ${notation} ${JSON.stringify(options)}`;
  const known = made.get(key);
  // Of the same kind: the key begins with it.
  if (known !== undefined) return known as F;
  const formatter = make(notation);
  made.set(key, formatter);
  return formatter;
}

/** Somebody who travels takes the computer's clock along: a formatter keeps the zone in which it was made. */
export const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(`dates ${new Date().getTimezoneOffset()}`, options, (notation) => new Intl.DateTimeFormat(notation, options));

export const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  once('numbers', options, (notation) => new Intl.NumberFormat(notation, options));

export const lists = (options: Intl.ListFormatOptions): Intl.ListFormat =>
  once('lists', options, (notation) => new Intl.ListFormat(notation, options));

/**
 * Character classes and small scanners of RFC 3261 §25.1. All text here is a binary string: each character is one
 * byte (0 to 255), so that nothing is decoded on the way through.
 */

const TOKEN = 1;
const USER = 2;
const HOST = 4;
const URI_PARAM = 8;
const SPACE = 16;

const classes = new Uint8Array(256);
const mark = (chars: string, bits: number): void => {
  for (let i = 0; i < chars.length; i++) {
    const code = chars.charCodeAt(i);
    classes[code] = (classes[code] ?? 0) | bits;
  }
};
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
mark(LETTERS, TOKEN | USER | HOST);
mark('0123456789', TOKEN | USER | HOST);
mark("-.!%*_+`'~", TOKEN);
// user = unreserved / escaped / user-unreserved; "%" begins an escape, whose digits are checked by the caller.
mark("-_.!~*'()&=+$,;?/%", USER);
mark('-._', HOST);
// paramchar = param-unreserved / unreserved / escaped
mark(`${LETTERS}0123456789-_.!~*'()[]/:&+$%`, URI_PARAM);
mark(' \t\r\n', SPACE);

/** The index of the first character in `text[from, to)` that is not of the class, or `to`. */
const run = (text: string, bits: number, from: number, to: number): number => {
  let at = from;
  while (at < to && ((classes[text.charCodeAt(at)] ?? 0) & bits) !== 0) at++;
  return at;
};
const every = (text: string, bits: number, from: number, to: number): boolean =>
  from < to && run(text, bits, from, to) === to;

export const isToken = (text: string, from = 0, to = text.length): boolean => every(text, TOKEN, from, to);
/** The user part of a SIP URI, escapes included; `#` and others that must be escaped are refused. */
export const isUserPart = (text: string, from = 0, to = text.length): boolean =>
  every(text, USER, from, to) && escapesAreWhole(text, from, to);
export const isHostName = (text: string, from = 0, to = text.length): boolean => every(text, HOST, from, to);
/** Where the token that begins at `from` ends; `from` itself where none does. */
export const afterToken = (text: string, from: number, to = text.length): number => run(text, TOKEN, from, to);
/** Where the name or value of a URI parameter that begins at `from` ends. */
export const afterUriParam = (text: string, from: number, to: number): number => run(text, URI_PARAM, from, to);

export function escapesAreWhole(text: string, from = 0, to = text.length): boolean {
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) !== 37) continue;
    if (!/^[0-9a-fA-F]{2}$/.test(text.slice(at + 1, Math.min(at + 3, to)))) return false;
  }
  return true;
}

export const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10;

/** Whether there is any space or tab in `text[from, to)`. */
export const hasBlank = (text: string, from = 0, to = text.length): boolean =>
  !(isWithout(text, ' ', from, to) && isWithout(text, '\t', from, to));

/** The first index in `text[from, to)` that holds no linear white space, or `to`. */
export const skipSpace = (text: string, from: number, to = text.length): number => run(text, SPACE, from, to);

/** The index after the last character of `text[from, to)` that is no linear white space, or `from`. */
export function beforeSpace(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/** The index of the first `char` in `text[from, to)`, or `to`. */
export function indexWithin(text: string, char: string, from: number, to: number): number {
  const at = text.indexOf(char, from);
  return at < 0 || at > to ? to : at;
}

export const isWithout = (text: string, char: string, from: number, to: number): boolean =>
  indexWithin(text, char, from, to) === to;

/** Removes linear white space at both ends (SP, HTAB and what is left of folding). */
export function trim(text: string, from = 0, to = text.length): string {
  const start = skipSpace(text, from, to);
  const end = beforeSpace(text, start, to);
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** The index just after a quoted string that begins at `start`, or -1 where it never closes. */
export function afterQuoted(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i + 1;
  }
  return -1;
}

/** The text of a quoted string without its quotes and backslashes; other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== 34) return text;
  const inner = text.slice(1, text.endsWith('"') ? -1 : undefined);
  return inner.indexOf('\\') < 0 ? inner : inner.replace(/\\(.)/gs, '$1');
}

export const quote = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;

const NEEDS_ESCAPE = /["\\]/;

/**
 * The index of the first `separator` in `text[from, to)` that stands outside quotes and angle brackets; `to` where there
 * is none.
 */
export function findOutside(text: string, separator: number, from = 0, to = text.length): number {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === separator) return i;
    if (code === 34) {
      const end = afterQuoted(text, i);
      if (end < 0) return to;
      i = end - 1;
    } else if (code === 60) {
      const end = text.indexOf('>', i);
      if (end < 0) return to;
      i = end;
    }
  }
  return to;
}

/** Splits a header's value at commas outside quotes and angle brackets; empty elements are left out (RFC 3261 §7.3.1). */
export function splitList(text: string): string[] {
  if (text.indexOf(',') < 0) {
    const whole = trim(text);
    return whole === '' ? [] : [whole];
  }
  const values: string[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = findOutside(text, 44, from);
    const value = trim(text, from, end);
    if (value !== '') values.push(value);
    from = end + 1;
  }
  return values;
}

/** A decimal number of at most `max`, or undefined for anything else (signs, spaces, overflow). */
export function parseNumber(text: string, max: number, from = 0, to = text.length): number | undefined {
  if (to <= from || to - from > 16) return undefined;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = 10 * value + digit;
  }
  return value <= max ? value : undefined;
}

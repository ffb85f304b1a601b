/**
 * Character classes and small scanners of RFC 3261 §25.1. All text here is a binary string: each character is one
 * byte (0 to 255), so that nothing is decoded on the way through.
 */

const TOKEN = 1;
const USER = 2;
const HOST = 4;
const DIGIT = 8;

const classes = new Uint8Array(256);
const mark = (chars: string, bits: number): void => {
  for (let i = 0; i < chars.length; i++) {
    const code = chars.charCodeAt(i);
    classes[code] = (classes[code] ?? 0) | bits;
  }
};
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
mark(LETTERS, TOKEN | USER | HOST);
mark('0123456789', TOKEN | USER | HOST | DIGIT);
mark("-.!%*_+`'~", TOKEN);
// user = unreserved / escaped / user-unreserved; "%" begins an escape, whose digits are checked by the caller.
mark("-_.!~*'()&=+$,;?/%", USER);
mark('-._', HOST);

const every = (text: string, bits: number): boolean => {
  for (let i = 0; i < text.length; i++) if (((classes[text.charCodeAt(i)] ?? 0) & bits) === 0) return false;
  return text.length > 0;
};

export const isToken = (text: string): boolean => every(text, TOKEN);
export const isDigits = (text: string): boolean => every(text, DIGIT);
/** The user part of a SIP URI, escapes included; `#` and others that must be escaped are refused. */
export const isUserPart = (text: string): boolean => every(text, USER) && escapesAreWhole(text);
export const isHostName = (text: string): boolean => every(text, HOST);

export function escapesAreWhole(text: string): boolean {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    if (!/^[0-9a-fA-F]{2}/.test(text.slice(at + 1, at + 3))) return false;
  }
  return true;
}

export const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10;

/** Removes linear white space at both ends (SP, HTAB and what is left of folding). */
export function trim(text: string, from = 0, to = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
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
  return text.slice(1, text.endsWith('"') ? -1 : undefined).replace(/\\(.)/gs, '$1');
}

export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/**
 * The index of the first `separator` at or after `from` that stands outside quotes and angle brackets;
 * `text.length` where there is none.
 */
export function findOutside(text: string, separator: number, from = 0): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === separator) return i;
    if (code === 34) {
      const end = afterQuoted(text, i);
      if (end < 0) return text.length;
      i = end - 1;
    } else if (code === 60) {
      const end = text.indexOf('>', i);
      if (end < 0) return text.length;
      i = end;
    }
  }
  return text.length;
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
export function parseNumber(text: string, max: number): number | undefined {
  if (text.length > 16 || !isDigits(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

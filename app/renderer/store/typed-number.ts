/** What was typed, pasted or dropped as a number or an address, without what does not belong to it. */

/** What people put between digits: spaces, also narrow ones, dots, dashes, slashes and brackets. */
const SEPARATORS = /[\s\u00a0\u202f./()\u2010-\u2015\u2212-]/g;
const NUMBER = /^\+?[\d*#]+$/;
const SCHEME = /^(?:tel|callto|sips?|phone):(?:\/\/)?/i;
/** More is no number, name or address. */
const MAX_PASTED = 512;

/** The number in `text` as it is dialled; undefined where it is none. */
export function numberIn(text: string): string | undefined {
  const bare = visible(text).replace(/^(?:tel|callto):/i, '');
  // +44 (0)20: the zero is for those at home.
  const number = bare.replace(/^(\s*\+[\d\s]*)\(0\)/, '$1').replace(SEPARATORS, '');
  return NUMBER.test(number) ? number : undefined;
}

export const isAddress = (text: string): boolean => /^sips?:/i.test(text) || text.includes('@');

/**
 * What a person meant by a text from elsewhere: a link, a number out of a letter or a table. Names stay as they are.
 * `sips:` stays too, since it asks for a protected way.
 */
export function cleaned(text: string): string {
  const line = visible(text.slice(0, MAX_PASTED))
    .replace(/\s+/g, ' ')
    .replace(/^[<"'„“]+|[>"'“”,;]+$/g, '');
  const scheme = SCHEME.exec(line)?.[0] ?? '';
  const rest = line.slice(scheme.length);
  if (/^sips:/i.test(scheme)) return rest === '' ? '' : `sips:${rest}`;
  const meant = scheme === '' || /^sip:/i.test(scheme) ? rest : decoded(rest).replace(/[;?].*$/s, '');
  return numberIn(meant) ?? meant;
}

/** Without signs that nobody sees, and with the digits of all scripts as ours. */
function visible(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.trim();
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/(?!\d)\p{Nd}/gu, (digit) => String(worth(digit)))
    .trim();
}

/** Digits of a script stand together, from its zero on. */
function worth(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

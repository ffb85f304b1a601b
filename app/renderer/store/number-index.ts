/**
 * Finds what belongs to a number in whatever notation it is written. Numbers are filed by their last digits, which costs
 * next to nothing, and only those filed together are compared in full: ten thousand are no trouble.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Shorter ones are internal: they are the same only as a whole, never as the end of a long one. */
const TAIL = 7;
/** Longest of ITU-T E.164 with a prefix for going abroad; what is longer is no telephone number. */
const MAX_DIGITS = 20;
/** What people put between digits. */
const SEPARATORS = /[\s\u00a0\u202f./()\u2010-\u2015-]/g;
const BARE = /^\+?[\d*#]+$/;
/** Surely a number, as people write one. */
const WRITTEN = /^\+?\d[\d \u00a0()\u2010-\u2015-]*$/;
const SCHEME = /^(?:sips?|tel|callto):/i;

export interface NumberIndex<T> {
  /** All to whom that number or address belongs, in the order in which they were given. */
  find(number: string): readonly T[];
}

interface Filed<T> {
  readonly number: string;
  readonly value: T;
}

/** @param country in which numbers without a country code are, such as `CZ`; undefined where nobody knows */
export function createNumberIndex<T>(
  entries: Iterable<readonly [number: string, value: T]>,
  country: string | undefined,
): NumberIndex<T> {
  // Nearly every number is the only one of its file.
  const files = new Map<string, Filed<T> | Filed<T>[]>();
  for (const [written, value] of entries) {
    const number = bare(written);
    const key = keyOf(number);
    if (key === '') continue;
    const file = files.get(key);
    if (file === undefined) files.set(key, { number, value });
    else if (Array.isArray(file)) file.push({ number, value });
    else files.set(key, [file, { number, value }]);
  }
  return {
    find(written) {
      const number = bare(written);
      const file = [files.get(keyOf(number)) ?? []].flat();
      return file.filter((one) => isSame(one.number, number, country)).map(({ value }) => value);
    },
  };
}

/** An index over a list, made anew only when the list is another one, and only when somebody asks. */
export function indexed<T>(numbersOf: (item: T) => readonly string[]) {
  let made:
    | { readonly list: readonly T[]; readonly country: string | undefined; readonly index: NumberIndex<T> }
    | undefined;
  return (list: readonly T[], country: string | undefined): NumberIndex<T> => {
    if (made?.list !== list || made.country !== country) {
      made = { list, country, index: createNumberIndex(eachNumber(list, numbersOf), country) };
    }
    return made.index;
  };
}

function* eachNumber<T>(list: readonly T[], numbersOf: (item: T) => readonly string[]) {
  for (const item of list) for (const number of numbersOf(item)) yield [number, item] as const;
}

/** Whether both are the same number or address. */
export function isSameNumber(a: string, b: string, country: string | undefined): boolean {
  const [one, other] = [bare(a), bare(b)];
  return keyOf(one) === keyOf(other) && isSame(one, other, country);
}

/** Whether it is a number that means something only where it was given out. */
export const isShortNumber = (number: string): boolean => /^[\d*#]{1,6}$/.test(bare(number));

/** An address in small letters without scheme and parameters, or a number without what people put between digits. */
function bare(written: string): string {
  if (BARE.test(written)) return written;
  if (WRITTEN.test(written)) return written.replace(SEPARATORS, '');
  const text = written
    .trim()
    .replace(SCHEME, '')
    .replace(/[;?].*$/s, '')
    .toLowerCase();
  if (text.includes('@')) return text;
  const digits = text.replace(SEPARATORS, '');
  return BARE.test(digits) ? digits : text;
}

function keyOf(number: string): string {
  if (!/^\+?\d+$/.test(number)) return number;
  const digits = number.replace('+', '');
  return digits.length < TAIL || digits.length > MAX_DIGITS ? digits : digits.slice(-TAIL);
}

function isSame(a: string, b: string, country: string | undefined): boolean {
  if (a === b) return true;
  const [one, other] = [international(a, country), international(b, country)];
  return one !== undefined && one === other;
}

/** As E.164; undefined where that cannot be told. */
function international(number: string, country: string | undefined): string | undefined {
  if (!/^\+?\d+$/.test(number) || number.length < TAIL) return undefined;
  const abroad = number.startsWith('00') ? `+${number.slice(2)}` : number;
  const read =
    parsePhoneNumberFromString(number, country as CountryCode | undefined) ?? parsePhoneNumberFromString(abroad);
  if (read?.isPossible()) return read.number;
  return abroad.startsWith('+') ? abroad : undefined;
}

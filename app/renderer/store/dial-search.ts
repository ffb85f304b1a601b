/**
 * Finds whom the field may mean, from the first letter on: by the beginnings of words, accents or not, and by any digits
 * that stand in a row, in any national notation. Everybody is filed by the beginnings of his words and by each three
 * digits of his numbers, so that a key press looks at a few, not at all.
 */
import { callingCodeOf, trunkPrefixOf } from './country.ts';
import { plain } from './plain.ts';
import { numberIn } from './typed-number.ts';
import type { NumberKind } from './types.ts';

/** One number of somebody. */
export interface DialEntry {
  /** The same for all numbers of one person. */
  readonly person: string;
  readonly name: string;
  /** Said after the name, such as a company. */
  readonly detail: string;
  /** As it is written there: a number or an address. */
  readonly number: string;
  /** What finds him besides. */
  readonly words?: string;
  /** Which of his numbers it is. */
  readonly kind?: NumberKind;
  /** By which he is called where no account was chosen. */
  readonly accountId?: string;
}

export interface DialIndex {
  /** Adds whom it finds, in the order in which they were given. */
  search(typed: string, found: DialFindings): void;
  /** Files some of those who are not filed yet, which the first search would have to do. Gives whether all are. */
  file(mayGoOn: () => boolean): boolean;
}

/** Whom several indexes find together: each number once. */
export class DialFindings {
  readonly entries: DialEntry[] = [];
  readonly #numbers = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.entries.length >= this.#most;
  }

  /** @param number the same for all notations */
  take(entry: DialEntry, number: string): void {
    if (this.#numbers.has(number)) return;
    this.#numbers.add(number);
    this.entries.push(entry);
  }
}

interface Filed {
  readonly entry: DialEntry;
  /** Folded, each word behind a space. */
  readonly words: string;
  /** As `international`. */
  readonly digits: string;
}

const BEGINNING = 3;
const WINDOW = 3;
/** Shorter ones are of the house: they mean the same only as a whole. */
const WHOLE_NUMBER = 7;
/** So many are filed between two looks at the clock. */
const AT_ONCE = 100;

/** @param country in which numbers without a country code are */
export function createDialIndex(entries: readonly DialEntry[], country: string | undefined): DialIndex {
  const filed: Filed[] = [];
  const byWord = new Map<string, number[]>();
  /** By the number that `keyOf` makes of up to three digits. */
  const byDigits = new Map<number, number[]>();
  const home = { code: callingCodeOf(country), trunk: trunkPrefixOf(country) };
  // Several numbers of somebody follow each other.
  let last = { person: '', name: '', detail: '', words: '' };

  const fileOne = (entry: DialEntry): void => {
    const { person, name, detail, number } = entry;
    if (person !== last.person || name !== last.name || detail !== last.detail || entry.words !== undefined) {
      last = { person, name, detail, words: plain(`${name} ${detail} ${entry.words ?? ''}`) };
    }
    const words = ` ${last.words} ${plain(number)}`;
    const bare = numberIn(number) ?? '';
    const digits = international(bare, home);
    const at = filed.push({ entry, words, digits }) - 1;
    for (let space = 0; space >= 0; space = words.indexOf(' ', space + 1)) {
      for (let end = space + 2; end <= space + 1 + BEGINNING && end <= words.length; end += 1) {
        if (words[end - 1] === ' ') break;
        fileIn(listIn(byWord, words.slice(space + 1, end)), at);
      }
    }
    // Fewer digits than a window are looked for at the beginning only.
    const start = bare.replace('+', '');
    for (let length = 1; length < WINDOW && length <= start.length; length += 1)
      fileIn(listIn(byDigits, keyOf(start, 0, length)), at);
    for (let from = 0; from + WINDOW <= digits.length; from += 1)
      fileIn(listIn(byDigits, keyOf(digits, from, WINDOW)), at);
  };

  const file = (mayGoOn: () => boolean): boolean => {
    for (let next = entries[filed.length]; next !== undefined; next = entries[filed.length]) {
      fileOne(next);
      if (filed.length % AT_ONCE === 0 && !mayGoOn()) break;
    }
    return filed.length === entries.length;
  };

  const named = (parts: readonly string[]): readonly number[] => {
    const places = parts.map((part) => byWord.get(part.slice(0, BEGINNING)) ?? []);
    return places.reduce((least, list) => (list.length < least.length ? list : least), places[0] ?? []);
  };
  const numbered = (digits: string): readonly number[] => {
    if (digits.length < WINDOW) return byDigits.get(keyOf(digits, 0, digits.length)) ?? [];
    let fewest: readonly number[] | undefined;
    for (let from = 0; from + WINDOW <= digits.length; from += 1) {
      const list = byDigits.get(keyOf(digits, from, WINDOW)) ?? [];
      if (fewest === undefined || list.length < fewest.length) fewest = list;
    }
    return fewest ?? [];
  };

  return {
    file,
    search(typed, found) {
      file(() => true);
      const take = (places: readonly number[], isIt: (one: Filed) => boolean): void => {
        for (const place of places) {
          if (found.isFull) return;
          const one = filed[place];
          if (one !== undefined && isIt(one)) found.take(one.entry, one.digits || one.entry.number.toLowerCase());
        }
      };
      for (const digits of notations(typed, country)) {
        const isShort = digits.length < WINDOW;
        take(numbered(digits), (one) => isShort || one.digits.includes(digits));
      }
      const parts = plain(typed).split(/\s+/).filter(Boolean);
      take(named(parts), ({ words }) => parts.every((part) => words.includes(` ${part}`)));
    },
  };
}

function listIn<Key>(files: Map<Key, number[]>, key: Key): number[] {
  const known = files.get(key);
  if (known !== undefined) return known;
  const made: number[] = [];
  files.set(key, made);
  return made;
}

function fileIn(list: number[], at: number): void {
  // A word may begin as another one of the same name does.
  if (list[list.length - 1] !== at) list.push(at);
}

const SIGNS = '0123456789*#';

/** Of up to three digits or signs of a keypad, a number of its own for each. */
function keyOf(digits: string, from: number, count: number): number {
  let key = 0;
  for (let at = from; at < from + count; at += 1) key = key * (SIGNS.length + 1) + SIGNS.indexOf(digits[at] ?? '') + 1;
  return key;
}

interface Home {
  readonly code: string | undefined;
  readonly trunk: string;
}

/** With its country code where that is known, digits only. @param bare as `numberIn` gives it; empty of what is no number */
function international(bare: string, { code, trunk }: Home): string {
  if (bare.startsWith('+')) return bare.slice(1);
  if (bare.startsWith('00')) return bare.slice(2);
  if (bare.length < WHOLE_NUMBER || code === undefined) return bare;
  return code + withoutTrunk(bare, trunk);
}

function withoutTrunk(digits: string, trunk: string): string {
  return trunk !== '' && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits;
}

/** What was typed of a number, in each way in which its beginning may have been meant; none where it is no number. */
function notations(typed: string, country: string | undefined): readonly string[] {
  const bare = numberIn(typed);
  if (bare === undefined) return [];
  if (bare.startsWith('+')) return bare.length > 1 ? [bare.slice(1)] : [];
  const others = [
    bare.startsWith('00') ? bare.slice(2) : '',
    withoutTrunk(bare, trunkPrefixOf(country)),
    bare.replace(/^0/, ''),
  ];
  return [...new Set([bare, ...others])].filter((digits) => digits !== '');
}

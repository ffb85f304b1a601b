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

/** @param country in which numbers without a country code are */
export function createDialIndex(entries: readonly DialEntry[], country: string | undefined): DialIndex {
  const filed: Filed[] = [];
  const byWord = new Map<string, number[]>();
  const byDigits = new Map<string, number[]>();
  for (const entry of entries) {
    const words = ` ${plain([entry.name, entry.detail, entry.words ?? '', entry.number].join(' '))}`;
    const digits = international(entry.number, country);
    const at = filed.push({ entry, words, digits }) - 1;
    for (const word of words.split(/\s+/)) {
      for (let length = 1; length <= Math.min(BEGINNING, word.length); length += 1)
        file(byWord, word.slice(0, length), at);
    }
    // Fewer digits than a window are looked for at the beginning only.
    const bare = numberIn(entry.number)?.replace('+', '') ?? '';
    for (let length = 1; length < WINDOW; length += 1)
      if (bare.length >= length) file(byDigits, bare.slice(0, length), at);
    for (let from = 0; from + WINDOW <= digits.length; from += 1) file(byDigits, digits.slice(from, from + WINDOW), at);
  }

  const named = (parts: readonly string[]): readonly number[] => {
    const places = parts.map((part) => byWord.get(part.slice(0, BEGINNING)) ?? []);
    return places.reduce((least, list) => (list.length < least.length ? list : least), places[0] ?? []);
  };
  const numbered = (digits: string): readonly number[] => {
    if (digits.length < WINDOW) return byDigits.get(digits) ?? [];
    let fewest: readonly number[] | undefined;
    for (let from = 0; from + WINDOW <= digits.length; from += 1) {
      const list = byDigits.get(digits.slice(from, from + WINDOW)) ?? [];
      if (fewest === undefined || list.length < fewest.length) fewest = list;
    }
    return fewest ?? [];
  };

  return {
    search(typed, found) {
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

function file(files: Map<string, number[]>, key: string, at: number): void {
  const list = files.get(key);
  if (list === undefined) files.set(key, [at]);
  // A word may begin as another one of the same name does.
  else if (list[list.length - 1] !== at) list.push(at);
}

/** With its country code where that is known, digits only; empty of what is no number. */
function international(number: string, country: string | undefined): string {
  const bare = numberIn(number);
  if (bare === undefined) return '';
  if (bare.startsWith('+')) return bare.slice(1);
  if (bare.startsWith('00')) return bare.slice(2);
  const code = callingCodeOf(country);
  if (bare.length < WHOLE_NUMBER || code === undefined) return bare;
  return code + withoutTrunk(bare, country);
}

function withoutTrunk(digits: string, country: string | undefined): string {
  const trunk = trunkPrefixOf(country);
  return trunk !== '' && digits.startsWith(trunk) ? digits.slice(trunk.length) : digits;
}

/** What was typed of a number, in each way in which its beginning may have been meant; none where it is no number. */
function notations(typed: string, country: string | undefined): readonly string[] {
  const bare = numberIn(typed);
  if (bare === undefined) return [];
  if (bare.startsWith('+')) return bare.length > 1 ? [bare.slice(1)] : [];
  const others = [bare.startsWith('00') ? bare.slice(2) : '', withoutTrunk(bare, country), bare.replace(/^0/, '')];
  return [...new Set([bare, ...others])].filter((digits) => digits !== '');
}

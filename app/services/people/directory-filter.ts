/** What a directory is asked: filters for what was typed and for numbers (RFC 4515), and which fields say what. */
import type { NumberKind } from '../../shared/contact.ts';
import type { DirectorySettings } from '../../shared/directories.ts';

/** Words beyond these narrow nothing down. */
const MAX_WORDS = 4;
/** So many of the last digits tell a number apart, whatever stands before them. */
const TELLING = 9;
/** Longer than any number of ITU-T E.164 with a prefix for going abroad. */
const MAX_DIGITS = 20;

const NAMES = ['displayName', 'cn', 'sn', 'givenName', 'uid', 'mail', 'o', 'company', 'ou', 'department'] as const;

const NUMBERS: Readonly<Record<string, NumberKind>> = {
  ...{ telephoneNumber: 'work', ipPhone: 'work', mobile: 'mobile', homePhone: 'home', pager: 'other' },
  facsimileTelephoneNumber: 'fax',
};

/** Fields that hold numbers, with what kind they are. */
export function numberFields({
  numbers,
}: Pick<DirectorySettings, 'numbers'>): readonly (readonly [string, NumberKind])[] {
  const named = numbers.split(/[\s,;]+/).filter((name) => /^[a-z][\w-]{0,60}$/i.test(name));
  if (named.length === 0) return Object.entries(NUMBERS);
  const known = new Map(Object.entries(NUMBERS).map(([name, kind]) => [name.toLowerCase(), kind]));
  return named.slice(0, 12).map((name) => [name, known.get(name.toLowerCase()) ?? 'work']);
}

export const fieldsWanted = (settings: Pick<DirectorySettings, 'numbers'>): string[] => [
  ...NAMES,
  ...numberFields(settings).map(([name]) => name),
];

/** A value within a filter: nothing in it means anything (RFC 4515 §3). */
export const escapedValue = (text: string): string =>
  text.replace(/[\\*()\0]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** For what was typed; undefined where that is nothing. */
export function searchFilter(
  settings: Pick<DirectorySettings, 'kind' | 'filter' | 'numbers'>,
  typed: string,
): string | undefined {
  const words = typed.trim().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) return undefined;
  if (settings.kind === 'own') return settings.filter.replaceAll('{}', escapedValue(typed.trim()));
  const digits = typed.replace(/\D/g, '');
  const isNumber = digits !== '' && /^[\s+\d*#./()-]+$/.test(typed);
  if (isNumber)
    return people(settings.kind, anyOf(numberFields(settings).map(([name]) => holds(name, digits.replace(/^0+/, '')))));
  // Active Directory knows itself by what people are found (ambiguous name resolution).
  const found =
    settings.kind === 'active-directory'
      ? words.map((word) => anyOf([`(anr=${escapedValue(word)})`, `(displayName=*${escapedValue(word)}*)`]))
      : words.map((word) => anyOf(namesWith(escapedValue(word))));
  return people(settings.kind, allOf(found));
}

/** `~=` finds names without their accents where the server can, and others that sound like them. */
const namesWith = (word: string): string[] => [
  ...['cn', 'displayName', 'mail', 'o'].map((name) => `(${name}=*${word}*)`),
  ...['sn', 'givenName', 'uid'].map((name) => `(${name}=${word}*)`),
  ...(/^\p{L}{3,}$/u.test(word) ? [`(cn~=${word})`] : []),
];

/** Whether somebody is one of those who were looked for by `searchFilter`: a server may find more. */
export function isLookedFor(
  { kind }: Pick<DirectorySettings, 'kind'>,
  typed: string,
  words: readonly string[],
): boolean {
  if (kind !== 'standard') return true;
  const [all, digits] = [folded(words.join('\n')), words.map((word) => word.replace(/\D/g, '')).join('\n')];
  const wanted = /^[\s+\d*#./()-]+$/.test(typed) ? typed.replace(/\D/g, '').replace(/^0+/, '') : '';
  if (wanted !== '' && digits.includes(wanted)) return true;
  return folded(typed)
    .split(/\s+/)
    .every((word) => all.includes(word));
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim();

/** For whoever may have that number, however it is written there: whoever asks compares what comes. */
export function numberFilter(
  settings: Pick<DirectorySettings, 'kind' | 'numbers'>,
  number: string,
): string | undefined {
  const digits = number.replace(/\D/g, '').slice(-MAX_DIGITS);
  if (digits === '' || /[a-z@]/i.test(number)) return undefined;
  const telling = digits.length > TELLING ? digits.slice(-TELLING) : digits.replace(/^0/, '') || digits;
  const isShort = digits.length < 7;
  const fields = numberFields(settings).map(([name]) => (isShort ? `(${name}=${digits})` : ends(name, telling)));
  return people(settings.kind, anyOf(fields));
}

/** Whatever stands between the digits. */
const ends = (name: string, digits: string): string => `(${name}=*${digits.split('').join('*')})`;
const holds = (name: string, digits: string): string => `(${name}=*${digits.split('').join('*')}*)`;

const people = (kind: DirectorySettings['kind'], filter: string): string =>
  kind === 'active-directory'
    ? `(&(|(objectClass=user)(objectClass=contact))(!(userAccountControl:1.2.840.113556.1.4.803:=2))${filter})`
    : `(&(objectClass=person)${filter})`;

const anyOf = (filters: readonly string[]): string => `(|${filters.join('')})`;
const allOf = (filters: readonly string[]): string =>
  filters.length === 1 ? (filters[0] ?? '') : `(&${filters.join('')})`;

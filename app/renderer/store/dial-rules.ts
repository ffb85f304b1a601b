/** What an account makes of a number before it calls it: its rules one after another, as a pure function. */
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Dialling, DialRule } from '../../shared/dialling.ts';
import { isKnown } from './country.ts';
import { isEmergency } from './emergency.ts';

export interface Dialled {
  /** As it is sent. */
  readonly number: string;
  /** What was put before the number, where that is all that was done to it. */
  readonly prefix: string | undefined;
  /** Nothing was done to it. */
  readonly asIs: boolean;
}

/** What people know as dialled first; anything longer is part of the number for them. */
const OUTSIDE_LINE = /^[\d*#]{1,3}$/;
/** Shorter numbers are of the house. */
const WHOLE_NUMBER = 7;

/**
 * @param number digits, `*`, `#` and a plus at the beginning, without anything between them
 * @param country of the account, such as `CZ`; undefined where nobody knows
 */
export function dialled(number: string, { rules }: Pick<Dialling, 'rules'>, country: string | undefined): Dialled {
  const same: Dialled = { number, prefix: undefined, asIs: true };
  if (rules.length === 0 || isForHelp(number, rules, country)) return same;
  let made = number;
  for (const rule of rules) made = applied(rule, made, country);
  // A rule never leaves nothing to call, and never makes a call for help of another one.
  if (made === '' || made === '+' || made === number || isEmergency(made, country)) return same;
  const forms = [number, inForm(number, 'home', country), inForm(number, 'abroad', country)];
  const rest = forms.find((form) => made.length > form.length && made.endsWith(form));
  const first = rest === undefined ? '' : made.slice(0, -rest.length);
  return { number: made, prefix: OUTSIDE_LINE.test(first) ? first : undefined, asIs: false };
}

function isForHelp(number: string, rules: readonly DialRule[], country: string | undefined): boolean {
  if (isEmergency(number, country)) return true;
  return rules.some(
    (rule) =>
      rule.kind === 'outside' &&
      rule.prefix !== '' &&
      number.startsWith(rule.prefix) &&
      isEmergency(number.slice(rule.prefix.length), country),
  );
}

function applied(rule: DialRule, number: string, country: string | undefined): string {
  switch (rule.kind) {
    case 'outside':
      return isOutside(number, rule.digits) ? rule.prefix + asAtHome(number, country) : number;
    case 'form':
      return inForm(number, rule.form, country);
    case 'replace':
      return rule.prefix !== '' && number.startsWith(rule.prefix) ? rule.by + number.slice(rule.prefix.length) : number;
    case 'pattern':
      return byPattern(number, rule.pattern, rule.by);
  }
}

const isOutside = (number: string, digits: number): boolean =>
  /^\+?\d+$/.test(number) && (number.startsWith('+') || number.length >= digits);

/** Nobody dials a plus behind a prefix: the number as one would dial it on an old telephone there. */
function asAtHome(number: string, country: string | undefined): string {
  if (!number.startsWith('+')) return number;
  const home = inForm(number, 'home', country);
  if (home !== number) return home;
  const abroad = inForm(number, 'abroad', country);
  return abroad === number ? `00${number.slice(1)}` : abroad;
}

function inForm(
  number: string,
  form: Extract<DialRule, { kind: 'form' }>['form'],
  country: string | undefined,
): string {
  const read = wholeNumber(number, country);
  if (read === undefined) return number;
  if (form === 'plus') return read.number;
  if (!isKnown(country)) return number;
  const isOwn = read.countryCallingCode === getCountryCallingCode(country);
  if (form === 'home') return isOwn ? plainDigits(read.formatNational()) : number;
  const prefix = abroadPrefix(country);
  return prefix === undefined ? number : prefix + read.number.slice(1);
}

/** Of a number that is whole and possible; undefined of what is not, such as an internal one. */
export function wholeNumber(number: string, country: string | undefined) {
  if (!/^\+?\d+$/.test(number) || number.length < WHOLE_NUMBER) return undefined;
  const abroad = number.startsWith('00') ? `+${number.slice(2)}` : number;
  const read = parsePhoneNumberFromString(abroad, isKnown(country) ? country : undefined);
  return read?.isPossible() ? read : undefined;
}

/** As people write it, such as `+420 221 555 014`; as it is where it is no whole number of a known country. */
export const readable = (number: string, country: string | undefined): string =>
  wholeNumber(number, country)?.formatInternational() ?? number;

const plainDigits = (text: string): string => text.replace(/[^\d*#+]/g, '');

/** A number of another country, to ask how abroad is dialled from somewhere. */
const ELSEWHERE = ['+33123456789', '+4930123456'];

function abroadPrefix(from: CountryCode): string | undefined {
  const code = getCountryCallingCode(from);
  const other = ELSEWHERE.map((number) => parsePhoneNumberFromString(number)).find(
    (read) => read !== undefined && read.countryCallingCode !== code,
  );
  if (other === undefined) return undefined;
  const written = plainDigits(other.format('IDD', { fromCountry: from }));
  const digits = other.number.slice(1);
  return written.endsWith(digits) && !written.startsWith('+') ? written.slice(0, -digits.length) : undefined;
}

function byPattern(number: string, pattern: string, by: string): string {
  const open = pattern.endsWith('.');
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? number.length <= fixed.length : number.length !== fixed.length) return number;
  const found: string[] = [];
  for (const [at, sign] of [...fixed].entries()) {
    const digit = number[at] ?? '';
    if (sign === 'X' ? !/\d/.test(digit) : sign !== digit) return number;
    if (sign === 'X') found.push(digit);
  }
  // The last ones of what was found are kept, so that `by` may leave out the first.
  const wanted = by.split('X').length - 1;
  const kept = found.slice(found.length - wanted);
  const written = by.replace(/\.$/, '').replace(/X/g, () => kept.shift() ?? '');
  return by.endsWith('.') ? written + number.slice(fixed.length) : written;
}

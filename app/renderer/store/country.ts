/** The country in which numbers without a country code are, and what is dialled there. */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
} from 'libphonenumber-js/min';
import { notationOf } from '../../words/language.ts';
import type { Account } from './types.ts';

/** That of an account; as the system says where it names none. */
export const countryOf = (account: Pick<Account, 'dialling'> | undefined): string | undefined =>
  account?.dialling?.country || systemCountry();

/** All that have a calling code, by name in the language of the window. */
export function allCountries(): readonly (readonly [code: string, name: string])[] {
  const names = new Intl.DisplayNames(notationOf(), { type: 'region' });
  const { compare } = new Intl.Collator(notationOf());
  return getCountries()
    .map((code) => [code as string, names.of(code) ?? code] as const)
    .sort(([, a], [, b]) => compare(a, b));
}

/** Such as `420`; undefined where nobody knows. */
export const callingCodeOf = (country: string | undefined): string | undefined =>
  isKnown(country) ? getCountryCallingCode(country) : undefined;

/** What stands before numbers of one's own country at home, such as `0`; empty where there is nothing. */
export function trunkPrefixOf(country: string | undefined): string {
  if (!isKnown(country)) return '';
  const known = trunks.get(country);
  if (known !== undefined) return known;
  const metadata = new Metadata() as Metadata & NationalPrefixes;
  metadata.selectNumberingPlan(country);
  const prefix = metadata.numberingPlan?.nationalPrefix() ?? '';
  trunks.set(country, prefix);
  return prefix;
}

/** What the types of the library leave out. */
interface NationalPrefixes {
  readonly numberingPlan?: { nationalPrefix(): string | undefined };
}

const trunks = new Map<string, string>();

export const isKnown = (country: string | undefined): country is CountryCode =>
  country !== undefined && isSupportedCountry(country);

/** As the system says, such as `CZ`; undefined where it names no region and its language is spoken in several. */
export function systemCountry(languages: readonly string[] = navigator.languages): string | undefined {
  for (const language of languages) {
    try {
      const { region } = new Intl.Locale(language);
      if (region !== undefined) return region;
    } catch {
      // No language tag of this world.
    }
  }
  const [first] = languages;
  return first === undefined ? undefined : likelyRegion(first);
}

function likelyRegion(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().region;
  } catch {
    return undefined;
  }
}

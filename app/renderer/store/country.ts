/** The country in which numbers without a country code are. */

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

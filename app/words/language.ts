/** The language that this process speaks with people. English is there from the start; another one is loaded when asked for. */
import { setupI18n } from '@lingui/core';
import { LANGUAGES, type Language } from '../shared/language.ts';

/** Each in its own words, so that whoever cannot read the present one finds his. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ru: 'Русский', cs: 'Čeština' };

/** What the macros of lingui speak through. */
export const i18n = setupI18n({ locale: 'en', messages: { en: {} } });

type Said = readonly (readonly [english: string, id: string])[];
let said: Said = [];
let notation: string | undefined;
/** How often a language was asked for: of several choices the last one holds, whichever is loaded first. */
let asked = 0;

/** The sentences that may come in English from elsewhere; none where English is spoken. */
export const saidInEnglish = (): Said => said;

/** How numbers and times are written (BCP 47); undefined as the system does. */
export const notationOf = (): string | undefined => notation;

const catalogs = {
  en: () => import('./en.po'),
  ru: () => import('./ru.po'),
  cs: () => import('./cs.po'),
};

/** The chosen language, or that of the system, where it is one of ours. */
export function languageFor(chosen: Language | undefined, system: string): Language {
  return chosen ?? LANGUAGES.find((language) => language === languagePart(system)) ?? 'en';
}

/**
 * Speaks another language from now on; who draws hears of it by `i18n.on('change')`.
 * @param system the locale of the system (BCP 47): numbers are written as in its country where the language is the same
 */
export async function speak(language: Language, system: string): Promise<void> {
  asked += 1;
  const mine = asked;
  const loaded = await catalogs[language]();
  if (mine !== asked) return;
  said = language === 'en' ? [] : loaded.said;
  notation = languagePart(system) === language ? system : language;
  i18n.loadAndActivate({ locale: language, locales: notation, messages: loaded.messages });
}

const languagePart = (locale: string): string => locale.split(/[-_]/)[0]?.toLowerCase() ?? '';

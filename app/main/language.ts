/** The language of a profile: that of the system, or another one that the person chose. */
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';
import { LANGUAGES, type Language, type LanguageChoice } from '../shared/language.ts';
import { languageFor, speak } from '../words/language.ts';
import { FileNotWritten } from './atomic-file.ts';
import type { ProfileStore } from './profile-store.ts';

const shape = v.object({ chosen: v.nullable(v.picklist(LANGUAGES)) });

export interface LanguageSetting {
  readonly choice: LanguageChoice;
  /** From the page: anything at all. */
  set(args: unknown): Promise<Outcome>;
}

/** @param system as Electron's `app.getLocale` gives it */
export async function openLanguage(profile: ProfileStore, system: string): Promise<LanguageSetting> {
  // The boxes of this process are in the same language as the page.
  const follow = () => speak(languageFor(profile.data.language, system), system);
  await follow();
  return {
    get choice() {
      return { chosen: profile.data.language ?? null, system };
    },
    async set(args) {
      const { chosen } = v.parse(shape, args);
      try {
        await profile.change(({ language: _, ...data }) => ({ ...data, ...chosenAs(chosen) }));
      } catch (error) {
        if (!(error instanceof FileNotWritten)) throw error;
        return { ok: false, reason: error.message };
      }
      await follow();
      return { ok: true, value: undefined };
    },
  };
}

const chosenAs = (language: Language | null) => (language === null ? {} : { language });

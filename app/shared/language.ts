/** The languages of the window, and what is known of the person's choice. */

export const LANGUAGES = ['en', 'ru', 'cs'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface LanguageChoice {
  /** Null: as the system. */
  readonly chosen: Language | null;
  /** The locale of the system (BCP 47), whether or not it is one of ours. */
  readonly system: string;
}

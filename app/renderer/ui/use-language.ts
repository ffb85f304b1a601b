/** Has a component drawn again when another language is chosen. `App` asks for all of them; a memoised row for itself. */
import { useSyncExternalStore } from 'react';
import { i18n } from '../../words/language.ts';

export const useLanguage = (): string =>
  useSyncExternalStore(
    (changed) => i18n.on('change', changed),
    () => i18n.locale,
  );

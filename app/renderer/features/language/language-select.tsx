/** The language of the window. Each is named in its own words, so that a wrong choice is easily taken back. */
import { t } from '@lingui/core/macro';
import { languageNames } from '../../../words/language.ts';
import { useLanguageChoice, useStores } from '../../store/context.tsx';
import { LANGUAGES, type Language } from '../../store/types.ts';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';

const SYSTEM = 'system';

export function LanguageSelect() {
  const { language } = useStores();
  const chosen = useLanguageChoice((state) => state.chosen);
  const problem = useLanguageChoice((state) => state.problem);
  const choices: (readonly [Language | typeof SYSTEM, string])[] = [
    [SYSTEM, t`As this computer`],
    ...LANGUAGES.map((one) => [one, languageNames[one]] as const),
  ];
  return (
    <>
      <Select
        label={t`Language`}
        value={chosen ?? SYSTEM}
        choices={choices}
        onChange={(value) => void language.getState().choose(value === SYSTEM ? null : value)}
      />
      <Problem>{problem}</Problem>
    </>
  );
}

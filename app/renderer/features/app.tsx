/** The window: the stores and the language, handed down, and the frame around the pages. */
import { I18nProvider } from '@lingui/react';
import { i18n } from '../../words/language.ts';
import type { Stores } from '../store/connect.ts';
import { StoresProvider } from '../store/context.tsx';
import { useLanguage } from '../ui/use-language.ts';
import { Shell } from './shell/shell.tsx';
import { SmallWindows } from './small/small-windows.tsx';

export function App({ stores }: { stores: Stores }) {
  useLanguage();
  return (
    <I18nProvider i18n={i18n}>
      <StoresProvider stores={stores}>
        <Shell />
        <SmallWindows />
      </StoresProvider>
    </I18nProvider>
  );
}

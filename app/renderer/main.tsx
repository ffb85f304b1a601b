/** The page's entry: starts the window's parts and shows them. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { i18n } from '../words/language.ts';
import { App } from './features/app.tsx';
import { start } from './start.ts';
import { followContrast } from './store/contrast.ts';
import './styles/index.css';

const contrast = followContrast(window);
const stores = start(window);
stores.computer.subscribe(({ settings }) => contrast.choose(settings.highContrast));
// Each of our languages runs from left to right; names in other scripts stand in elements of their own.
i18n.on('change', () => {
  document.documentElement.lang = i18n.locale;
});
// Nothing is drawn in another language or look than the one that was chosen.
await Promise.all([stores.language.getState().load(), stores.computer.getState().load()]);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App stores={stores} />
    </StrictMode>,
  );
}

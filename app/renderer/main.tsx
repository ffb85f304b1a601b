/** The page's entry: starts the window's parts and shows them. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './features/app.tsx';
import { start } from './start.ts';
import './styles/index.css';

const stores = start(window);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App stores={stores} />
    </StrictMode>,
  );
}

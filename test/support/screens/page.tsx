/** Shows one state of the window from fakes: the page that pictures are taken of. */
import { createRoot } from 'react-dom/client';
import { App } from '../../../app/renderer/features/app.tsx';
import { connectStores } from '../../../app/renderer/store/connect.ts';
import '../../../app/renderer/styles/index.css';
import { createFakePorts } from '../window/fake-ports.ts';
import { NOW, states } from './states.ts';

const name = new URLSearchParams(location.search).get('state') ?? 'idle';
const state = states[name];
const root = document.getElementById('root');
if (!state || !root) throw new Error(`There is no state ${name}`);

// Time stands still, so that the same code gives the same picture.
Date.now = () => NOW;
const { view = 'phone', place, steps = [], ...rest } = state;
const stores = connectStores(createFakePorts(rest).ports);
stores.view.getState().show(view);
if (place) stores.office.getState().open(place);
// As the window begins: its words are there before anything is drawn.
await stores.language.getState().load();
createRoot(root).render(<App stores={stores} />);
Object.assign(window, { steps, names: Object.keys(states) });

/** Shows states of the window from fakes: the page that pictures are taken of and that is looked through for faults. */
import { createRoot, type Root } from 'react-dom/client';
import { App } from '../../../app/renderer/features/app.tsx';
import type { CallSnapshot } from '../../../app/renderer/softphone/snapshots.ts';
import { connectStores } from '../../../app/renderer/store/connect.ts';
import { followContrast } from '../../../app/renderer/store/contrast.ts';
import '../../../app/renderer/styles/index.css';
import { LANGUAGES } from '../../../app/shared/language.ts';
import { i18n, speak } from '../../../app/words/language.ts';
import { createFakePorts } from '../window/fake-ports.ts';
import { hardStates } from './hard-states.ts';
import { NOW, type ScreenState, type Step, states } from './states.ts';

// Time stands still, so that the same code gives the same picture.
Date.now = () => NOW;
followContrast(window);
i18n.on('change', () => {
  document.documentElement.lang = i18n.locale;
});

const all: Readonly<Record<string, ScreenState>> = { ...states, ...hardStates };
let leave: () => void = () => {};

/** Gives the presses that lead on from there. */
async function show(name: string): Promise<readonly Step[]> {
  const state = all[name];
  const place = document.getElementById('root');
  if (!state || !place) throw new Error(`There is no state ${name}`);
  leave();
  const { view = 'phone', place: within, section, steps = [], scores = [], ...rest } = state;
  const fakes = createFakePorts(rest);
  const stores = connectStores(fakes.ports);
  for (const [i, mos] of scores.entries()) {
    Date.now = () => NOW - (scores.length - i) * 10_000;
    fakes.setCalls((rest.calls ?? []).map((call) => sounding(call, mos)));
  }
  Date.now = () => NOW;
  if (scores.length > 0) fakes.setCalls(rest.calls ?? []);
  stores.view.getState().show(view);
  if (section) stores.view.getState().openSettings(section);
  if (within) stores.office.getState().open(within);
  // As the window begins: its words are there before anything is drawn.
  await Promise.all([stores.language.getState().load(), stores.computer.getState().load()]);
  const root: Root = createRoot(place);
  root.render(<App stores={stores} />);
  leave = () => {
    root.unmount();
    stores.close();
  };
  return steps;
}

const sounding = (call: CallSnapshot, mos: number): CallSnapshot =>
  call.quality?.here ? { ...call, quality: { ...call.quality, here: { ...call.quality.here, mos } } } : call;

const speakIn = (wanted: string) => speak(LANGUAGES.find((one) => one === wanted) ?? 'en', wanted);
Object.assign(window, { screens: { names: Object.keys(all), show, speak: speakIn } });

// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { soundDefaults } from '../../../../../app/shared/sound-settings.ts';
import type { FakeState } from '../../../../support/window/fake-ports.ts';
import { callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const jabra = { id: 'jabra', label: 'Jabra' };
const there = {
  settings: soundDefaults,
  inputs: [{ id: 'laptop', label: 'Laptop' }, jabra],
  outputs: [{ id: 'desk', label: 'Desk' }, jabra],
  missing: [],
} as const;

async function open(state: Partial<FakeState> = {}): Promise<void> {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], sound: there, ...state });
  await window.after(() => window.stores.sound.getState().openDialog('devices'));
}

function element<E extends Element>(label: string): E {
  const id = [...document.querySelectorAll('label')].find((one) => one.textContent === label)?.htmlFor;
  const found = id === undefined ? null : document.getElementById(id);
  if (!found) throw new Error(`nothing is called "${label}"`);
  return found as unknown as E;
}

const choose = (label: string, words: string): Promise<void> =>
  window.after(() => {
    const select = element<HTMLSelectElement>(label);
    const option = [...select.options].find((one) => one.textContent === words);
    if (!option) throw new Error(`no ${words} among ${select.textContent}`);
    select.value = option.value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });

test('a microphone, a speaker and another ringer are chosen; each is used and kept at once', async () => {
  await open();
  await choose('Microphone', 'Jabra');
  await choose('Speaker', 'Jabra');
  await choose('Ringer', 'Desk');
  const chosen = { ...soundDefaults, microphone: jabra, speaker: jabra, ringer: { id: 'desk', label: 'Desk' } };
  expect(window.fakes.named('sound.set').at(-1)).toEqual(chosen);
  expect(window.fakes.named('ringer.use.ringer').at(-1)).toEqual({ id: 'desk', volume: 1 });
  expect(window.fakes.named('ringer.use.speaker').at(-1)).toEqual({ id: 'jabra', volume: 1 });
  await choose('Microphone', 'Default of this computer');
  expect(window.fakes.named('sound.set').at(-1)).toEqual({ ...chosen, microphone: null });
});

test('volumes are drawn, and a change while a file is written is kept too', async () => {
  await open();
  await window.after(() => {
    window.stores.sound.getState().set({ ringerVolume: 0.8 });
    window.stores.sound.getState().set({ ringerVolume: 0.7 });
    window.stores.sound.getState().set({ ringerVolume: 0.6 });
  });
  expect(window.fakes.named('sound.set').map((kept) => (kept as { ringerVolume: number }).ringerVolume)).toEqual([
    0.8, 0.6,
  ]);
  expect(element<HTMLInputElement>('Volume of ringing').value).toBe('60');
  expect(window.fakes.named('ringer.use.ringer').at(-1)).toEqual({ id: '', volume: 0.6 });
});

test('the microphone is measured while the dialog is open, and no longer', async () => {
  await open({ level: 0.5 });
  expect(document.querySelector('meter')?.value).toBe(0.5);
  await window.press('Close');
  expect(window.fakes.asked.filter(([name]) => name.startsWith('sound.meter')).map(([name]) => name)).toEqual([
    'sound.meter',
    'sound.meter.stop',
  ]);
});

test('speaker and ringer can be tried', async () => {
  await open();
  await window.press('Try the ringer');
  await window.press('Try the speaker');
  expect(window.fakes.named('ringer.sample')).toEqual(['ringer', 'speaker']);
});

test('echo cancelling, noise suppression and gain are switched', async () => {
  await open();
  for (const name of ['Cancel echo', 'Suppress noise', 'Adjust my volume']) {
    await window.click(element<HTMLElement>(name));
  }
  expect(window.fakes.named('sound.set').at(-1)).toMatchObject({
    ...{ echoCancellation: false, noiseSuppression: false, autoGain: false },
  });
});

test('a device that is gone is told where calls are made, until it is back', async () => {
  await open();
  const settings = { ...soundDefaults, microphone: jabra, speaker: jabra };
  await window.after(() =>
    window.fakes.setSound({ ...there, settings, inputs: [], outputs: [], missing: ['microphone', 'speaker'] }),
  );
  expect(element<HTMLSelectElement>('Microphone').textContent).toContain('Jabra (not there)');
  expect(window.text()).toContain('Jabra is not there. Until it is back, the default of this computer is used.');
  await window.after(() => window.fakes.setSound({ ...there, settings }));
  expect(window.text()).not.toContain('is not there');
});

test('what could not be kept is said', async () => {
  await open({ refuse: { 'sound.set': 'The disk is full.' } });
  await choose('Microphone', 'Jabra');
  expect(document.querySelector('dialog')?.textContent).toContain('The disk is full.');
  expect(element<HTMLSelectElement>('Microphone').value).toBe('jabra');
});

test('a test call is offered where calls are made: it rings, shows how it goes, and ends with the dialog', async () => {
  const echo = { state: 'talking', mine: 0.5, back: 0.25, heard: true, verdict: 'Your voice came back.' } as const;
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], echo });
  await window.press('Test call to yourself');
  expect(window.fakes.named('ringer.sample')).toEqual(['ringer']);
  expect(window.status('Test call')).toBe('Your voice came back.');
  expect([...document.querySelectorAll('meter')].map(({ value }) => value)).toEqual([0.5, 0.25]);
  await window.press('Hang up');
  expect(window.fakes.asked.at(-1)).toEqual(['echo.stop']);
  expect(document.querySelector('dialog')).toBeNull();
});

test('a test call gives way to a real one, and does not begin beside one', async () => {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
  await window.press('Test call to yourself');
  await window.after(() => window.fakes.setCalls([callOf({ state: 'incoming', direction: 'incoming' })]));
  expect(document.querySelector('dialog')).toBeNull();
  await window.after(() => window.stores.sound.getState().openDialog('echo'));
  expect(document.querySelector('dialog')?.textContent).toContain('A call is on: end it first.');
  expect(window.fakes.named('echo.start')).toHaveLength(1);
  await window.after(() => window.fakes.setCalls([]));
  await window.press('Try again');
  expect(window.fakes.named('echo.start')).toHaveLength(2);
});

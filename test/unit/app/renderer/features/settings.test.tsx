// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { panels, sections } from '../../../../../app/renderer/features/settings/panels.tsx';
import { soundDefaults } from '../../../../../app/shared/sound-settings.ts';
import { speak } from '../../../../../app/words/language.ts';
import { anna, callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const bela = { ...anna, id: 'bela', number: '2002', displayName: 'Béla', calls: { turnServer: 'turn.example' } };
const two = {
  profile: profileOf(anna, { accounts: [anna, bela], hasPassword: { anna: true, bela: true } }),
  accounts: [registered(), registered(bela)],
  sound: { settings: soundDefaults, inputs: [], outputs: [], missing: [] },
};

beforeEach(async () => {
  window = await renderWindow(two);
  await window.press('Settings');
});
afterEach(() => window.close());

const results = () => [...document.querySelectorAll('.settings-result')].map(({ textContent }) => textContent);
const find = (text: string) => window.fill('Find a setting', text);
const titles = () => [...document.querySelectorAll('.settings-panel h3')].map(({ textContent }) => textContent);
const openSection = (name: string) => {
  const link = [...document.querySelectorAll('[aria-label="Sections"] a')].find((one) => one.textContent === name);
  return window.click(link ?? document.body);
};
const focused = (): string => {
  const element = document.activeElement as HTMLInputElement;
  return element.labels?.[0]?.textContent ?? element.textContent;
};

test('the settings open by their button and by Ctrl and a comma, with the search under the keyboard', async () => {
  expect(document.activeElement).toBe(window.field('Find a setting'));
  await window.after(() => window.stores.view.getState().show('phone'));
  await window.after(
    () => void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ',', ctrlKey: true, bubbles: true })),
  );
  expect(window.button('Settings').getAttribute('aria-current')).toBe('page');
});

test('each section shows its panels, those of accounts for the account that is chosen', async () => {
  expect(titles()).toContain('Language');
  await openSection('Accounts');
  expect(titles()).toEqual(['Signing in', 'Calls', 'Dialling', 'Connection']);
  await window.choose('Settings of', 'bela');
  await window.click(document.querySelector('[role="switch"]') ?? document.body);
  expect(window.fakes.named('profile.setCalls')).toEqual([
    { accountId: 'bela', calls: { turnServer: 'turn.example', doNotDisturb: true } },
  ]);
});

describe('the search', () => {
  test('finds by the name first and by other words after, says where, and leads there', async () => {
    await find('dtmf');
    expect(results()[0]).toBe('Digits are sentAccounts › Calls');
    await find('echo');
    expect(results().slice(0, 2)).toEqual([
      'Cancel echoSound › Microphone, speaker and ringer',
      'Test call to yourselfSound › Microphone, speaker and ringer',
    ]);
    expect(window.status('Found')).toMatch(/^\d settings$/);
    await window.key('Enter', window.field('Find a setting'));
    expect(focused()).toBe('Cancel echo');
    expect(window.field('Find a setting').value).toBe('');
  });

  test('opens what is folded away around the setting', async () => {
    await find('session timer');
    await window.key('Enter', window.field('Find a setting'));
    expect(focused()).toBe('Signs of life of a call');
    expect(document.activeElement?.closest('details')?.open).toBe(true);
  });

  test('several words must all be there, whatever their order, case and accents', async () => {
    await find('RING Volúme');
    expect(results()[0]).toBe('Volume of ringingSound › Microphone, speaker and ringer');
    await find('echo dtmf');
    expect(results()).toEqual([]);
  });

  test('says so where nothing is found, and Esc leads back', async () => {
    await find('teapot');
    expect(window.status('Found')).toBe('No setting matches “teapot”.');
    await window.key('Escape', window.field('Find a setting'));
    expect(titles()).toContain('Language');
  });

  test('understands the language that is spoken, in any case of the word', async () => {
    await window.after(() => speak('ru', 'ru-RU'));
    try {
      await window.fill('Найти настройку', 'микрофоном');
      expect(results().join()).toContain('Микрофон');
      await window.fill('Найти настройку', 'шифрованию');
      expect(results().join()).toContain('Защита звука (SRTP)');
    } finally {
      await window.after(() => speak('en', 'en-US'));
    }
  });
});

test('each setting that is declared is on its page under that name', async () => {
  for (const section of sections()) {
    await openSection(section.name);
    if (section.id === 'accounts') await window.choose('Settings of', 'bela');
    for (const panel of panels().filter((one) => one.section === section.id)) {
      const shown = document.querySelector(`[data-panel="${panel.id}"]`);
      const labels = [...(shown?.querySelectorAll('label, legend, .meter-name, button') ?? [])];
      const said = labels.map(({ textContent }) => textContent.trim());
      for (const { name } of panel.controls ?? [])
        expect(
          said.some((label) => label.startsWith(name)),
          name,
        ).toBe(true);
    }
  }
});

test('the look and the start are chosen, kept at once, and put back with the reason where they are not', async () => {
  await window.choose('Light or dark', 'dark');
  await window.press('High contrast');
  await window.press('Start when I log in');
  await window.press('Open links to numbers in Tandem');
  expect(window.fakes.named('computer.set')).toEqual([{ look: 'dark' }, { highContrast: true }]);
  expect(window.stores.computer.getState()).toMatchObject({
    settings: { look: 'dark', highContrast: true },
    startsWithSystem: true,
    opensLinks: true,
  });
  window.fakes.state.refuse = { 'computer.startWithSystem': 'The disk is full.' };
  await window.press('Start when I log in');
  expect(document.querySelector('[role="alert"]')?.textContent).toBe('The disk is full.');
  expect(window.button('Start when I log in').getAttribute('aria-checked')).toBe('true');
});

test('a link shows whom it means in the field, calls nobody, and a refused one says why and leaves the field', async () => {
  await window.after(() => window.fakes.dial({ text: 'sip:1002@office.example' }));
  expect(window.field('Name or number').value).toBe('sip:1002@office.example');
  await window.after(() => window.fakes.dial({ reason: 'The link has no number and no address in it.' }));
  expect(window.text()).toContain('The link has no number and no address in it.');
  expect(window.field('Name or number').value).toBe('sip:1002@office.example');
  expect(window.fakes.named('softphone.call')).toEqual([]);
});

describe('keys everywhere', () => {
  const press = (name: string, init: KeyboardEventInit) =>
    window.after(
      () =>
        void window
          .button(name)
          .dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })),
    );

  test('are chosen by pressing them, told apart from keys that write, and taken back', async () => {
    await openSection('Keys and buttons');
    await window.press('Answer the call');
    await press('Answer the call', { key: 'a', code: 'KeyA' });
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('together with Ctrl');
    await press('Answer the call', { key: 'Control', code: 'ControlLeft', ctrlKey: true });
    await press('Answer the call', { key: 'a', code: 'KeyA', ctrlKey: true, altKey: true });
    expect(window.button('Answer the call').textContent).toBe('Ctrl + Alt + A');
    expect(window.fakes.named('computer.set')).toEqual([{ keys: { answer: 'Control+Alt+A' } }]);
    await window.press('No key for: Answer the call');
    expect(window.fakes.named('computer.set').at(-1)).toEqual({ keys: {} });
    await window.press('Mute the microphone');
    await press('Mute the microphone', { key: 'Escape', code: 'Escape' });
    expect(window.button('Mute the microphone').textContent).toBe('Choose…');
  });

  test('a conflict is said beside the key', async () => {
    await window.after(() =>
      window.stores.computer.setState({
        keyboard: {
          problems: { mute: 'Another program has this key, or the system keeps it for itself.' },
          onWayland: true,
          reads: 'copied',
        },
      }),
    );
    await openSection('Keys and buttons');
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Another program');
    expect(window.text()).toContain('Wayland');
    expect(window.text()).toContain('Copy the number first');
  });

  test('answer, mute and hang up the call that they fit, and do nothing where there is none', async () => {
    const asked = () =>
      window.fakes.asked.filter(([name]) => /^softphone\.(answer|decline|hangUp|setMuted)$/.test(name));
    await window.after(() => {
      for (const deed of ['answer', 'hangUp', 'mute'] as const) window.fakes.key(deed);
    });
    expect(asked()).toEqual([]);
    const talk = callOf({ id: 'talk', answeredAt: 2_000 });
    const ring = callOf({ id: 'ring', direction: 'incoming', state: 'incoming' });
    await window.after(() => {
      window.fakes.setCalls([ring]);
      window.fakes.key('answer');
      window.fakes.key('hangUp');
      window.fakes.setCalls([talk, ring]);
      window.fakes.key('mute');
      window.fakes.key('hangUp');
    });
    expect(asked()).toEqual([
      ['softphone.answer', 'ring'],
      ['softphone.decline', 'ring'],
      ['softphone.setMuted', ['talk', true]],
      ['softphone.hangUp', 'talk'],
    ]);
  });

  test('the selected text is cleaned and stands in the field', async () => {
    await window.after(() => window.fakes.dial({ selected: 'tel. +420 (221) 000-007' }));
    await window.after(() => window.fakes.dial({ selected: '+420 (221) 000-007' }));
    expect(window.field('Name or number').value).toBe('+420221000007');
    expect(window.fakes.named('softphone.call')).toEqual([]);
  });
});

test('without an account its section offers to add one', async () => {
  await window.close();
  window = await renderWindow();
  await window.press('Settings');
  await openSection('Accounts');
  expect(titles()).toEqual([]);
  await window.press('Add account…');
  expect(document.querySelector('dialog')?.textContent).toContain('Add account');
});

// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AWAY_MS } from '../../../../../app/renderer/store/desktop-store.ts';
import { type DesktopState, desktopDefaults, type TrayFacts } from '../../../../../app/shared/desktop.ts';
import type { IncomingMessage } from '../../../../../app/shared/text-message.ts';
import type { FakeState } from '../../../../support/window/fake-ports.ts';
import { anna, callOf, contactOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

const state = (focused: boolean, seen = true, more: Partial<DesktopState> = {}): DesktopState => ({
  ...{ window: { focused, seen }, hasTray: true, settings: desktopDefaults, ...more },
});
const ringing = callOf({ id: 'r', direction: 'incoming', state: 'incoming' });

let window: RenderedWindow;
/** Documents of the windows that are open, by name. */
let opened: Map<string, Document>;

beforeEach(() => {
  document.body.replaceChildren();
  opened = new Map();
  vi.useFakeTimers();
  vi.stubGlobal('open', (url: string, name: string) => {
    expect(url).toBe('about:blank');
    const made = document.implementation.createHTMLDocument('');
    opened.set(name, made);
    return { document: made, close: () => opened.delete(name) };
  });
});
afterEach(async () => {
  await window.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = async (more: Partial<FakeState> = {}) => {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], ...more });
};
const pass = (ms: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
const inSmall = (name: string) => opened.get(name)?.body.textContent;
const press = async (name: string, label: string) => {
  const buttons = [...(opened.get(name)?.querySelectorAll<HTMLElement>('button') ?? [])];
  const found = buttons.find((one) => one.textContent === label || one.getAttribute('aria-label') === label);
  if (!found) throw new Error(`no ${label} in: ${buttons.map((one) => one.textContent).join(', ')}`);
  await window.click(found);
};
const come = async (message: IncomingMessage) => void (await window.fakes.receive(message));
const tray = () => window.fakes.named('desktop.tray').at(-1) as TrayFacts;

test('who calls is shown with name, company and number, several below each other, and is answered there', async () => {
  const jana = contactOf('Jana Dvořáková', '1002', { company: 'Kolben s.r.o.' });
  await open({ contacts: [jana], desktop: state(false) });
  await window.after(() =>
    window.fakes.setCalls([ringing, callOf({ ...ringing, id: 's', peer: { name: 'Ben', number: '1003', uri: '' } })]),
  );
  await pass(10);
  const dialogs = [...(opened.get('tandem-incoming')?.querySelectorAll('[role="alertdialog"]') ?? [])];
  expect(dialogs.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/Jana Dvořáková.*Kolben s\.r\.o\..*1002/),
    expect.stringContaining('Ben'),
  ]);
  expect(opened.get('tandem-incoming')?.querySelector('[role="alert"]')?.textContent).toBe('Incoming call from Ben');
  await press('tandem-incoming', 'Answer');
  expect(window.fakes.named('softphone.answer')).toEqual(['r']);
  await window.after(() => window.fakes.setDesktop(state(true)));
  expect(opened.size).toBe(0);
});

test('the bar waits for a glance elsewhere, comes at once where the window is hidden, and goes with its setting', async () => {
  await open({ calls: [callOf({ answeredAt: Date.now() })] });
  await window.after(() => window.fakes.setDesktop(state(false)));
  await pass(AWAY_MS - 1);
  expect(opened.size).toBe(0);
  await pass(11);
  expect(inSmall('tandem-bar')).toMatch(/Jana Dvořáková.*0:0\d/);
  await window.after(() => window.fakes.setDesktop(state(true)));
  expect(opened.size).toBe(0);
  await window.after(() => window.fakes.setDesktop(state(false, false)));
  await pass(10);
  await press('tandem-bar', 'Mute');
  await press('tandem-bar', 'Hold');
  await press('tandem-bar', 'Hang up');
  expect(window.fakes.named('softphone.setMuted')).toEqual([['call-1', true]]);
  expect(window.fakes.named('softphone.hold')).toEqual(['call-1']);
  expect(window.fakes.named('softphone.hangUp')).toEqual(['call-1']);
  await window.after(() => window.stores.desktop.getState().set({ callBar: false }));
  expect(opened.size).toBe(0);
  expect(window.fakes.named('desktop.set')).toEqual([{ ...desktopDefaults, callBar: false }]);
});

test('a held call is taken up in the bar, others are counted, what is wrong is said', async () => {
  const held = callOf({ held: true, notice: 'No sound arrives from the other side.' });
  await open({ desktop: state(false, false), calls: [held, callOf({ ...held, id: 'two' })] });
  await pass(10);
  expect(inSmall('tandem-bar')).toContain('No sound arrives from the other side.');
  expect(inSmall('tandem-bar')).toContain('+ 1 call');
  await press('tandem-bar', 'Resume');
  expect(window.fakes.named('softphone.resume')).toHaveLength(1);
});

test('the keypad of the bar opens in its place, takes presses and typed digits, and shows them', async () => {
  const call = callOf({ answeredAt: Date.now() });
  await open({ desktop: state(false, false), calls: [call] });
  await pass(10);
  await press('tandem-bar', 'Keypad');
  await pass(10);
  expect([...opened.keys()]).toEqual(['tandem-keypad']);
  const keys = opened.get('tandem-keypad') as Document;
  const type = (key: string) =>
    window.after(() => void keys.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
  expect(inSmall('tandem-keypad')).toContain('Digits go to Jana Dvořáková');
  await press('tandem-keypad', '5JKL');
  await type('7');
  await type('#');
  await type('x');
  expect(window.fakes.named('softphone.sendDigit')).toEqual([
    ['call-1', '5'],
    ['call-1', '7'],
    ['call-1', '#'],
  ]);
  await window.after(() => window.fakes.setCalls([{ ...call, digits: '57#' }]));
  expect(keys.querySelector('.call-digits')?.textContent).toBe('57#');
  // The main window has keys of its own, for whatever is typed there.
  await window.key('9');
  expect(window.fakes.named('softphone.sendDigit')).toHaveLength(3);
  await type('Escape');
  await pass(10);
  expect([...opened.keys()]).toEqual(['tandem-bar']);
});

test('a call on hold has no keypad in the bar, and another call opens none', async () => {
  const call = callOf({ answeredAt: Date.now() });
  await open({ desktop: state(false, false), calls: [call] });
  await pass(10);
  await press('tandem-bar', 'Keypad');
  await pass(10);
  await window.after(() => window.fakes.setCalls([{ ...call, held: true }]));
  await pass(10);
  expect([...opened.keys()]).toEqual(['tandem-bar']);
  expect(opened.get('tandem-bar')?.querySelector('[aria-label="Keypad"]')).toBeNull();
  await window.after(() => window.fakes.setCalls([callOf({ id: 'next', answeredAt: Date.now() })]));
  await pass(10);
  expect([...opened.keys()]).toEqual(['tandem-bar']);
});

test('a refused window leaves the call where it is', async () => {
  vi.stubGlobal('open', () => null);
  await open({ desktop: state(false), calls: [ringing] });
  await pass(10);
  expect(window.button('Answer')).toBeDefined();
});

test('the tray is told of calls and states, and once of each', async () => {
  await open();
  expect(tray()).toMatchObject({ state: 'ready', call: null, missed: 0 });
  await window.after(() => window.fakes.setCalls([ringing]));
  expect(tray()).toMatchObject({ state: 'ringing', call: { id: 'r', rings: true } });
  const times = window.fakes.named('desktop.tray').length;
  await window.after(() => window.fakes.setCalls([{ ...ringing }]));
  expect(window.fakes.named('desktop.tray')).toHaveLength(times);
});

test('the tray speaks the language of the window', async () => {
  await open();
  await window.after(() => window.stores.language.getState().choose('cs'));
  expect(tray().words).toBe('Připraven na hovory');
  await window.after(() => window.stores.language.getState().choose('en'));
  expect(tray().words).toBe('Ready for calls');
});

test('missed calls are told by the system while the window is away, and counted until the list was looked at', async () => {
  await open({ desktop: state(false) });
  await window.after(() => window.fakes.setCalls([ringing]));
  await window.after(() => window.fakes.setCalls([{ ...ringing, state: 'ended' }]));
  expect(window.fakes.named('desktop.notify')).toEqual([
    { title: 'Missed call', body: 'Jana Dvořáková', place: { view: 'recent' } },
  ]);
  expect(tray()).toMatchObject({ missed: 1 });
  await window.after(() => window.fakes.press({ do: 'show', place: { view: 'recent' } }));
  expect(tray()).toMatchObject({ missed: 1 });
  await window.after(() => window.fakes.setDesktop(state(true)));
  expect(tray()).toMatchObject({ missed: 0 });
});

test('a message is told by the system while the window is away, and its press opens the conversation', async () => {
  const message = {
    id: 'm',
    accountId: anna.id,
    peer: '1002',
    name: 'Jana',
    text: 'Lunch?',
    at: 1,
    direction: 'in',
    isRead: false,
  } as const;
  await open({ messages: [{ ...message, id: 'old' }] });
  await window.after(() => come({ ...message, id: 'seen' }));
  await window.after(() => window.fakes.setDesktop(state(false)));
  await window.after(() => come(message));
  const place = { view: 'messages', accountId: anna.id, peer: '1002' } as const;
  expect(window.fakes.named('desktop.notify')).toEqual([{ title: 'Jana', body: 'Lunch?', place }]);
  await window.after(() => window.fakes.press({ do: 'show', place }));
  expect(window.text()).toContain('Lunch?');
  await window.after(() => window.stores.desktop.getState().set({ notices: false }));
  await window.after(() => come({ ...message, id: 'quiet' }));
  expect(window.fakes.named('desktop.notify')).toHaveLength(1);
});

test('what is pressed in the tray is done', async () => {
  await open({ calls: [ringing, callOf()] });
  for (const command of ['answer', 'decline', 'hang-up', 'mute', 'unmute'] as const) {
    await window.after(() => window.fakes.press({ do: command, callId: 'r' }));
  }
  await window.after(() => window.fakes.press({ do: 'do-not-disturb', time: 'open' }));
  for (const name of ['answer', 'decline', 'hangUp']) expect(window.fakes.named(`softphone.${name}`)).toEqual(['r']);
  expect(window.fakes.named('softphone.setMuted')).toEqual([
    ['r', true],
    ['r', false],
  ]);
  expect(window.fakes.named('profile.setCalls')).toEqual([{ accountId: 'anna', calls: { doNotDisturb: true } }]);
  expect(tray()).toMatchObject({ doNotDisturb: true });
  await window.after(() => window.fakes.press({ do: 'do-not-disturb', time: 'hour' }));
  expect(window.stores.profile.getState().load).toMatchObject({
    profile: { accounts: [{ calls: { doNotDisturb: true, doNotDisturbUntil: Date.now() + 3_600_000 } }] },
  });
  await window.after(() => window.fakes.press({ do: 'do-not-disturb', time: 'off' }));
  expect(tray()).toMatchObject({ doNotDisturb: false });
});

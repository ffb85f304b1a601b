/** Beside the main window: who calls, in a window that leaves the keyboard where it is, a bar for the call, and the tray. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Display, openDisplay } from '../support/display.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { breaches, misplaced } from '../support/screens/faults.ts';
import { Tray } from '../support/tray.ts';
import { until } from '../support/until.ts';

const TYPE_KEYS = resolve(import.meta.dirname, '../support/type-keys.py');

/** Its own, where no other test takes the keyboard away, and nobody's desktop is typed into. */
let display: Display;
let exchange: ExchangeProcess;
let tray: Tray;
let phone: PhoneWindow;
let peer: Baresip;
/** A window that somebody types into. */
let desk: Page;

beforeAll(async () => {
  display = await openDisplay();
  process.env.DISPLAY = display.name;
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  tray = await Tray.open();
  phone = await PhoneWindow.open({ env: { DBUS_SESSION_BUS_ADDRESS: tray.bus } });
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
  peer = await Baresip.start({ aor: `sip:1002@${exchange.server}`, password: 'bare-pass', codecs: ['PCMU/8000/1'] });
  const opened = phone.app.waitForEvent('window');
  await phone.app.evaluate(({ BrowserWindow }) => {
    void new BrowserWindow({ width: 400, height: 200, x: 0, y: 600 }).loadURL(
      'data:text/html,<title>Desk</title><input>',
    );
  });
  desk = await opened;
  await desk.locator('input').focus();
});

afterAll(async () => {
  await peer?.close();
  await phone?.close();
  await exchange?.close();
  await tray?.close();
  await display?.close();
});

const small = (title: string): Promise<Page> =>
  until(`the window "${title}"`, async () => {
    for (const page of phone.app.windows()) if ((await page.title().catch(() => '')) === title) return page;
    return undefined;
  });

/** What the system knows of a window. */
const facts = (title: string) =>
  phone.app.evaluate(({ BrowserWindow, screen }, wanted) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === wanted);
    return (
      window && {
        ...{ visible: window.isVisible(), focused: window.isFocused(), top: window.isAlwaysOnTop() },
        ...{ focusable: window.isFocusable(), bounds: window.getBounds() },
        area: screen.getDisplayMatching(window.getBounds()).workArea,
      }
    );
  }, title);

const kept = () => JSON.parse(readFileSync(join(phone.dataDir, 'desktop.json'), 'utf8'));

/** Whoever types goes on typing: keys are pressed on the display, and come where the keyboard is. */
async function keyboardStays(): Promise<void> {
  const field = desk.locator('input');
  const before = await field.inputValue();
  spawnSync('/usr/bin/python3', [TYPE_KEYS, 'abc']);
  await until('the typed letters', async () => (await field.inputValue()) === `${before}abc`);
}

/** What keeps people from reading or pressing something. */
async function wrongIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return [...(await page.evaluate(breaches, null)), ...(await page.evaluate(misplaced))];
}

const focusDesk = () =>
  phone.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => one.getTitle() === 'Desk')
      ?.focus(),
  );

const hideMain = () =>
  phone.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => one.getTitle() === 'Tandem')
      ?.hide(),
  );

test('who calls is shown above on the right, without the keyboard and with nothing but what it shows', async () => {
  await focusDesk();
  await keyboardStays();
  peer.dial(`sip:1001@${exchange.server}`);
  const incoming = await small('Incoming call');
  await incoming.getByRole('alertdialog', { name: '1002' }).waitFor();
  await until('the window to be seen', async () => (await facts('Incoming call'))?.visible);
  const { bounds, area, ...rest } = (await facts('Incoming call')) ?? { bounds: undefined, area: undefined };
  expect(rest).toEqual({ visible: true, focused: false, top: true, focusable: false });
  expect(bounds).toMatchObject({ width: 360, y: (area?.y ?? 0) + 16 });
  expect((bounds?.x ?? 0) + 360 + 16).toBe((area?.x ?? 0) + (area?.width ?? 0));
  expect(await incoming.getByRole('alert').textContent()).toBe('Incoming call from 1002');
  await keyboardStays();

  expect(await wrongIn(incoming)).toEqual([]);
  expect(await incoming.evaluate('typeof window.tandem + typeof require')).toBe('undefinedundefined');
  expect(await incoming.evaluate('document.scripts.length')).toBe(0);
  // The page may have its own small windows and nothing else under their names.
  expect(await phone.page.evaluate(() => window.open('about:blank', 'tandem-other'))).toBeNull();
  expect(await incoming.evaluate(() => window.open('about:blank', 'tandem-bar'))).toBeNull();
  await incoming.screenshot({ path: '/tmp/incoming.png' });
});

test('a call that is answered there stays in a bar, which comes and goes with the main window', async () => {
  const incoming = await small('Incoming call');
  await incoming.getByRole('button', { name: 'Answer' }).click();
  await phone.lineShows(/in a call/i);
  const bar = await small('Call');
  await bar.getByRole('button', { name: 'Hang up' }).waitFor();
  await until('the bar to be seen', async () => (await facts('Call'))?.visible);
  expect(await facts('Call')).toMatchObject({ focused: false, top: true, focusable: false });
  await until('the other to be gone', async () => (await facts('Incoming call')) === undefined);
  await keyboardStays();

  const quietly = ['Do not disturb for an hour', 'Do not disturb until tomorrow', 'Do not disturb'];
  expect(await tray.menu()).toEqual([
    ...['Open Tandem', 'In a call with 1002', 'Mute', 'Hang up'],
    ...[...quietly, 'Quit Tandem'],
  ]);
  expect(await wrongIn(bar)).toEqual([]);
  await bar.getByRole('button', { name: 'Mute' }).click();
  await phone.page.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
  await bar.screenshot({ path: '/tmp/bar.png' });
  await bar.getByRole('button', { name: 'Hold' }).click();
  await phone.lineShows(/on hold/i);
  await bar.getByRole('button', { name: 'Resume' }).click();
  await keyboardStays();
});

test('its keypad opens in its place and has the keyboard until it is closed', async () => {
  // Here no window manager says who has the keyboard after it: whatever lies under the pointer would.
  await hideMain();
  await (await small('Call')).getByRole('button', { name: 'Keypad' }).click();
  const keypad = await small('Keypad of the call');
  await until('the keyboard there', async () => (await facts('Keypad of the call'))?.focused);
  await until('the bar to be gone', async () => (await facts('Call')) === undefined);
  expect(await wrongIn(keypad)).toEqual([]);
  spawnSync('/usr/bin/python3', [TYPE_KEYS, '47']);
  await keypad.getByText('47', { exact: true }).waitFor();
  await keypad.getByRole('button', { name: '1', exact: true }).click();
  await keypad.getByText('471', { exact: true }).waitFor();
  const { width = 0, height = 0 } = (await facts('Keypad of the call'))?.bounds ?? {};
  expect(width).toBeLessThanOrEqual(480);
  expect(height).toBeLessThanOrEqual(320);
  // The window is gone before the key is up again.
  await keypad.keyboard.press('Escape').catch(() => {});
  await until('the bar to be seen', async () => (await facts('Call'))?.visible);
  await focusDesk();
  await keyboardStays();
});

test('the bar is moved, never off the screen, and stands there again the next time', async () => {
  const bar = await small('Call');
  const who = bar.getByRole('button', { name: /1002/ });
  const box = await who.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 10];
  const before = await facts('Call');
  await bar.mouse.move(x, y);
  await bar.mouse.down();
  await bar.mouse.move(x - 100, y + 200, { steps: 4 });
  await bar.mouse.move(x - 5_000, y + 200, { steps: 4 });
  await bar.mouse.up();
  const left = await until('the bar at the edge', async () => {
    const now = await facts('Call');
    return now?.bounds.x === now?.area.x ? now?.bounds : undefined;
  });
  expect(left?.y).toBeGreaterThan(before?.bounds.y ?? 0);
  await until('its place to be kept', () => kept().bar?.x === left?.x);
  expect(kept().bar).toEqual({ x: left?.x, y: left?.y });

  // Its press opens the main window, and then it is not needed.
  await who.click();
  await until('the bar to be gone', async () => (await facts('Call')) === undefined);
  expect(await facts('Tandem')).toMatchObject({ visible: true, focused: true });
  await hideMain();
  const again = await small('Call');
  await until('the bar to be seen', async () => (await facts('Call'))?.visible);
  expect((await facts('Call'))?.bounds).toMatchObject({ x: left?.x, y: left?.y });
  await again.getByRole('button', { name: 'Hang up' }).click();
  await phone.lineShows(/call ended/i);
  await until('the bar to be gone', async () => (await facts('Call')) === undefined);
});

test('closing the main window leaves the phone in the tray, whose menu opens and ends it', async () => {
  const close = () =>
    phone.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((one) => one.getTitle() === 'Tandem')
        ?.close(),
    );
  await close();
  await until('the window to be hidden', async () => (await facts('Tandem'))?.visible === false);
  await until('the person to be told', () => kept().toldOfTray === true);
  await phone.accountShows(/registered/i);
  expect(await tray.menu()).toContain('Ready for calls');
  await tray.press('Open Tandem');
  await until('the window', async () => (await facts('Tandem'))?.visible);

  const ended = once(phone.app.process(), 'exit');
  await close();
  await until('the window to be hidden', async () => (await facts('Tandem'))?.visible === false);
  await tray.press('Quit Tandem');
  expect((await ended)[0]).toBe(0);
});

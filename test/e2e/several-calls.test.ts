/** The window with two baresips at once: music on hold, a conference in which all hear all, tones as digits, transfer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

/** What each baresip plays, in Hz. */
const BEN = 500;
const CLEO = 1_900;
/** Of a tone that is heard, and of one that is not: amplitudes at baresip, dB in the window. */
const HEARD = 1_000;
const SENT = -45;

let exchange: ExchangeProcess;
let phone: PhoneWindow;
let ben: Baresip;
let cleo: Baresip;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'ben-pass', 1003: 'cleo-pass' } });
  const peer = (number: string, password: string, toneHz: number) =>
    Baresip.start({ aor: `sip:${number}@${exchange.server}`, password, toneHz, codecs: ['PCMU/8000/1'] });
  [ben, cleo] = await Promise.all([peer('1002', 'ben-pass', BEN), peer('1003', 'cleo-pass', CLEO)]);
  phone = await PhoneWindow.open();
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

afterAll(async () => {
  await phone?.close();
  await ben?.close();
  await cleo?.close();
  await exchange?.close();
});

const press = (name: string, button: string) =>
  phone.page.getByRole('article', { name, exact: true }).getByRole('button', { name: button, exact: true }).click();

/** One card onto another, as a person does it with the mouse. */
async function drag(from: string, to: string): Promise<void> {
  const head = (name: string) => phone.page.getByRole('article', { name, exact: true }).getByRole('heading');
  const { mouse } = phone.page;
  await head(from).scrollIntoViewIfNeeded();
  await head(from).hover();
  await mouse.down();
  await head(to).hover();
  await mouse.up();
}

/** Of the notes of the music on hold; none of them is in the made-up microphone. */
const music = async (call: number): Promise<boolean> => (await phone.sentTone(call, 220, 262, 330, 392)) > SENT;

test('music on hold, a conference of all, apart again, and one handed on to the other', async () => {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await until('Ben to hear the window', () => ben.heardLevel() > 100);
  await press('1002', 'Hold');
  await phone.lineShows(/on hold/i);
  await until('music for Ben', () => music(0));

  await phone.call('1003');
  await phone.lineShows(/in a call with 1003/i);
  await until('Cleo to hear the window', () => cleo.heardLevel() > 100);
  expect(cleo.heardTone(BEN)).toBeLessThan(HEARD);
  await press('1002', 'Merge');
  await until('Cleo to hear Ben', () => cleo.heardTone(BEN) > HEARD);
  await until('Ben to be sent what Cleo says', async () => (await phone.sentTone(0, CLEO)) > SENT);
  await phone.lineShows(/and others/i);

  await press('1002', 'Separate');
  await until('Cleo to hear Ben no more', () => cleo.heardTone(BEN) < HEARD / 10);
  await until('music for Ben again', () => music(0));
  expect(await phone.sentTone(0, CLEO)).toBeLessThan(SENT);

  await drag('1003', '1002');
  await phone.press('Connect them and leave');
  await cleo.waitFor('TRANSFER');
  await phone.page.getByText('Transferred to 1002.').waitFor();
  await phone.lineShows(/idle|call ended/i);
  cleo.hangUp();
  await cleo.waitFor('CALL_CLOSED');
});

test('digits go as tones where the account says so', async () => {
  await phone.page.reload();
  await phone.accountShows(/registered/i);
  await phone.page.getByRole('button', { name: 'Account menu' }).click();
  await phone.page.getByRole('menuitem', { name: 'Calls…' }).click();
  await phone.page.getByLabel('Digits are sent').selectOption({ label: 'As tones' });
  await phone.press('Close');
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await phone.press('Keypad');
  for (let left = 6; left > 0; left--) await phone.press('9');
  await until('Ben to hear the two tones of the 9', () => ben.heardTone(852) > HEARD && ben.heardTone(1_477) > HEARD);
  expect(ben.heardTone(697)).toBeLessThan(HEARD / 5);
  await phone.press('Hang up');
});

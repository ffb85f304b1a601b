/**
 * A user with several devices: all ring, the first to answer takes the call, the others stop; a call goes on at another of
 * them, and to somebody else before it is answered. Everybody sees how everybody is.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';

let exchange: ExchangeProcess;
let caller: PhoneWindow;
let desk: Baresip;
let laptop: PhoneWindow;
let colleague: Baresip;

beforeAll(async () => {
  const users = { 1001: 'pass-of-1001', 1002: 'pass-of-1002', 1003: 'pass-of-1003', 1004: 'pass-of-1004' };
  exchange = await ExchangeProcess.start({ users });
  caller = await PhoneWindow.open();
  laptop = await PhoneWindow.open();
  await caller.register({ number: '1001', password: 'pass-of-1001', server: exchange.server });
  await laptop.register({ number: '1002', password: 'pass-of-1002', server: exchange.server });
  const aor = `sip:1002@${exchange.server}`;
  desk = await Baresip.start({ aor, password: 'pass-of-1002', answer: 'manual' });
  colleague = await Baresip.start({ aor: `sip:1003@${exchange.server}`, password: 'pass-of-1003' });
});

afterAll(async () => {
  await colleague?.close();
  await desk?.close();
  await laptop?.close();
  await caller?.close();
  await exchange?.close();
});

test('the laptop answers: the desk set stops ringing', async () => {
  await caller.call('1002');
  await desk.waitFor('CALL_INCOMING');
  await laptop.lineShows(/incoming call from/i);
  await laptop.press('Answer');
  await caller.lineShows(/in a call/i);
  await desk.waitFor('CALL_CLOSED');
  expect((await caller.hears(50)).lost).toBe(0);
  await caller.press('Hang up');
  await laptop.lineShows(/idle|call ended/i);
});

test('the desk set answers: the laptop stops ringing and says that it was answered elsewhere', async () => {
  desk.events.length = 0;
  await caller.call('1002');
  await laptop.lineShows(/incoming call from/i);
  await desk.waitFor('CALL_INCOMING');
  desk.accept();
  await caller.lineShows(/in a call/i);
  await laptop.lineShows(/elsewhere|another/i);
  await caller.press('Hang up');
  await caller.lineShows(/idle|call ended/i);
});

const go = (name: string) => caller.page.getByRole('link', { name, exact: true }).click();
const shown = (number: string, how: string) =>
  caller.page.getByRole('listitem').filter({ hasText: number }).filter({ hasText: how }).waitFor();

test('everybody sees how everybody is, and goes on with a call at another device', async () => {
  await go('People');
  await Promise.all([shown('1002', 'Available'), shown('1003', 'Available'), shown('1004', 'Offline')]);
  desk.events.length = 0;
  await laptop.call('1001');
  await caller.lineShows(/incoming call from/i);
  await go('Phone');
  await caller.press('Answer');
  await laptop.lineShows(/in a call/i);
  await go('People');
  await shown('1002', 'In a call');

  await laptop.press('More for the call with 1001');
  await laptop.page.getByRole('menuitem', { name: /^Move to baresip/ }).click();
  await desk.waitFor('CALL_INCOMING');
  desk.accept();
  await laptop.lineShows(/idle|call ended|transferred/i);
  await caller.lineShows(/in a call/i);
  expect((await caller.hears(50)).lost).toBe(0);
  await go('Phone');
  await caller.press('Hang up');
  await caller.lineShows(/idle|call ended/i);
});

test('a number is pasted as people write it, and who is called sends the call to somebody else', async () => {
  await laptop.app.evaluate(({ clipboard }) => clipboard.writeText('tel:10-01'));
  const field = laptop.page.getByRole('combobox', { name: 'Name or number' });
  await field.fill('');
  await field.press('ControlOrMeta+V');
  await laptop.page.getByText(/^Will call .*1001/).waitFor();
  await field.press('Enter');
  await caller.lineShows(/incoming call from/i);
  await caller.press('Send elsewhere…');
  const place = caller.page.getByRole('combobox', { name: 'Send to' });
  await place.fill('1003');
  await place.press('Enter');
  await colleague.waitFor('CALL_ESTABLISHED');
  await laptop.lineShows(/in a call/i);
  expect((await laptop.hears(50)).lost).toBe(0);
  await caller.lineShows(/idle|call ended|sent/i);
  await laptop.press('Hang up');
  await laptop.lineShows(/idle|call ended/i);
});

/** A user with several devices: all ring, the first to answer takes the call, the others stop. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';

let exchange: ExchangeProcess;
let caller: PhoneWindow;
let desk: Baresip;
let laptop: PhoneWindow;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'pass-of-1001', 1002: 'pass-of-1002' } });
  caller = await PhoneWindow.open();
  laptop = await PhoneWindow.open();
  await caller.register({ number: '1001', password: 'pass-of-1001', server: exchange.server });
  await laptop.register({ number: '1002', password: 'pass-of-1002', server: exchange.server });
  const aor = `sip:1002@${exchange.server}`;
  desk = await Baresip.start({ aor, password: 'pass-of-1002', answer: 'manual' });
});

afterAll(async () => {
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

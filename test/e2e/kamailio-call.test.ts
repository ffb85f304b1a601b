/** Our phone at somebody else's exchange: it registers at a real Kamailio and calls a real baresip through it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { Kamailio } from '../support/kamailio.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

let kamailio: Kamailio;
let peer: Baresip;
let phone: PhoneWindow;

beforeAll(async () => {
  kamailio = await Kamailio.start({ password: 'one-for-all' });
  peer = await Baresip.start({ aor: `sip:1002@127.0.0.1:${kamailio.port}`, password: 'one-for-all' });
  phone = await PhoneWindow.open();
});

afterAll(async () => {
  await phone?.close();
  await peer?.close();
  await kamailio?.close();
});

test('it registers, calls, is called, and hears', async () => {
  const server = `127.0.0.1:${kamailio.port}`;
  await phone.register({ number: '1001', password: 'one-for-all', server });
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  expect((await phone.hears(100)).lost).toBe(0);
  await until('baresip to hear the window', () => peer.heardLevel() > 100);
  await phone.press('Hang up');
  await peer.waitFor('CALL_CLOSED');

  peer.dial(`sip:1001@${server}`);
  await phone.lineShows(/incoming call from/i);
  await phone.press('Answer');
  expect((await phone.hears(100)).lost).toBe(0);
  await phone.press('Hang up');
  await phone.lineShows(/idle|call ended/i);
});

/** What goes wrong is said in a sentence, and the phone comes back by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { until } from '../support/until.ts';

let exchange: ExchangeProcess;
let phone: PhoneWindow;
const users = { 1001: 'window-pass', 1002: 'bare-pass', 1003: 'nobody-home' };

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users });
  phone = await PhoneWindow.open();
});

afterAll(async () => {
  await phone?.close();
  await exchange?.close();
});

test('a wrong password is named, and signing in again with the right one works', async () => {
  await phone.signIn({ number: '1001', password: 'not-this-one', server: exchange.server });
  await phone.accountShows(/password/i);
  await phone.page.getByRole('textbox', { name: 'Password', exact: true }).fill('window-pass');
  await phone.press('Sign in');
  await phone.accountShows(/registered/i);
});

test.each([
  ['1999', /no such number|not known|does not exist|unknown/i],
  ['1003', /not reachable|cannot be reached|not available|not registered/i],
])('calling %s says why it failed', async (number, reason) => {
  await phone.call(number);
  await phone.lineShows(reason);
});

test('a busy peer is called busy', async () => {
  const aor = `sip:1002@${exchange.server}`;
  const peer = await Baresip.start({ aor, password: 'bare-pass', answer: 'manual' });
  try {
    await phone.call('1002');
    await peer.waitFor('CALL_INCOMING');
    peer.hangUp();
    await phone.lineShows(/busy|declined/i);
  } finally {
    await peer.close();
  }
});

test('the exchange is killed in a call: the sound goes on, and the phone registers again by itself', async () => {
  const aor = `sip:1002@${exchange.server}`;
  const peer = await Baresip.start({ aor, password: 'bare-pass' });
  try {
    await phone.call('1002');
    await phone.lineShows(/in a call/i);
    await phone.hears(50);
    await exchange.kill();
    const after = await phone.hears(150);
    expect(after.lost).toBe(0);
    await until('baresip to hear the window still', () => peer.heardLevel() > 100);
    await exchange.serve();
    await phone.press('Hang up');
    await phone.lineShows(/idle|call ended/i);
    await phone.call('1999');
    await phone.lineShows(/no such number|not known|does not exist|unknown/i);
    await phone.accountShows(/registered/i);
  } finally {
    await peer.close();
  }
});

test('what carries the sound is killed in a call: both sides are told that it ended, and the next call works', async () => {
  const aor = `sip:1002@${exchange.server}`;
  const peer = await Baresip.start({ aor, password: 'bare-pass' });
  try {
    await phone.call('1002');
    await phone.lineShows(/in a call/i);
    await phone.hears(50);
    const pid = await phone.app.evaluate(
      ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Tandem phone service')?.pid,
    );
    if (pid === undefined) throw new Error('there is no phone service');
    process.kill(pid, 'SIGKILL');
    await phone.lineShows(/stopped unexpectedly/i);
    await peer.waitFor('CALL_CLOSED');
    await phone.accountShows(/registered/i);
    await phone.call('1002');
    await phone.lineShows(/in a call/i);
    await phone.hears(50);
    await phone.press('Hang up');
    await phone.lineShows(/idle|call ended/i);
  } finally {
    await peer.close();
  }
});

test('no exchange at the address: the person is told, sees the next attempt, and is registered when it appears', async () => {
  const other = await PhoneWindow.open();
  try {
    await exchange.kill('SIGTERM');
    await other.signIn({ number: '1002', password: 'bare-pass', server: exchange.server });
    await other.accountShows(/(no answer|not answer|cannot be reached|not reach|refused|unreachable)/i, 40_000);
    await exchange.serve();
    await other.accountShows(/registered/i, 70_000);
  } finally {
    await other.close();
  }
});

test('a peer that sends no sound is noticed', async () => {
  // sipp answers, and sends nothing. On 127.0.0.2, since 127.0.0.1 is a domain of the exchange.
  const port = await freePort();
  const peer = Sipp.start(['-sn', 'uas', '-i', '127.0.0.2', '-p', String(port)]);
  try {
    await phone.call(`sip:silent@127.0.0.2:${port}`);
    await phone.lineShows(/in a call/i);
    await phone.page
      .getByText(/no sound/i)
      .first()
      .waitFor({ timeout: 15_000 });
    await phone.press('Hang up');
    await phone.lineShows(/idle|call ended/i);
  } finally {
    await peer.close();
  }
});

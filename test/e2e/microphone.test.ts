/** A microphone that is refused, missing, or taken away in a call: each is said in a sentence, and the phone goes on. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

let exchange: ExchangeProcess;
let phone: PhoneWindow;
let peer: Baresip;

/** The page's devices as a test plays them: none while `missing`, and every track that was handed out is kept. */
const WATCH_MICROPHONE = `
  window.microphone = { missing: false, tracks: [] };
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    if (window.microphone.missing) throw new DOMException('Requested device not found', 'NotFoundError');
    const stream = await open(wanted);
    window.microphone.tracks.push(...stream.getAudioTracks());
    return stream;
  };
`;
/** As Chromium does it when a device is pulled out. */
const PULL_OUT = `
  window.microphone.missing = true;
  for (const track of window.microphone.tracks.splice(0)) {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }
`;
const PLUG_IN = `
  window.microphone.missing = false;
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
`;
const LIVE_TRACKS = 'window.microphone.tracks.filter((track) => track.readyState === "live").length';

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  phone = await PhoneWindow.open();
  await phone.page.evaluate(WATCH_MICROPHONE);
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

beforeEach(async () => {
  await phone.page.evaluate('window.microphone.missing = false');
  // A new one for each test, since what it heard is measured over all its calls.
  peer = await Baresip.start({ aor: `sip:1002@${exchange.server}`, password: 'bare-pass' });
});

afterEach(async () => {
  await peer?.close();
});

afterAll(async () => {
  await phone?.close();
  await exchange?.close();
});

const says = (text: RegExp): Promise<void> => phone.page.getByText(text).first().waitFor({ timeout: 15_000 });

/** A call of the usual kind, to show that nothing was left broken. */
async function callsStill(): Promise<void> {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await phone.hears(50);
  await phone.press('Hang up');
  await phone.lineShows(/idle|call ended/i);
  await until('the microphone to be let go', async () => (await phone.page.evaluate(LIVE_TRACKS)) === 0);
}

test('there is none: a call is not made, and the reason is shown', async () => {
  await phone.page.evaluate('window.microphone.missing = true');
  await phone.call('1002');
  await phone.lineShows(/there is no microphone: plug one in/i);
  expect(peer.events.filter(({ type }) => type === 'CALL_INCOMING')).toEqual([]);
  await phone.page.evaluate('window.microphone.missing = false');
  await callsStill();
});

test('there is none: a call that is answered ends for both sides, and the reason is shown', async () => {
  await phone.page.evaluate('window.microphone.missing = true');
  peer.dial(`sip:1001@${exchange.server}`);
  await phone.lineShows(/incoming call from/i);
  await phone.press('Answer');
  await phone.lineShows(/there is no microphone: plug one in/i);
  const closed = await peer.waitFor('CALL_CLOSED');
  expect(closed.param).toMatch(/^480/);
});

test('it vanishes in a call: the person is told, the call goes on, and the next one takes its place', async () => {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await until('baresip to hear the window', () => peer.heardLevel() > 100);
  await phone.page.evaluate(PULL_OUT);
  await says(/the microphone is gone: the other side cannot hear you/i);
  await phone.lineShows(/in a call/i);
  await until('baresip to hear silence', () => peer.heardLevel() < 10);
  await phone.hears(50);
  await phone.page.evaluate(PLUG_IN);
  await says(/another one is used now/i);
  await until('baresip to hear the other microphone', () => peer.heardLevel() > 100);
  await phone.press('Hang up');
  await phone.lineShows(/idle|call ended/i);
});

test('it is refused by the computer: the reason is shown, and calls work once it is allowed', async () => {
  const allow = (granted: boolean): Promise<void> =>
    phone.app.evaluate(({ session }, allowed) => {
      session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(allowed));
    }, granted);
  await allow(false);
  await phone.call('1002');
  await phone.lineShows(/the microphone may not be used: allow tandem/i);
  await allow(true);
  await callsStill();
});

/** Chromium's made-up sound devices: a test call to oneself, and devices that are changed and vanish in a call. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

/** Keeps what the page opens; devices whose name is in `gone` are not there. */
const WATCH_DEVICES = `
  window.devices = { microphones: [], speakers: [], gone: [] };
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.devices.microphones.push(...stream.getAudioTracks());
    return stream;
  };
  const list = media.enumerateDevices.bind(media);
  media.enumerateDevices = async () => (await list()).filter(({ label }) => !window.devices.gone.includes(label));
  const Native = window.Audio;
  window.Audio = class extends Native {
    constructor() { super(); window.devices.speakers.push(this); }
  };
`;
/** The names of the microphones that are open, and of the speaker that the last call is heard from. */
const IN_USE = `(async () => ({
  microphones: window.devices.microphones.filter(({ readyState }) => readyState === 'live').map(({ label }) => label),
  speaker: (await navigator.mediaDevices.enumerateDevices())
    .find(({ kind, deviceId }) => kind === 'audiooutput' && deviceId === window.devices.speakers.at(-1)?.sinkId)?.label,
}))()`;

let exchange: ExchangeProcess;
let phone: PhoneWindow;
let peer: Baresip;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  peer = await Baresip.start({ aor: `sip:1002@${exchange.server}`, password: 'bare-pass' });
  phone = await PhoneWindow.open();
  await phone.page.evaluate(WATCH_DEVICES);
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

afterAll(async () => {
  await phone?.close();
  await peer?.close();
  await exchange?.close();
});

const inUse = (): Promise<{ microphones: string[]; speaker: string | undefined }> =>
  phone.page.evaluate(IN_USE) as Promise<{ microphones: string[]; speaker: string | undefined }>;
const choose = async (field: string, label: string): Promise<void> => {
  await phone.page.getByLabel(field, { exact: true }).selectOption({ label });
};

test('a test call lets the person hear himself, and says that it works', async () => {
  await phone.press('Test call to yourself');
  await phone.page.getByText('It rings, as a call does').waitFor();
  await phone.page.getByText('Your voice came back').waitFor({ timeout: 15_000 });
  await phone.press('Hang up');
  await until('the microphone to be let go', async () => (await inUse()).microphones.length === 0);
});

test('another microphone and speaker are used at once in the call, and again when they are back', async () => {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await phone.hears(25);
  await phone.page.getByRole('button', { name: 'Account menu' }).click();
  await phone.page.getByRole('menuitem', { name: 'Sound…' }).click();
  await choose('Microphone', 'Fake Audio Input 1');
  await choose('Speaker', 'Fake Audio Output 1');
  await until('the microphone to move', async () => (await phone.page.locator('meter').getAttribute('value')) !== '0');
  await phone.press('Close');
  await until('both to be in use', async () => {
    const { microphones, speaker } = await inUse();
    return microphones.join() === 'Fake Audio Input 1' && speaker === 'Fake Audio Output 1';
  });
  expect((await phone.hears(50)).lost).toBe(0);
  await until('baresip to hear the new microphone', () => peer.heardLevel() > 100);

  await phone.page.evaluate(`
    window.devices.gone = ['Fake Audio Input 1', 'Fake Audio Output 1'];
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  `);
  await phone.page.getByText(/Fake Audio Input 1 and Fake Audio Output 1 are not there/).waitFor();
  await until('another microphone', async () => !(await inUse()).microphones.includes('Fake Audio Input 1'));
  await phone.lineShows(/in a call/i);
  await phone.page.evaluate(`
    window.devices.gone = [];
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  `);
  await until('both to be in use again', async () => {
    const { microphones, speaker } = await inUse();
    return microphones.join() === 'Fake Audio Input 1' && speaker === 'Fake Audio Output 1';
  });
  await phone.hears(50);
  await phone.press('Hang up');
});

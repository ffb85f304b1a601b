/** A call with a stranger's phone is recorded: both sides are in the file, which is there before the call is over. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

/** Hz of what is said here, of what baresip plays, and of the tone that tells of the recording. */
const HERE = 1_000;
const THERE = 500;
const TOLD = 1_400;

/** A voice in place of the microphone, since the beeps of Chromium's own are short. */
const SING = `
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const voice = new OscillatorNode(context, { frequency: ${HERE} });
    voice.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
    voice.start();
    return destination.stream;
  };
`;

/** The greatest level of each frequency over half seconds of a file, in parts of full scale, and how long it lasts. */
const LISTEN = async ({ file, wanted }: { file: string; wanted: number[] }) => {
  const rate = 16_000;
  const bytes = Uint8Array.from(atob(file), (char) => char.charCodeAt(0));
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.buffer);
  const samples = decoded.getChannelData(0);
  const loudest = (hz: number): number => {
    let most = 0;
    for (let from = 0; from + rate / 2 <= samples.length; from += rate / 8) {
      const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
      let [last, before] = [0, 0];
      for (const sample of samples.subarray(from, from + rate / 2))
        [last, before] = [sample + turn * last - before, last];
      const power = last * last + before * before - turn * last * before;
      most = Math.max(most, (4 * Math.sqrt(Math.max(power, 0))) / rate);
    }
    return most;
  };
  return { seconds: decoded.duration, levels: wanted.map(loudest) };
};

let exchange: ExchangeProcess;
let phone: PhoneWindow;
let peer: Baresip;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  const aor = `sip:1002@${exchange.server}`;
  peer = await Baresip.start({ aor, password: 'bare-pass', toneHz: THERE, codecs: ['PCMU/8000/1'] });
  phone = await PhoneWindow.open();
  await phone.page.evaluate(SING);
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

afterAll(async () => {
  await phone?.close();
  await peer?.close();
  await exchange?.close();
});

const folder = (): string => join(phone.dataDir, 'recordings');
const files = (): string[] => readdirSync(folder()).map((name) => join(folder(), name));
const says = (words: RegExp): Promise<void> => phone.page.getByText(words).first().waitFor({ timeout: 15_000 });

test('both sides and the tone that tells of it are in the file, which grows with the call and is checked after it', async () => {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await phone.hears(25);
  await phone.press('Record');
  await until('baresip to hear that it is recorded', () => peer.heardTone(TOLD) > 200);
  await says(/^Recording/);
  await until('the file to grow with the call', () => statSync(files()[0] ?? '').size > 8_000);
  const early = statSync(files()[0] ?? '').size;
  await until('more of it', () => statSync(files()[0] ?? '').size > early);
  await phone.press('Hang up');
  await says(/^Recorded 0:\d\d, checked$/);
  const [name = ''] = files();
  expect(name).toMatch(/\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d 1002\.webm$/);
  const listen = { file: readFileSync(name).toString('base64'), wanted: [HERE, THERE, TOLD, 2_300] };
  const { seconds, levels } = await phone.page.evaluate(LISTEN, listen);
  const [here = 0, there = 0, told = 0, nobody = 1] = levels;
  expect(seconds).toBeGreaterThan(2);
  expect(here).toBeGreaterThan(0.05);
  expect(there).toBeGreaterThan(0.05);
  expect(told).toBeGreaterThan(0.02);
  expect(nobody).toBeLessThan(0.01);

  // In place of the program that this computer has for such files.
  await phone.app.evaluate(({ shell }) => {
    Object.assign(shell, { openPath: async (path: string) => Object.assign(globalThis, { opened: path }) && '' });
  });
  await phone.page.getByRole('link', { name: 'Recent' }).click();
  await says(/^Called · .* · Recorded 0:\d\d · /);
  await phone.page.getByRole('button', { name: /^Play the recording/ }).click();
  const opened = () => phone.app.evaluate(() => (globalThis as { opened?: string }).opened);
  await until('the file to be opened', async () => (await opened()) === name);
  await phone.page.getByRole('link', { name: 'Phone' }).click();
});

test('a folder that cannot be written to is told at once, and the call goes on', async () => {
  rmSync(folder(), { recursive: true });
  writeFileSync(folder(), 'a file is in the way');
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await phone.press('Record');
  await says(/is no folder/);
  await phone.hears(50);
  await phone.press('Hang up');
  await phone.lineShows(/idle|call ended/i);
});

/** A conference of the window with eight baresips, as many as there may be: each hears all others, and not itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

/** What each of them plays, in Hz: none is a multiple, a sum or a difference of others. */
const TONES = [410, 530, 690, 870, 1_110, 1_390, 1_730, 2_110] as const;
const numberOf = (i: number): string => String(1_011 + i);
/** In dB, of what is sent; a tone that is not there is below that. */
const SENT = -50;

let exchange: ExchangeProcess;
let phone: PhoneWindow;
let peers: readonly Baresip[] = [];

beforeAll(async () => {
  const users = Object.fromEntries(TONES.map((_, i) => [numberOf(i), 'peer-pass']));
  exchange = await ExchangeProcess.start({ users: { ...users, 1001: 'window-pass' } });
  const start = (toneHz: number, i: number): Promise<Baresip> =>
    Baresip.start({
      aor: `sip:${numberOf(i)}@${exchange.server}`,
      ...{ password: 'peer-pass', toneHz, codecs: ['PCMU/8000/1'] },
    });
  peers = await Promise.all(TONES.map(start));
  phone = await PhoneWindow.open();
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
});

afterAll(async () => {
  await phone?.close();
  await Promise.all(peers.map((peer) => peer.close()));
  await exchange?.close();
});

const press = (name: string, button: string) =>
  phone.page.getByRole('article', { name, exact: true }).getByRole('button', { name: button, exact: true }).click();

test('eight talk together', async () => {
  for (const i of TONES.keys()) {
    const number = numberOf(i);
    await phone.call(number);
    await phone.lineShows(new RegExp(`in a call with ${number}`, 'i'));
    if (i > 0) await press(number, 'Merge');
  }
  await phone.lineShows(/and others/i);
  for (const [i, own] of TONES.entries()) {
    const others = TONES.filter((hz) => hz !== own);
    let heard: readonly number[] = [];
    await until(`all others to be sent to ${numberOf(i)}`, async () => {
      heard = await phone.sentTones(i, ...others);
      return heard.every((level) => level > SENT);
    }).catch((error) => {
      throw new Error(`${error.message}: ${others.map((hz, at) => `${hz} Hz ${Math.round(heard[at] ?? 0)} dB`)}`);
    });
    expect(await phone.sentTone(i, own)).toBeLessThan(SENT);
  }
  const [last] = peers.slice(-1);
  if (last === undefined) throw new Error('nobody is there');
  for (const hz of TONES.slice(0, -1)) await until(`${hz} Hz at the last one`, () => last.heardTone(hz) > 300);

  await press(numberOf(0), 'Separate');
  await until('one to be heard by nobody', async () => (await phone.sentTone(1, TONES[0])) < SENT);
});

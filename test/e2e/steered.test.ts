/** A script has a phone do everything by second starts alone: it calls baresip, and is called by it. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallReport, PhoneReport } from '../../app/shared/steering.ts';
import { Baresip } from '../support/baresip.ts';
import { electronPath } from '../support/electron.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const root = resolve(import.meta.dirname, '../..');
let exchange: ExchangeProcess;
let phone: PhoneWindow;
let peer: Baresip;
let sipPort: number;

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'bare-pass' } });
  sipPort = await freePort();
  phone = await PhoneWindow.open({ args: ['--auto-answer', '--sip-port', String(sipPort)] });
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
  peer = await Baresip.start({
    aor: `sip:1002@${exchange.server}`,
    password: 'bare-pass',
    codecs: ['PCMU/8000/1'],
  });
});

afterAll(async () => {
  await peer?.close();
  await phone?.close();
  await exchange?.close();
});

/** Without a display, as a script on a server would. */
function run(command: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const child = spawn(command, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}
const second = (...words: string[]) => run(process.execPath, 'scripts/start.mjs', '--data', phone.dataDir, ...words);

async function act(...words: string[]): Promise<CallReport> {
  const { code, out, err } = await second(...words, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out).call;
}
async function state(): Promise<PhoneReport> {
  const { code, out, err } = await second('--state', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}
const stateIs = (what: string, is: (report: PhoneReport) => boolean) =>
  until(`the state to tell of ${what}`, async () => is(await state()), 15_000);

test('it calls, sends digits, holds, mutes and hangs up', async () => {
  await stateIs('a registered account', ({ accounts }) => accounts[0]?.registration === 'registered');
  const begun = await act('--call', '1002');
  expect(begun).toMatchObject({ direction: 'outgoing', peer: { number: '1002' } });
  await stateIs('a call in PCMU', ({ calls }) => {
    const [call] = calls;
    return call?.id === begun.id && call.state === 'active' && call.codec === 'PCMU';
  }).catch(async (error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await state())}`);
  });
  await until('baresip to hear the window', () => peer.heardLevel() > 100);
  await act('--dtmf', '159');
  await until('three digits at baresip', () => peer.digits === '159');
  expect(await act('--mute')).toMatchObject({ muted: true });
  expect(await act('--unmute')).toMatchObject({ muted: false });
  expect(await act('--hold')).toMatchObject({ held: true });
  expect(await act('--resume', '--call-id', begun.id)).toMatchObject({ held: false });
  expect(await act('--hangup')).toMatchObject({ state: 'ended' });
  await peer.waitFor('CALL_CLOSED');
  expect(await state()).toMatchObject({ calls: [], ended: [{ id: begun.id }] });
});

test('it answers by itself, where it was told to listen', async () => {
  peer.dial(`sip:1001@127.0.0.1:${sipPort}`);
  await stateIs('an answered call', ({ calls }) => calls[0]?.direction === 'incoming' && calls[0].state === 'active');
  expect(await act('--hangup')).toMatchObject({ state: 'ended' });
});

test('the program itself, started again without a display, is as good, and tells what is wrong', async () => {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const program = (...words: string[]) => run(electronPath(), ...asRoot, root, '--data', phone.dataDir, ...words);
  const { code, out } = await program('--state');
  expect({ code, out }).toEqual({
    code: 0,
    out: `Account 1001 registered sip:1001@${exchange.server}\nNo call.\n`,
  });
  const none = await program('--hangup');
  expect(none.code).toBe(1);
  expect(none.err).toMatch(/^There is no call\.$/m);
});

test('where no phone runs, a script is told so', async () => {
  const { code, out, err } = await second('--data', `${phone.dataDir}/other`, '--state', '--json');
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'No phone is running with this data folder.\n' });
});

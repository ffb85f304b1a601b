/** Scripts and the phone that runs: the socket, the program that speaks to it, and the window behind it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSteering, type Steering } from '../../../../app/main/steering.ts';
import type { SteerCommand, SteerReply } from '../../../../app/shared/steering.ts';
import { openWire } from '../../../../proxy-core/node/control/wire.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { until } from '../../../support/until.ts';

let built: string;
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'tandem-steer-'));
  buildSync({
    entryPoints: [join(import.meta.dirname, '../../../../app/main/steer.ts')],
    outfile: join(built, 'steer.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
});
afterAll(() => rmSync(built, { recursive: true }));

let folder: string;
let clock: FakeClock;
let asked: { id: number; command: SteerCommand }[];
let steering: Steering;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-steered-'));
  clock = new FakeClock();
  asked = [];
  steering = createSteering({
    folder,
    ask: (one) => void asked.push(one),
    after(ms, work) {
      const timer = clock.after(ms, work);
      return () => timer.cancel();
    },
  });
  await steering.listen();
});
afterEach(async () => {
  await steering.close();
  rmSync(folder, { recursive: true });
});

const said = (text: string): SteerReply => ({
  ok: true,
  text,
  result: { version: 1, accounts: [], calls: [], ended: [] },
});

/** Runs the second start as it is built. */
function second(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(built, 'steer.cjs'), '--data', folder, ...words]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

async function wire() {
  const opened = await openWire(join(folder, 'phone.sock'), 'The phone');
  if (opened === undefined) throw new Error('nobody listens');
  return opened;
}
const phoneDo = async (command: unknown) => (await wire()).call('phone.do', command, 5_000) as Promise<SteerReply>;

it('listens for its owner only', () => {
  expect(statSync(join(folder, 'phone.sock')).mode & 0o777).toBe(0o600);
});

describe('the second start', () => {
  it('waits for the window, and prints what it says without what could steer a terminal', async () => {
    const done = second('--call', '1002');
    await until('the socket to be asked', async () => (await wire()).close() === undefined);
    expect(asked).toEqual([]);
    steering.pageReady();
    await until('the window to be asked', () => asked.length > 0);
    expect(asked).toEqual([{ id: 1, command: { do: 'call', target: '1002' } }]);
    steering.reply({ id: 1, reply: said('Call 4f outgoing \u001b[31m1002\u0085\u202e (Zoë): calling\nnext') });
    expect(await done).toEqual({ code: 0, out: 'Call 4f outgoing [31m1002 (Zoë): calling\nnext\n', err: '' });
  });

  it('prints JSON', async () => {
    steering.pageReady();
    const done = second('--state', '--json');
    await until('the window to be asked', () => asked.length > 0);
    steering.reply({ id: 1, reply: said('') });
    const { code, out } = await done;
    expect({ code, result: JSON.parse(out) }).toEqual({
      code: 0,
      result: { version: 1, accounts: [], calls: [], ended: [] },
    });
  });

  it('ends with 1 and the reason', async () => {
    steering.pageReady();
    const done = second('--answer', '--json');
    await until('the window to be asked', () => asked.length > 0);
    steering.reply({ id: 1, reply: { ok: false, reason: 'No call rings here.' } });
    expect(await done).toEqual({ code: 1, out: '', err: 'No call rings here.\n' });
  });

  it('says so where no phone runs', async () => {
    await steering.close();
    expect(await second('--state')).toEqual({
      code: 1,
      out: '',
      err: 'No phone is running with this data folder.\n',
    });
  });

  it('ends with 2 where the words are wrong', async () => {
    expect(await second('--dtmf')).toMatchObject({ code: 2, err: 'The option --dtmf needs a value: --dtmf DIGITS.\n' });
    expect(await second()).toMatchObject({ code: 2, err: 'There is nothing to do.\n' });
  });
});

describe('a script', () => {
  it.each([
    {},
    { do: 'dance' },
    { do: 'call' },
    { do: 'call', target: '' },
    { do: 'call', target: 'sip:a@b\r\nEvil: 1' },
    { do: 'call', target: 'x'.repeat(2_000) },
    { do: 'dtmf', digits: '1'.repeat(65) },
    { do: 'hold', callId: 7 },
    [],
    7,
  ])('that asks for %j is refused before the window hears of it', async (command) => {
    steering.pageReady();
    await expect(phoneDo(command)).rejects.toMatchObject({ kind: 'invalid' });
    expect(asked).toEqual([]);
  });

  it('gets an answer from a window that gives none', async () => {
    steering.pageReady();
    const reply = phoneDo({ do: 'state' });
    await until('the window to be asked', () => asked.length > 0);
    clock.advance(20_000);
    expect(await reply).toEqual({ ok: false, reason: 'The window did not answer in time.' });
    steering.reply({ id: 1, reply: said('late') });
  });

  it('gets an answer when the window is loaded again, and when it closes', async () => {
    steering.pageReady();
    const first = phoneDo({ do: 'state' });
    await until('the window to be asked', () => asked.length > 0);
    steering.pageReady();
    expect(await first).toEqual({ ok: false, reason: 'The window was loaded again before it answered.' });
    expect(asked).toHaveLength(1);
    const next = phoneDo({ do: 'hangup' });
    await until('the window to be asked again', () => asked.length > 1);
    const closing = steering.close();
    await expect(next).rejects.toMatchObject({ kind: 'unreachable' });
    await closing;
  });

  it('is refused where too much waits', async () => {
    const all = await wire();
    const many = Array.from({ length: 70 }, async () =>
      phoneDo({ do: 'state' }).catch((error: Error) => error.message),
    );
    await expect(Promise.race(many)).resolves.toMatch(/asked too much at once|ended before it answered/);
    all.close();
    steering.pageReady();
    await until('some to be asked', () => asked.length > 0);
    expect(asked.length).toBeLessThanOrEqual(64);
    for (const { id } of asked) steering.reply({ id, reply: said('') });
    await steering.close();
    await Promise.all(many);
  });
});

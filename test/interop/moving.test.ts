/**
 * Calls of our phone that get another address on the way, in network namespaces: the sound goes on, and the person sees
 * that it was broken. Needs root, as our own runs have; elsewhere it fails and says so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallSettings } from '../../app/shared/call-settings.ts';
import { Baresip } from '../support/baresip.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, type NatSite, Netns } from '../support/netns.ts';
import { until } from '../support/until.ts';
import type { Order, Report } from './moving/phone-side.ts';

class Phone {
  readonly reports: Report[] = [];
  readonly #process: ChildProcess;

  constructor({ name }: NatSite) {
    const [program = '', ...words] = ['ip', 'netns', 'exec', name, process.execPath, join(folder, 'side.cjs')];
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#process.stdout) {
      createInterface(this.#process.stdout).on('line', (line) => this.reports.push(JSON.parse(line)));
    }
  }

  static async register(site: NatSite, number: string, calls: Partial<CallSettings>): Promise<Phone> {
    const phone = new Phone(site);
    phones.push(phone);
    const start = { id: `a${number}`, number, displayName: '', server: exchange.server, outboundProxy: '', calls };
    phone.tell({ start, password: 'good-pass' });
    await phone.shows('registered', ({ registration }) => registration === 'registered');
    return phone;
  }

  get now(): Report | undefined {
    return this.reports.at(-1);
  }

  get heard(): number {
    return this.now?.heard ?? 0;
  }

  tell(order: Order): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  shows(what: string, is: (report: Report) => boolean, ms = 15_000): Promise<void> {
    return until(what, () => this.now !== undefined && is(this.now), ms)
      .then(() => undefined)
      .catch((error) => {
        throw new Error(`${error.message}: ${JSON.stringify(this.now)}`);
      });
  }

  /** Half a second more of sound. */
  hearsMore(): Promise<void> {
    const before = this.heard;
    return this.shows('more sound', ({ heard }) => heard > before + 25);
  }

  /** It shows that a call is broken, which goes on afterwards. */
  async recovers(id: string | undefined): Promise<void> {
    await this.shows('the broken call', ({ wasBroken }) => wasBroken);
    await this.shows('the call as before', ({ calls }) => {
      const [call] = calls;
      return call?.id === id && call?.state === 'active' && call.reconnecting === undefined;
    });
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tandem-moving-'));
const phones: Phone[] = [];
let net: Netns;
let exchange: ExchangeProcess;

beforeAll(async () => {
  buildSync({
    entryPoints: [fileURLToPath(new URL('./moving/phone-side.ts', import.meta.url))],
    outfile: join(folder, 'side.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  net = Netns.open();
  exchange = await ExchangeProcess.start({
    users: Object.fromEntries([1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008].map((number) => [number, 'good-pass'])),
    namespace: { name: net.exchange, address: EXCHANGE_ADDRESS },
  });
});
afterAll(async () => {
  for (const phone of phones.splice(0)) phone.close();
  await exchange?.close();
  net?.close();
  rmSync(folder, { recursive: true, force: true });
});

// At once: what takes its time is waiting.
it.concurrent.each([
  ['without ICE', ['1001', '1002'], { ice: 'never' }],
  ['with ICE', ['1003', '1004'], { ice: 'always' }],
  ['protected', ['1005', '1006'], { ice: 'always', protection: 'always', keyExchange: 'dtls' }],
] as const)(
  'a call between two of our phones, %s, goes on when one of them moves',
  async (_how, [one, other], calls) => {
    const site = net.host();
    const [anna, ben] = await Promise.all([Phone.register(site, one, calls), Phone.register(net.host(), other, calls)]);
    anna.tell({ call: other });
    await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
    ben.tell({ answer: true });
    await Promise.all([anna.hearsMore(), ben.hearsMore()]);
    net.unplug(site);
    net.plugIn(site);
    await anna.recovers(anna.now?.calls[0]?.id);
    await Promise.all([anna.hearsMore(), ben.hearsMore()]);
  },
);

it.concurrent('a call with baresip goes on when our phone was without a network for a while', async () => {
  const site = net.host();
  const there = net.host();
  const anna = await Phone.register(site, '1007', {});
  const ben = await Baresip.start({
    aor: `sip:1008@${exchange.server}`,
    password: 'good-pass',
    codecs: ['PCMU/8000/1'],
    namespace: { name: there.name, address: there.privateAddress },
  });
  try {
    anna.tell({ call: '1008' });
    await anna.hearsMore();
    const id = anna.now?.calls[0]?.id;
    net.unplug(site);
    await anna.shows('the broken call', ({ calls }) => calls.some(({ reconnecting }) => reconnecting !== undefined));
    expect(anna.now?.calls[0]?.state).toBe('active');
    net.plugIn(site);
    await anna.recovers(id);
    await anna.hearsMore();
  } finally {
    await ben.close();
  }
});

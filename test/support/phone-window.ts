/** A Tandem window used as a person would: by the names of its fields and buttons, and with its sound measured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { launchTandem, type Tandem } from './electron.ts';
import { until } from './until.ts';

const orEmpty = (text: string | null): string => text ?? '';

export interface SoundReading {
  readonly received: number;
  readonly lost: number;
  readonly sent: number;
  /** Total energy heard so far (the statistic of that name in WebRTC); silence adds nothing. */
  readonly energy: number;
  readonly codec: string;
}

export interface SignIn {
  readonly number: string;
  readonly password: string;
  readonly server: string;
  readonly outboundProxy?: string;
}

/** Keeps every peer connection of the page, so that its statistics can be read: the product itself offers no such door. */
const WATCH_CONNECTIONS = `
  window.connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); window.connections.push(this); }
  };
`;

const READ_SOUND = `(async () => {
  let reading = { received: 0, lost: 0, sent: 0, energy: 0, codec: '' };
  for (const connection of window.connections) {
    if (connection.connectionState === 'closed') continue;
    const stats = await connection.getStats();
    let found = false;
    const next = { received: 0, lost: 0, sent: 0, energy: 0, codec: '' };
    stats.forEach((row) => {
      if (row.type === 'inbound-rtp') {
        found = true;
        next.received += row.packetsReceived ?? 0;
        next.lost += row.packetsLost ?? 0;
        next.energy += row.totalAudioEnergy ?? 0;
        next.codec = stats.get(row.codecId)?.mimeType ?? '';
      } else if (row.type === 'outbound-rtp') next.sent += row.packetsSent ?? 0;
    });
    if (found) reading = next;
  }
  return reading;
})()`;

/** The levels of frequencies, in dB, in what the window sends in one of its calls. */
const READ_SENT = async ({ wanted, call }: { wanted: readonly number[]; call: number }): Promise<number[]> => {
  const { connections } = window as unknown as { connections: RTCPeerConnection[] };
  const track = connections[call]?.getSenders()[0]?.track;
  if (!track) return wanted.map(() => Number.NEGATIVE_INFINITY);
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  // Two windows of its analysis long, by the clock of the sound: on a busy computer that of the wall is ahead of it.
  const end = context.currentTime + (2 * analyser.fftSize) / context.sampleRate;
  for (let left = 100; left > 0 && context.currentTime < end; left--)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  await context.close();
  return wanted.map((hz) => {
    const bin = Math.round((hz * analyser.fftSize) / context.sampleRate);
    return Math.max(...levels.slice(bin - 1, bin + 2));
  });
};

export class PhoneWindow {
  readonly page: Page;
  /** The main process, for tests that play the operating system's part. */
  readonly app: ElectronApplication;
  readonly dataDir: string;
  readonly #close: () => Promise<void>;
  readonly #ownsData: boolean;

  private constructor({ app, page, close }: Tandem, dataDir: string, ownsData: boolean) {
    this.page = page;
    this.app = app;
    this.dataDir = dataDir;
    this.#close = close;
    this.#ownsData = ownsData;
  }

  static async open(
    options: { dataDir?: string; args?: string[]; env?: Record<string, string> } = {},
  ): Promise<PhoneWindow> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tandem-profile-'));
    const tandem = await launchTandem({ dataDir, args: options.args ?? [], env: options.env ?? {} });
    await tandem.app.context().addInitScript(WATCH_CONNECTIONS);
    await tandem.page.reload();
    return new PhoneWindow(tandem, dataDir, options.dataDir === undefined);
  }

  async signIn(account: SignIn): Promise<void> {
    const { page } = this;
    await page.getByRole('textbox', { name: 'Number', exact: true }).fill(account.number);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(account.password);
    await page.getByRole('textbox', { name: 'Server', exact: true }).fill(account.server);
    if (account.outboundProxy !== undefined) {
      await page.getByText('More', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Outbound proxy' }).fill(account.outboundProxy);
    }
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** Signs in and waits until the registrar accepted it. */
  async register(account: SignIn): Promise<void> {
    await this.signIn(account);
    await this.accountShows(/registered/i);
  }

  async call(target: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Name or number' }).fill(target);
    await this.press('Call');
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
  }

  line(): Promise<string> {
    return this.page.getByRole('status', { name: 'Line', exact: true }).textContent().then(orEmpty);
  }

  account(): Promise<string> {
    return this.page.getByRole('status', { name: 'Account', exact: true }).textContent().then(orEmpty);
  }

  async lineShows(text: RegExp, timeoutMs = 15_000): Promise<void> {
    await this.#shows('Line', () => this.line(), text, timeoutMs);
  }

  async accountShows(text: RegExp, timeoutMs = 20_000): Promise<void> {
    await this.#shows('Account', () => this.account(), text, timeoutMs);
  }

  sound(): Promise<SoundReading> {
    return this.page.evaluate(READ_SOUND) as Promise<SoundReading>;
  }

  /** The levels of these frequencies, in dB, in what is sent in the call that began as number `call`, from 0. */
  sentTones(call: number, ...wanted: readonly number[]): Promise<number[]> {
    return this.page.evaluate(READ_SENT, { wanted, call });
  }

  /** The level of the loudest of them. */
  async sentTone(call: number, ...wanted: readonly number[]): Promise<number> {
    return Math.max(...(await this.sentTones(call, ...wanted)));
  }

  /** Waits until at least `packets` more packets came than at the time of the call, with sound in them. */
  async hears(packets = 50, timeoutMs = 15_000): Promise<SoundReading> {
    const before = await this.sound();
    return until(
      `${packets} packets with sound`,
      async () => {
        const now = await this.sound();
        return now.received - before.received >= packets && now.energy > before.energy + 1e-5 ? now : undefined;
      },
      timeoutMs,
    ).catch(async (error) => {
      const now = await this.sound();
      throw new Error(`${error.message}: ${JSON.stringify({ before, now })}; the line says: ${await this.line()}`);
    });
  }

  async close(): Promise<void> {
    await this.#close();
    if (this.#ownsData) rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #shows(region: string, read: () => Promise<string>, text: RegExp, timeoutMs: number): Promise<void> {
    let last = '';
    await until(
      `${region} to show ${text}`,
      async () => {
        last = await read();
        return text.test(last);
      },
      timeoutMs,
    ).catch((error) => {
      throw new Error(`${error.message}; it shows: ${last}`, { cause: error });
    });
  }
}

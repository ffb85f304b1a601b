/** A desktop's tray on a bus of its own: what programs show there, and pressing in their menus. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

const SCRIPT = resolve(import.meta.dirname, 'tray.py');

interface Word {
  readonly ready?: true;
  readonly item?: string;
  readonly labels?: readonly string[];
  readonly pressed?: string;
}

export class Tray {
  /** As `DBUS_SESSION_BUS_ADDRESS` has it. */
  readonly bus: string;
  readonly #daemon: ChildProcess;
  readonly #tray: ChildProcess;
  readonly #said: Word[] = [];

  private constructor(bus: string, daemon: ChildProcess, tray: ChildProcess) {
    this.bus = bus;
    this.#daemon = daemon;
    this.#tray = tray;
    if (tray.stdout) createInterface(tray.stdout).on('line', (line) => line && this.#said.push(JSON.parse(line)));
  }

  static async open(): Promise<Tray> {
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [address] = await once(daemon.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
    const bus = String(address).trim();
    const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: bus };
    const script = spawn('/usr/bin/python3', [SCRIPT], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const tray = new Tray(bus, daemon, script);
    await until('the tray', () => tray.#said.some(({ ready }) => ready === true));
    return tray;
  }

  /** The labels in the menu of the sign that came last. */
  async menu(): Promise<readonly string[]> {
    return (await this.#ask('menu', ({ labels }) => labels !== undefined)).labels ?? [];
  }

  async press(label: string): Promise<void> {
    await this.#ask(`press ${label}`, ({ pressed }) => pressed === label);
  }

  async close(): Promise<void> {
    for (const process of [this.#tray, this.#daemon]) {
      if (process.exitCode !== null) continue;
      process.kill();
      await once(process, 'exit');
    }
  }

  async #ask(word: string, answers: (said: Word) => boolean): Promise<Word> {
    await until('a sign in the tray', () => this.#said.some(({ item }) => item !== undefined));
    const from = this.#said.length;
    this.#tray.stdin?.write(`${word}\n`);
    return until(`the tray to answer "${word}"`, () => this.#said.slice(from).find(answers));
  }
}

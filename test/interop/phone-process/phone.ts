/** A phone of ours in a namespace, in a process of its own (`phone-side.ts`): steered, and watched by its reports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { CallSettings } from '../../../app/shared/call-settings.ts';
import type { NatSite } from '../../support/netns.ts';
import { until } from '../../support/until.ts';
import type { Order, Report } from './phone-side.ts';

/** Makes the program of the phones. */
export function buildPhone(script: string): void {
  buildSync({
    entryPoints: [fileURLToPath(new URL('./phone-side.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}

export class Phone {
  readonly reports: Report[] = [];
  readonly #process: ChildProcess;

  constructor(script: string, { name }: NatSite) {
    const [program = '', ...words] = ['ip', 'netns', 'exec', name, process.execPath, script];
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#process.stdout) {
      createInterface(this.#process.stdout).on('line', (line) => this.reports.push(JSON.parse(line)));
    }
  }

  /** Signs in with the password `good-pass`. */
  async register(server: string, number: string, calls: Partial<CallSettings>): Promise<void> {
    const start = { id: `a${number}`, number, displayName: '', server, outboundProxy: '', calls };
    this.tell({ start, password: 'good-pass' });
    await this.shows('registered', ({ registration }) => registration === 'registered');
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

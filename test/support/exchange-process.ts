/** `tandem serve` as an office runs it: a process of its own, which a test may also kill. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/tandem.mjs');
const run = promisify(execFile);

/** Runs one `tandem` command to its end; rejects with what it printed to stderr. */
export async function tandem(...args: string[]): Promise<string> {
  return (await run(process.execPath, [SCRIPT, ...args])).stdout;
}

export interface ExchangeOptions {
  /** Numbers, each with its password. */
  readonly users: Readonly<Record<string, string>>;
}

export class ExchangeProcess {
  readonly dataDir: string;
  readonly port: number;
  #process: ChildProcess | undefined;
  #stdout = '';
  #stderr = '';

  private constructor(dataDir: string, port: number) {
    this.dataDir = dataDir;
    this.port = port;
  }

  /** What a phone types as its server. */
  get server(): string {
    return `127.0.0.1:${this.port}`;
  }

  get output(): string {
    return this.#stdout + this.#stderr;
  }

  static async start(options: ExchangeOptions): Promise<ExchangeProcess> {
    const exchange = new ExchangeProcess(mkdtempSync(join(tmpdir(), 'tandem-exchange-')), await freePort());
    try {
      await exchange.serve();
      for (const [number, password] of Object.entries(options.users)) {
        await tandem('user', 'add', number, '--password', password, '--data', exchange.dataDir);
      }
    } catch (error) {
      await exchange.close();
      throw error;
    }
    return exchange;
  }

  /** Starts the server on the same data and port, and waits for its "ready" line. */
  async serve(): Promise<void> {
    this.#stdout = '';
    const listen = (transport: string) => ['--listen', `${transport}://127.0.0.1:${this.port}`];
    const args = [SCRIPT, 'serve', '--data', this.dataDir, '--domain', '127.0.0.1', ...listen('udp'), ...listen('tcp')];
    // A process group of its own, so that `kill` also reaches what the script starts.
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#process = child;
    child.stdout.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      this.#stderr = (this.#stderr + chunk).slice(-20_000);
    });
    await until(
      'the exchange to be ready',
      () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        return this.#stdout.includes('ready ');
      },
      30_000,
    ).catch((error) => {
      throw new Error(`${error.message}\n${this.output}`, { cause: error });
    });
  }

  /** No file of it may grow beyond `bytes` from now on, as on a full disk; undefined lifts that. */
  limitFiles(bytes: number | undefined): void {
    const pid = String(this.#process?.pid);
    execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes ?? 'unlimited'}:unlimited`]);
  }

  /** Ends it as a power cut would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    process.kill(-child.pid, signal);
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

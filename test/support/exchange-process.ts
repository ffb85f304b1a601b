/** `tandem serve` as an office runs it: a process of its own, which a test may also kill. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { connectControl } from '../../proxy-core/node/control/index.ts';
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
  /** Where it runs when not on loopback (see netns.ts), and its address there. */
  readonly namespace?: { readonly name: string; readonly address: string };
  /** Memory for what lasts, in MB, as on a small computer. */
  readonly heapMb?: number;
  /** More options of `tandem serve`. */
  readonly serve?: readonly string[];
}

export class ExchangeProcess {
  readonly dataDir: string;
  readonly port: number;
  readonly #options: ExchangeOptions;
  #process: ChildProcess | undefined;
  #stdout = '';
  #stderr = '';

  private constructor(dataDir: string, port: number, options: ExchangeOptions) {
    this.dataDir = dataDir;
    this.port = port;
    this.#options = options;
  }

  /** What a phone types as its server. */
  get server(): string {
    return `${this.address}:${this.port}`;
  }

  get address(): string {
    return this.#options.namespace?.address ?? '127.0.0.1';
  }

  get output(): string {
    return this.#stdout + this.#stderr;
  }

  static async start(options: ExchangeOptions): Promise<ExchangeProcess> {
    const exchange = new ExchangeProcess(mkdtempSync(join(tmpdir(), 'tandem-exchange-')), await freePort(), options);
    try {
      await exchange.serve();
      await exchange.#addUsers();
    } catch (error) {
      await exchange.close();
      throw error;
    }
    return exchange;
  }

  /** Starts the server on the same data and port, and waits for its "ready" line. */
  async serve(): Promise<void> {
    this.#stdout = '';
    const listen = (transport: string) => ['--listen', `${transport}://${this.server}`];
    const { namespace, heapMb, serve = [] } = this.#options;
    const where = ['--data', this.dataDir, '--domain', this.address, ...listen('udp'), ...listen('tcp')];
    const memory = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
    const command = [process.execPath, ...memory, SCRIPT, 'serve', ...where, ...serve];
    const prefix = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace.name];
    const [program = process.execPath, ...args] = [...prefix, ...command];
    // A process group of its own, so that `kill` also reaches what the script starts.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
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

  /** As `tandem user add` does, without a process for each. */
  async #addUsers(): Promise<void> {
    const control = await connectControl(this.dataDir);
    if (control === undefined) throw new Error('the exchange has no control socket');
    try {
      for (const [number, password] of Object.entries(this.#options.users))
        await control.call('users.add', { number, password });
    } finally {
      control.close();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

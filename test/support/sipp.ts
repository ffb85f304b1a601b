/** A real sipp on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Sipp {
  readonly #process: ChildProcess;
  readonly #dir: string;
  #output = '';
  readonly #ended: Promise<number | null>;

  private constructor(process: ChildProcess, dir: string) {
    this.#process = process;
    this.#dir = dir;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output = (this.#output + chunk.toString('latin1')).slice(-50_000);
      });
    }
    this.#ended = new Promise((resolve) => process.once('exit', resolve));
  }

  /** Starts sipp with these arguments in a folder of its own; it ends by itself or with `close`. */
  static start(args: readonly string[]): Sipp {
    const dir = mkdtempSync(join(tmpdir(), 'sipp-'));
    const child = spawn('sipp', [...args, '-nostdin', '-trace_err'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Sipp(child, dir);
  }

  get output(): string {
    return this.#output;
  }

  /** The exit code: 0 when every call went as its scenario says. */
  async ended(): Promise<number | null> {
    return this.#ended;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await this.#ended;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

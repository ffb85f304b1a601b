/** A program with a window that is started, asked and ended: Tandem, or Debian's linphone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, familyOf } from '../cpu.ts';
import type { Display } from './display.ts';

const PATIENCE_MS = 60_000;

export interface Started {
  /** ms from the start of the program to its window, or to the field that one dials in. */
  readonly afterMs: number;
  readonly program: Program;
}

export class Program {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Of all its processes, since each began. */
  get cpuMs(): number {
    return cpuMs(this.#child.pid ?? 0);
  }

  /** MB of all its processes, what they share counted once (PSS). */
  get memory(): number {
    const kb = [...familyOf(this.#child.pid ?? 0)].map((pid) => {
      try {
        return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
      } catch {
        return 0;
      }
    });
    return kb.reduce((sum, one) => sum + one, 0) / 1024;
  }

  /** What a script gives in the page. Tandem alone. */
  async ask<T>(script: string): Promise<T> {
    this.#child.send({ script });
    return (await this.#told('value')) as T;
  }

  async press(key: string): Promise<void> {
    this.#child.send({ key });
    await this.#told('value');
  }

  /** When one may dial, ms since 1970. */
  async ready(): Promise<number> {
    return (await this.#told('ready')) as number;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(limit);
  }

  async #told(what: string): Promise<unknown> {
    for (;;) {
      const [told] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [object];
      if (what in told) return (told as Record<string, unknown>)[what];
      if ('failed' in told) throw new Error(String(told.failed));
    }
  }
}

export interface Tandem {
  readonly electron: string;
  readonly root: string;
  readonly data: string;
}

export async function startTandem(display: Display, { electron, root, data }: Tandem): Promise<Started> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const watch = join(root, 'test/bench/app/watch.cjs');
  const words = [...asRoot, '-r', watch, '--disable-gpu', root, '--data', data, '--loopback'];
  const began = Date.now();
  const child = spawn(electron, words, { env: own(display, data), stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const program = new Program(child);
  return { program, afterMs: (await program.ready()) - began };
}

/** It wants a session bus, which is there before its time counts. Undefined where it is not installed. */
export async function startLinphone(display: Display): Promise<Started | undefined> {
  if (!['linphone', 'dbus-daemon'].every(isInstalled)) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'tandem-bench-linphone-'));
  const env = own(display, home);
  const words = ['--session', '--nofork', '--nosyslog', '--print-address=1'];
  const bus = spawn('dbus-daemon', words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [address] = await once(bus.stdout, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
  const shown = display.nextWindow();
  const began = Date.now();
  const child = spawn('linphone', [], {
    env: { ...env, DBUS_SESSION_BUS_ADDRESS: String(address).trim() },
    stdio: 'ignore',
  });
  child.once('exit', () => {
    bus.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return { program: new Program(child), afterMs: (await shown) - began };
}

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

/** No keychain, no session bus: each run is like the last one. */
function own(display: Display, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(DBUS_|GNOME_|KDE_|ELECTRON_|XDG_|WAYLAND)/.test(name),
  );
  const runtime = join(home, 'runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const xdg = { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_RUNTIME_DIR: runtime };
  return { ...Object.fromEntries(kept), ...xdg, HOME: home, DISPLAY: display.name };
}

/** Starts the built Tandem in a real Electron, with made-up sound devices and every socket on loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

export interface Tandem {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Everything the program wrote, for the message of a test that fails. */
  output(): string;
  /** Ends the program as a person would, and by force when it does not end. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** One profile; two programs with two folders run side by side. */
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../..');
/**
 * Holds the program back until Playwright has taken hold of it. Playwright adds it by itself only where it chooses the
 * Electron; without it, a window that opens quickly is sometimes never seen.
 */
export const LOADER = resolve(root, 'node_modules/playwright-core/lib/server/electron/loader.js');

/** Writes the boxes of the operating system to stdout instead of showing them. */
const BOXES = resolve(root, 'test/support/answered-boxes.cjs');

const OPEN_MS = 30_000;
const CLOSE_MS = 15_000;

let found: string | undefined;

/** As `scripts/electron.mjs` says; asked for once in each test process. */
export function electronPath(): string {
  if (found === undefined) {
    const asked = spawnSync(process.execPath, [resolve(root, 'scripts/electron.mjs')], { encoding: 'utf8' });
    if (asked.status !== 0) throw new Error(`No Electron to test with: ${asked.stderr}`);
    found = asked.stdout.trim();
  }
  return found;
}

/** Wants a display (the set-up of the e2e tests starts one) and a build. */
export async function launchTandem({ dataDir, args = [], env = {} }: LaunchOptions): Promise<Tandem> {
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: words(dataDir, ['-r', LOADER, '-r', BOXES], args),
    cwd: root,
    env: { ...cleanEnvironment(), ...env },
    timeout: 60_000,
  });
  // Playwright gives it no more once it has ended by itself.
  const program = app.process();
  let said = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    });
  }
  try {
    const page = await app.firstWindow({ timeout: OPEN_MS });
    await page.waitForLoadState('load', { timeout: OPEN_MS });
    return { app, page, output: () => said, close: () => closeTandem(app, program) };
  } catch (error) {
    await closeTandem(app, program);
    throw new Error(`The window did not open. Tandem said:\n${said}`, { cause: error });
  }
}

function words(dataDir: string, loaded: readonly string[], args: readonly string[]): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // No --use-fake-ui-for-media-stream: it would grant everything past the program's own decision on permissions.
  const chromium = ['--disable-gpu', '--use-fake-device-for-media-stream'];
  return [...asRoot, ...loaded, ...chromium, root, '--data', dataDir, '--loopback', ...args];
}

/** A box of the operating system, and what it lay over. */
export interface Box {
  readonly over: 'the window' | 'nothing';
  readonly type: string;
  readonly message: string;
  readonly detail?: string;
}

export function boxesIn(output: string): Box[] {
  return [...output.matchAll(/^box (.*)$/gm)].map(([, box]) => JSON.parse(box ?? '') as Box);
}

/** Starts a Tandem that is to end by itself; gives how it did. */
export async function runToEnd(dataDir: string): Promise<{ code: number | null; stderr: string; boxes: Box[] }> {
  const program = spawn(electronPath(), words(dataDir, ['-r', BOXES], []), {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: OPEN_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  program.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  program.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(program, 'close')) as [number | null];
  return { code, stderr, boxes: boxesIn(stdout) };
}

/** No keychain, no session bus, no variables of another Electron: every computer gives the same result. */
function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(DBUS_|GNOME_|KDE_|ELECTRON_|NODE_OPTIONS|VITEST)/.test(name),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), ELECTRON_DISABLE_SECURITY_WARNINGS: '1' };
}

async function closeTandem(app: ElectronApplication, program: ChildProcess): Promise<void> {
  const limit = setTimeout(() => program.kill('SIGKILL'), CLOSE_MS);
  try {
    await app.close();
  } catch {
    // It was gone already: the test ended it, or it fell.
  } finally {
    clearTimeout(limit);
  }
}

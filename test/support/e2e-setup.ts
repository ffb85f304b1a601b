/** Before the tests with windows: a build that is up to date, and a display where there is none. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

const root = resolve(import.meta.dirname, '../..');

export default async function setUp(): Promise<() => Promise<void>> {
  const built = spawnSync(process.execPath, [resolve(root, 'scripts/build.mjs'), '--if-stale'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  if (process.platform !== 'linux' || process.env.DISPLAY) return async () => {};
  const { display, server } = await startDisplay();
  process.env.DISPLAY = display;
  return async () => {
    delete process.env.DISPLAY;
    if (server.exitCode !== null) return;
    server.kill();
    await once(server, 'exit');
  };
}

/** Xvfb takes a number that is free and tells which once it accepts. */
async function startDisplay(): Promise<{ display: string; server: ChildProcess }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = server.stdio[3] as Readable;
  const [said] = await Promise.race([
    once(number, 'data', { signal: AbortSignal.timeout(20_000) }),
    once(server, 'exit').then(() => {
      throw new Error('Xvfb ended before it had a display.');
    }),
  ]);
  return { display: `:${String(said).trim()}`, server };
}

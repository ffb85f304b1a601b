/** Before the tests with windows: a build that is up to date, and a display where there is none. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { openDisplay } from './display.ts';

const root = resolve(import.meta.dirname, '../..');

export default async function setUp(): Promise<() => Promise<void>> {
  const built = spawnSync(process.execPath, [resolve(root, 'scripts/build.mjs'), '--if-stale'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  if (process.platform !== 'linux' || process.env.DISPLAY) return async () => {};
  const display = await openDisplay();
  process.env.DISPLAY = display.name;
  return async () => {
    delete process.env.DISPLAY;
    await display.close();
  };
}

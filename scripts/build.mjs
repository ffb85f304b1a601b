/**
 * Builds the desktop program into out/, beside the old build and moved into place at the end, so that a window that is
 * just starting never finds half of it. `--if-stale` does nothing when the build is newer than its sources.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { isStale } from './fresh.mjs';
import { isMain, root } from './project.mjs';

const sources = ['app', 'proxy-core', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'scripts/words'];
const services = ['phone', 'exchange', 'people', 'backup'];
/** Tells the phone that runs what to do; without a window, by Node alone. */
const steer = ['app/main/steer.ts', 'steer.cjs'];
const stamp = 'out/built';

/** Quiet unless it fails; throws with what the build tool said. */
export function build({ ifStale = false } = {}) {
  if (ifStale && !isStale(stamp, sources)) return;
  const began = new Date();
  const work = join(root, `out/next-${process.pid}`);
  const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  try {
    const built = spawnSync(process.execPath, [tool, 'build'], {
      cwd: root,
      env: { ...process.env, TANDEM_OUT: work },
      encoding: 'utf8',
    });
    if (built.status !== 0) throw new Error(`The build failed.\n${built.stdout}${built.stderr}`);
    bundleServices(join(work, 'main'));
    for (const part of ['main', 'preload', 'renderer']) replace(join(root, 'out', part), join(work, part), work);
    // What was changed while it was built counts as not built yet.
    writeFileSync(join(root, stamp), '');
    utimesSync(join(root, stamp), began, began);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export function bundleServices(folder) {
  for (const name of services) bundle(`app/services/${name}/index.ts`, join(folder, `${name}.cjs`));
  bundle(steer[0], join(folder, steer[1]));
}

function replace(target, next, work) {
  mkdirSync(join(root, 'out'), { recursive: true });
  if (existsSync(target)) renameSync(target, join(work, `old-${Math.random()}`));
  renameSync(next, target);
}

if (isMain(import.meta)) {
  try {
    build({ ifStale: process.argv.includes('--if-stale') });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

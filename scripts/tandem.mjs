/** `npm run -s tandem -- …`: the command line from a checkout. Builds it, without a word, when something changed. */
import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { isStale } from './fresh.mjs';
import { callersFolder, root } from './project.mjs';

const built = 'out/cli/tandem.cjs';
const target = join(root, built);

if (isStale(built, ['proxy-core', 'package.json', 'package-lock.json', 'scripts/bundle.mjs'])) {
  const began = new Date();
  const work = join(root, `out/cli/next-${process.pid}.cjs`);
  mkdirSync(join(root, 'out/cli'), { recursive: true });
  try {
    bundle('proxy-core/cli/main.ts', work);
    utimesSync(work, began, began);
    // Several commands may start at once: each finds either the old build or a whole new one.
    renameSync(work, target);
  } finally {
    rmSync(work, { force: true });
  }
}
process.chdir(callersFolder());
// In this process, so that signals, exit code and streams are the command's own.
await import(pathToFileURL(target).href);

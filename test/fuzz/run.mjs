/** `npm run fuzz -- --seconds N [--seed S]`: builds the fuzzers and the command, each into one file, and lets them run. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../scripts/project.mjs';

// Beside the sources, in effect: the corpus and the torture messages are found from there.
const outfile = join(root, 'test', 'fuzz', '.fuzz.mjs');
buildSync({
  entryPoints: [join(root, 'test', 'fuzz', 'main.ts')],
  ...{ outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external' },
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

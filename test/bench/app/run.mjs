/** `npm run bench:app [-- --quick]`: builds the program and its bench, and runs it beside linphone-desktop under Xvfb. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { build } from '../../../scripts/build.mjs';
import { electronPath } from '../../../scripts/electron.mjs';
import { root } from '../../../scripts/project.mjs';

build({ ifStale: true });
const out = join(root, '.cache', 'bench', 'app');
mkdirSync(out, { recursive: true });
const bench = join(out, 'main.mjs');
buildSync({
  entryPoints: [join(root, 'test', 'bench', 'app', 'main.ts')],
  outfile: bench,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['@photostructure/sqlite'],
  // Some packages are CommonJS and ask for what is built in.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
const args = [bench, await electronPath(), root, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

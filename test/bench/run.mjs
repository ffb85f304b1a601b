/**
 * `npm run bench [-- --only ROW] [-- --quick]`: builds the command and the bench, each into one file, and runs them. Needs
 * kamailio and sipp.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { root } from '../../scripts/project.mjs';

const out = join(root, '.cache', 'bench');
mkdirSync(out, { recursive: true });
const program = join(out, 'tandem.cjs');
const bench = join(out, 'bench.mjs');
bundle('proxy-core/cli/main.ts', program);
buildSync({
  entryPoints: [join(root, 'test', 'bench', 'main.ts')],
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
const args = [bench, program, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

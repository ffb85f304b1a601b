/** `npm run bench:media [-- --quick]`: builds the bench of the media gateway into three files and runs it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../../scripts/project.mjs';

const out = join(root, '.cache', 'bench', 'media');
mkdirSync(out, { recursive: true });
const built = ['main', 'gateway', 'talkers'].map((name) => {
  const outfile = join(out, `${name}.mjs`);
  buildSync({
    entryPoints: [join(root, 'test', 'bench', 'media', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    // Some packages are CommonJS and ask for what is built in.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  return outfile;
});
const { status } = spawnSync(process.execPath, [...built, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

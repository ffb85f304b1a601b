/** `node test/bench/relay/run.mjs`: builds the relay's bench into two files and runs it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../../scripts/project.mjs';

const out = join(root, '.cache', 'bench', 'relay');
mkdirSync(out, { recursive: true });
const built = ['main', 'server'].map((name) => {
  const outfile = join(out, `${name}.mjs`);
  const entry = join(root, 'test', 'bench', 'relay', `${name}.ts`);
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  return outfile;
});
const { status } = spawnSync(process.execPath, built, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

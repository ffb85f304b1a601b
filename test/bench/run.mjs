/** `npm run bench`: builds the command and the bench, each into one file, and runs them. Needs kamailio and sipp. */
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
const entry = join(root, 'test', 'bench', 'main.ts');
buildSync({ entryPoints: [entry], outfile: bench, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
const { status } = spawnSync(process.execPath, [bench, program], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

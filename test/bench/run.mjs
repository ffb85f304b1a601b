/**
 * `npm run bench [-- --only ROW] [-- --quick]`: builds the command and the bench, each into one file, and runs them. Needs
 * kamailio and sipp.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../scripts/bundle.mjs';
import { root } from '../../scripts/project.mjs';
import { bundleBench } from './bundle-bench.mjs';

const out = join(root, '.cache', 'bench');
mkdirSync(out, { recursive: true });
const program = join(out, 'tandem.cjs');
const bench = join(out, 'bench.mjs');
bundle('proxy-core/cli/main.ts', program);
bundleBench(join(root, 'test', 'bench', 'main.ts'), bench);
const args = [bench, program, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

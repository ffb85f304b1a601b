/** `npm run bench:app [-- --quick]`: builds the program and its bench, and runs it beside linphone-desktop under Xvfb. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../../scripts/build.mjs';
import { electronPath } from '../../../scripts/electron.mjs';
import { root } from '../../../scripts/project.mjs';
import { bundleBench } from '../bundle-bench.mjs';

build({ ifStale: true });
const out = join(root, '.cache', 'bench', 'app');
mkdirSync(out, { recursive: true });
const bench = join(out, 'main.mjs');
bundleBench(join(root, 'test', 'bench', 'app', 'main.ts'), bench);
const args = [bench, await electronPath(), root, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

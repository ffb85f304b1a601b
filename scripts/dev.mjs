/** `npm run dev`: the window with its page reloading as it is edited. Services are built once, at the start. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleServices } from './build.mjs';
import { electronPath } from './electron.mjs';
import { root } from './project.mjs';

const electron = await electronPath({ note: (sentence) => console.error(sentence) });
bundleServices(join(root, 'out/main'));
const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--noSandbox'] : [];
const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
const child = spawn(process.execPath, [tool, 'dev', '--watch', ...asRoot, '--', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ELECTRON_EXEC_PATH: electron },
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

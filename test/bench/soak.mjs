/**
 * `npm run soak [-- CALLS] [--full]`: call after call through the phone, and what they leave behind: a thousand if not told
 * in one process without a window, then a hundred, with `--full` a thousand, in the real program.
 */
import { spawnSync } from 'node:child_process';
import { root } from '../../scripts/project.mjs';

const words = process.argv.slice(2);
const calls = words.find((word) => /^\d+$/.test(word)) ?? '1000';
const runs = [
  ['interop', 'test/interop/phone-soak.test.ts', { TANDEM_SOAK_CALLS: calls }],
  ['e2e', 'test/e2e/gateway.test.ts', { TANDEM_SOAK_WINDOW_CALLS: words.includes('--full') ? '1000' : '100' }],
];
for (const [project, file, env] of runs) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, file];
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exitCode = 1;
}

/** `npm run soak [-- CALLS]`: call after call through the phone, a thousand if not told, and what they leave behind. */
import { spawnSync } from 'node:child_process';
import { root } from '../../scripts/project.mjs';

const env = { ...process.env, TANDEM_SOAK_CALLS: process.argv[2] ?? '1000' };
const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'interop', 'test/interop/phone-soak.test.ts'];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);

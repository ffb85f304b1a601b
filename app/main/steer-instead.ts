/** Hands the words of a start that only steers to a program without a window (`steer.ts`), and waits for its end. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Gives the code to end with. */
export function steerInstead(words: readonly string[], folder: string): number {
  const { status, error } = spawnSync(process.execPath, [join(__dirname, 'steer.cjs'), ...words, '--data', folder], {
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (error) console.error(`The running phone could not be asked: ${error.message}.`);
  return status ?? 1;
}

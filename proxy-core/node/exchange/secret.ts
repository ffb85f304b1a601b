/** The exchange's own secret: kept, so that dialogs from before a restart are still known after it. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomHex } from '../random.ts';

const BYTES = 32;

/** Reads or makes it; the caller holds the data directory. 64 hexadecimal digits. */
export function exchangeSecret(dataDir: string): string {
  const path = join(dataDir, 'exchange.key');
  try {
    const kept = readFileSync(path, 'latin1').trim();
    if (/^[0-9a-f]{64}$/.test(kept)) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomHex(BYTES);
  writeFileSync(`${path}.new`, `${secret}\n`, { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
  return secret;
}

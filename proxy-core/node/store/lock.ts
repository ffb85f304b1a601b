/**
 * One owner for a data directory: an exclusive transaction on an empty SQLite file. The operating system lets go of it
 * when the process ends in any way, so there is no stale lock to clean up, and it works alike on all systems.
 */
import { join } from 'node:path';
import { isBusy, StoreLockedError } from './errors.ts';
import { openSqlite } from './sqlite.ts';

export interface DirectoryLock {
  release(): void;
}

const RETRY_MS = 50;

/**
 * Takes the lock of `dataDir`, trying for at most `waitMs`.
 * @throws StoreLockedError when another program keeps it.
 */
export async function lockDirectory(dataDir: string, waitMs: number): Promise<DirectoryLock> {
  const path = join(dataDir, 'tandem.lock');
  for (let waited = 0; ; waited += RETRY_MS) {
    const db = openSqlite(path, 0);
    try {
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return { release: () => db.close() };
    } catch (error) {
      db.close();
      if (!isBusy(error)) throw error;
      if (waited >= waitMs) {
        throw new StoreLockedError(
          `Another Tandem is using the data directory ${dataDir}: stop it first, or choose another directory.`,
          { cause: error },
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** What can go wrong with the store, each as one clear sentence for a person. */

export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** The database file is damaged or is no database; nothing in it was changed. */
export class StoreCorruptError extends StoreError {
  override readonly name = 'StoreCorruptError';
}

/** Another program works on the same data directory. */
export class StoreLockedError extends StoreError {
  override readonly name = 'StoreLockedError';
}

/** A change could not be kept (full disk, failing disk): memory is as it was before. */
export class StoreWriteError extends StoreError {
  override readonly name = 'StoreWriteError';
}

/** The store was closed before the change. */
export class StoreClosedError extends StoreError {
  override readonly name = 'StoreClosedError';
}

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** SQLite's primary result code of an error, or 0 when it is not an error of SQLite. */
export function sqliteCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : 0;
}

export const isBusy = (error: unknown): boolean => [BUSY, LOCKED].includes(sqliteCode(error));
export const isCorrupt = (error: unknown): boolean => [CORRUPT, NOTADB].includes(sqliteCode(error));

/** Whether the storage as a whole is at fault, so that the next write would fail as well. */
export const isStorageFault = (error: unknown): boolean =>
  [BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB].includes(sqliteCode(error));

/** The sentence for a write that failed. */
export function writeError(cause: unknown): StoreWriteError {
  const reasons: Readonly<Record<number, string>> = {
    [FULL]: 'the disk is full',
    [READONLY]: 'the database is read-only',
    [IOERR]: 'the disk reports an error',
    [CORRUPT]: 'the database is damaged',
    [NOTADB]: 'the database is damaged',
    [BUSY]: 'another program holds the database',
  };
  const reason = reasons[sqliteCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new StoreWriteError(`The change could not be saved: ${reason}.`, { cause });
}

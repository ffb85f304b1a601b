/**
 * Puts a backup back: into a new directory first, which then takes the place of the old one. The old one is kept beside
 * it, and whatever goes wrong before that leaves everything as it was.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { openStore, StoreError, StoreLockedError } from '../store/index.ts';
import { lockDirectory } from '../store/lock.ts';
import { knownMigrations, migrate } from '../store/migrations.ts';
import { openSqlite } from '../store/sqlite.ts';
import { systemReason } from '../system-error.ts';
import { type Archive, type Manifest, readArchive } from './archive.ts';
import { compareOffices, type KindChange } from './compare.ts';
import { copyDatabase, syncDirectory } from './create.ts';
import { BackupError } from './error.ts';

export interface Restored {
  readonly manifest: Manifest;
  readonly changes: readonly KindChange[];
  /** Where the data that was there is now; absent where there was none, and after a dry run. */
  readonly kept?: string;
  /** Options that `serve` needs for what lay elsewhere, with the paths here. */
  readonly options: readonly { readonly option: string; readonly path: string }[];
}

export interface RestoreOptions {
  readonly file: string;
  readonly dataDir: string;
  readonly isDry: boolean;
  /** Who does it, for the audit log. */
  readonly by: string;
  /** ms since 1970. */
  readonly now: number;
}

const LOCK_WAIT_MS = 1_000;
const LOCK = 'tandem.lock';

/** @throws BackupError */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const dataDir = existsSync(options.dataDir) ? realpathSync(options.dataDir) : resolve(options.dataDir);
  const archive = readArchive(options.file);
  refuseNewer(archive.manifest, options.file);
  let place: string | undefined;
  try {
    mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
    place = mkdtempSync(`${dataDir}.restoring-`);
    const fresh = join(place, basename(dataDir));
    unpack(archive, fresh);
    const old = await copyOfOld(dataDir, join(place, 'old.db'));
    await prepare(fresh, options);
    const changes = compareOffices(old, join(fresh, 'tandem.db'));
    const kept = options.isDry ? undefined : await swap(dataDir, fresh, options.now);
    const named = archive.manifest.options.map(({ option, name }) => ({ option, path: join(dataDir, name) }));
    return { manifest: archive.manifest, changes, ...(kept !== undefined && { kept }), options: named };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (error instanceof StoreLockedError) {
      throw new BackupError(`An exchange, or a command, works on ${dataDir}: stop it first.`, { cause: error });
    }
    if (error instanceof StoreError) throw new BackupError(error.message, { cause: error });
    throw new BackupError(`The backup cannot be put back into ${dataDir}: ${systemReason(error)}.`, { cause: error });
  } finally {
    if (place !== undefined) rmSync(place, { recursive: true, force: true });
  }
}

function refuseNewer({ migrations, version }: Manifest, file: string): void {
  const unknown = migrations.find((name) => !knownMigrations.includes(name));
  if (unknown === undefined) return;
  throw new BackupError(
    `${file} was made by a newer version of Tandem (${version}): use that version, or a newer one.`,
  );
}

function unpack({ files }: Archive, into: string): void {
  mkdirSync(into, { mode: 0o700 });
  for (const { name, data } of files) {
    const path = join(into, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, data, { mode: 0o600, flag: 'wx' });
    const handle = openSync(path, 'r+');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

/** A copy of the database that is there, brought to the schema of this version, so that both can be compared. */
async function copyOfOld(dataDir: string, to: string): Promise<string | undefined> {
  const path = join(dataDir, 'tandem.db');
  if (!existsSync(path)) return undefined;
  try {
    copyDatabase(path, to);
    const db = openSqlite(to, 0);
    try {
      await migrate(db, path);
    } finally {
      db.close();
    }
    return to;
  } catch {
    // A damaged database is a reason to restore: then all of the backup counts as new.
    return undefined;
  }
}

/** Opens it once: what cannot be opened here must not take the place of what can. */
async function prepare(dataDir: string, { file, by, now, isDry }: RestoreOptions): Promise<void> {
  const store = await openStore({ dataDir });
  try {
    const entry = { at: now, by, action: 'restore', subject: resolve(file), leftOut: 0 };
    if (!isDry) store.rows.atomically(() => store.audit.add(entry, []));
  } finally {
    store.close();
  }
  rmSync(join(dataDir, LOCK), { force: true });
}

/** @returns where the old data is now. */
async function swap(dataDir: string, fresh: string, now: number): Promise<string | undefined> {
  if (!existsSync(dataDir)) {
    renameSync(fresh, dataDir);
    syncDirectory(dirname(dataDir));
    return undefined;
  }
  // Nobody may begin to work on what is being moved away.
  const lock = await lockDirectory(dataDir, LOCK_WAIT_MS);
  const isEmpty = readdirSync(dataDir).every((name) => name.startsWith(LOCK));
  // Windows moves no directory with an open file in it.
  if (process.platform === 'win32') lock.release();
  try {
    const kept = `${dataDir}.before-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
    renameSync(dataDir, kept);
    try {
      renameSync(fresh, dataDir);
    } catch (error) {
      renameSync(kept, dataDir);
      throw error;
    }
    syncDirectory(dirname(dataDir));
    if (!isEmpty) {
      chmodSync(kept, 0o700);
      return kept;
    }
    rmSync(join(kept, LOCK), { force: true });
    rmdirSync(kept);
    return undefined;
  } finally {
    if (process.platform !== 'win32') lock.release();
  }
}

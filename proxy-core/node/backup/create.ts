/** Makes a backup of an office, running or not, without holding it up: a reader of the database blocks nobody. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Rows } from '../store/rows.ts';
import { openSqlite } from '../store/sqlite.ts';
import { systemReason } from '../system-error.ts';
import { version } from '../version.ts';
import { type ArchivedFile, isArchive, type Manifest, MOST_BYTES, writeArchive } from './archive.ts';
import { BackupError } from './error.ts';
import { filesIn, type NamedFile } from './named-files.ts';

export interface MadeBackup {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
}

/** Of one process only, or made anew. */
const LEFT_OUT = /^(tandem\.db.*|tandem\.lock.*|control\.sock|.*\.log(\.\d+)?|.*\.tmp)$/;

/** @throws BackupError; then nothing was written, and an earlier file of that name is as it was. */
export function createBackup(dataDir: string, file: string, now: number): MadeBackup {
  const path = resolve(file);
  if (!existsSync(join(dataDir, 'tandem.db'))) throw new BackupError(`There is no office in ${dataDir}.`);
  if (existsSync(path) && !isArchive(path)) {
    throw new BackupError(`${path} is there already and is no backup: choose another name.`);
  }
  let place: string | undefined;
  try {
    // Beside the file, so that it can be moved into place; for its owner only.
    place = mkdtempSync(`${path}.`);
    const database = join(place, 'tandem.db');
    const copied = copyDatabase(join(dataDir, 'tandem.db'), database);
    const { files, options } = filesBeside(dataDir, copied.named);
    const all = [{ name: 'tandem.db', data: readFileSync(database) }, ...files];
    if (all.reduce((sum, { data }) => sum + data.length, 0) > MOST_BYTES) {
      throw new BackupError(
        `The office has more than ${MOST_BYTES / 1024 ** 2} MiB: copy its directory while it is stopped.`,
      );
    }
    const archive = join(place, basename(path));
    const manifest = writeArchive(archive, { version, createdAt: now, migrations: copied.migrations, options }, all);
    // SQLite makes files as the process's mask has it; the directory they are in was ours alone.
    restrict(archive);
    const { size } = statSync(archive);
    renameSync(archive, path);
    syncDirectory(dirname(path));
    return { file: path, bytes: size, manifest };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`The backup ${path} cannot be written: ${systemReason(error)}.`, { cause: error });
  } finally {
    if (place !== undefined) rmSync(place, { recursive: true, force: true });
  }
}

/** A copy of one moment, whatever is being written meanwhile (https://www.sqlite.org/lang_vacuum.html#vacuuminto). */
export function copyDatabase(from: string, to: string) {
  const db = openSqlite(from, 10_000);
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
  const copy = openSqlite(to, 0);
  try {
    const rows = new Rows(copy);
    const steps = rows.read('kysely_migration', {});
    return { named: filesIn(rows), migrations: steps.map(({ name }) => String(name)).sort() };
  } finally {
    copy.close();
  }
}

function filesBeside(dataDir: string, named: readonly NamedFile[]) {
  const files: ArchivedFile[] = [];
  for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
    if (!entry.isFile() || LEFT_OUT.test(entry.name)) continue;
    files.push({ name: entry.name, data: readFileSync(join(dataDir, entry.name)) });
  }
  const options: Manifest['options'] = [];
  for (const { option, path } of named) {
    const within = relative(resolve(dataDir), resolve(path));
    const isWithin = within !== '' && !within.startsWith('..') && !isAbsolute(within) && !within.includes('/');
    const name = isWithin ? within : `files/${option}-${basename(path)}`;
    if (!isWithin) {
      if (!existsSync(path)) throw new BackupError(`The file ${path}, given with --${option}, is not there any more.`);
      files.push({ name, data: readFileSync(path) });
    }
    options.push({ option, name });
  }
  return { files, options };
}

function restrict(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fchmodSync(handle, 0o600);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** So that the name survives a power cut as well; not every system lets a directory be opened. */
export function syncDirectory(path: string): void {
  try {
    const handle = openSync(path, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The data itself is on the disk.
  }
}

/**
 * A backup as one file: an SQLite archive (https://www.sqlite.org/sqlar.html), which `sqlite3 -A` lists and unpacks too,
 * with a manifest that has a checksum of each file in it.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import * as v from 'valibot';
import { type Database, openSqlite, transaction } from '../store/sqlite.ts';
import { systemReason } from '../system-error.ts';
import { BackupError } from './error.ts';

export interface ArchivedFile {
  /** Where it is put back: a path below the data directory, with `/` between. */
  readonly name: string;
  readonly data: Buffer;
}

const manifestSchema = v.object({
  format: v.literal(1),
  /** Of the Tandem that made it. */
  version: v.string(),
  /** ms since 1970. */
  createdAt: v.number(),
  /** Steps of the schema that the database has been through. */
  migrations: v.array(v.string()),
  files: v.array(v.object({ name: v.string(), bytes: v.number(), sha256: v.string() })),
  /** Files from elsewhere that options of `serve` named, and where they are in the archive. */
  options: v.array(v.object({ option: v.string(), name: v.string() })),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

export interface Archive {
  readonly manifest: Manifest;
  readonly files: readonly ArchivedFile[];
}

const MANIFEST = 'manifest.json';
/** "Tdm1": tells our files from other databases (https://www.sqlite.org/fileformat2.html#application_id). */
const APPLICATION_ID = 0x54_64_6d_31;
const MAGIC = 'SQLite format 3\0';
/** Of everything in it, unpacked. */
export const MOST_BYTES = 1024 ** 3;

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Writes a new file at `path`. */
export function writeArchive(
  path: string,
  about: Omit<Manifest, 'format' | 'files'>,
  files: readonly ArchivedFile[],
): Manifest {
  const manifest: Manifest = {
    format: 1,
    ...about,
    files: files.map(({ name, data }) => ({ name, bytes: data.length, sha256: sha256(data) })),
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const db = openSqlite(path, 0);
  try {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA synchronous = FULL;
      CREATE TABLE sqlar (name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)`);
    const insert = db.prepare('INSERT INTO sqlar VALUES (?, ?, ?, ?, ?)');
    const mtime = Math.floor(about.createdAt / 1000);
    transaction(db, () => {
      for (const { name, data } of [{ name: MANIFEST, data: text }, ...files]) {
        const packed = deflateSync(data);
        // What does not get smaller stands as it is.
        insert.run(name, 0o100600, mtime, data.length, packed.length < data.length ? packed : data);
      }
    });
  } finally {
    db.close();
  }
  return manifest;
}

/** @throws BackupError where it is none, torn, or not what was written. */
export function readArchive(path: string): Archive {
  refuseForeign(path);
  const torn = (cause?: unknown) =>
    new BackupError(`${path} is damaged: it is not what was written. Use another backup.`, { cause });
  let db: Database | undefined;
  try {
    db = openSqlite(path, 0);
    const id = db.prepare('PRAGMA application_id').get() as { application_id: number };
    if (id.application_id !== APPLICATION_ID) throw new BackupError(`${path} is no backup of Tandem.`);
    const check = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    if (check.integrity_check !== 'ok') throw torn();
    const { total } = db.prepare('SELECT sum(sz) AS total FROM sqlar').get() as { total: number };
    if (!(total <= MOST_BYTES)) throw new BackupError(`${path} holds more than ${MOST_BYTES / 1024 ** 2} MiB.`);
    const manifest = manifestIn(db, path);
    const files = manifest.files.map((told) => {
      const data = dataOf(db as Database, told.name);
      if (data === undefined || data.length !== told.bytes || sha256(data) !== told.sha256) throw torn();
      if (!isSafe(told.name)) throw new BackupError(`${path} holds a file with a name that leads elsewhere.`);
      return { name: told.name, data };
    });
    return { manifest, files };
  } catch (error) {
    throw error instanceof BackupError ? error : torn(error);
  } finally {
    db?.close();
  }
}

function manifestIn(db: Database, path: string): Manifest {
  const text = dataOf(db, MANIFEST)?.toString() ?? '{}';
  const { format } = JSON.parse(text) as { format?: unknown };
  if (typeof format === 'number' && format > 1) {
    throw new BackupError(`${path} was made by a newer version of Tandem: use that version, or a newer one.`);
  }
  return v.parse(manifestSchema, JSON.parse(text));
}

function dataOf(db: Database, name: string): Buffer | undefined {
  const row = db.prepare('SELECT sz, data FROM sqlar WHERE name = ?').get(name) as
    | { sz: number; data: Uint8Array }
    | undefined;
  if (row === undefined) return undefined;
  const data = Buffer.from(row.data);
  return data.length === row.sz ? data : inflateSync(data, { maxOutputLength: Math.max(1, row.sz) });
}

/** SQLite would make a file that is not there, and take an empty one for a database. */
function refuseForeign(path: string): void {
  const head = Buffer.alloc(MAGIC.length);
  try {
    if (!statSync(path).isFile()) throw new BackupError(`${path} is no file.`);
    const handle = openSync(path, 'r');
    try {
      readSync(handle, head, 0, head.length, 0);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${path} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
  if (head.toString('latin1') !== MAGIC) throw new BackupError(`${path} is no backup of Tandem.`);
}

/** Whether `path` is a backup, by its first page. */
export function isArchive(path: string): boolean {
  try {
    refuseForeign(path);
    const db = openSqlite(path, 0);
    try {
      const id = db.prepare('PRAGMA application_id').get() as { application_id: number };
      return id.application_id === APPLICATION_ID;
    } finally {
      db.close();
    }
  } catch {
    // No database, or one that cannot be read: no backup either way.
    return false;
  }
}

const isSafe = (name: string): boolean =>
  name.length <= 255 && name.split('/').every((part) => /^[^\\/\0:]+$/.test(part) && part !== '.' && part !== '..');

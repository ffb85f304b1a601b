import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Archive, readArchive, writeArchive } from '../../../../../proxy-core/node/backup/archive.ts';
import { createBackup } from '../../../../../proxy-core/node/backup/create.ts';
import { BackupError } from '../../../../../proxy-core/node/backup/error.ts';
import { rememberFiles } from '../../../../../proxy-core/node/backup/named-files.ts';
import { restoreBackup } from '../../../../../proxy-core/node/backup/restore.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { user } from '../store/samples.ts';

const NOW = 1_800_000_000_000;
let dir: string;
let office: string;
let file: string;
let store: Store | undefined;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-backup-'));
  office = join(dir, 'office');
  file = join(dir, 'office.tandem');
  store = await openStore({ dataDir: office, domains: ['a.test'] });
  store.users.add([
    { ...user('1001', 'a.test'), name: 'Ana', aliases: ['900'] },
    { ...user('1002', 'a.test'), devices: [{ label: 'desk', ha1Md5: 'a', ha1Sha256: 'b' }] },
  ]);
  writeFileSync(join(office, 'exchange.key'), 'the secret', { mode: 0o600 });
  writeFileSync(join(office, 'exchange.log'), 'a log');
});
afterEach(() => {
  store?.close();
  rmSync(dir, { recursive: true });
});

function stop(): void {
  store?.close();
  store = undefined;
}

const restore = (dataDir = office, isDry = false, from = file) =>
  restoreBackup({ file: from, dataDir, isDry, by: 'ana', now: NOW });

/** Every file below a directory with what is in it. */
const picture = (of: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(of)
      .filter((name) => !/lock|-shm$/.test(name))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(of, name)))
          .digest('hex'),
      ]),
  );

describe('a backup', () => {
  it('is made while the exchange works, for its owner only, of one moment, without what is of the process', async () => {
    let count = 0;
    const writing = setInterval(() => store?.users.add([user(String(5_000 + count++), 'a.test')]), 0);
    const made = createBackup(office, file, NOW);
    clearInterval(writing);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(made.bytes).toBe(statSync(file).size);
    expect(
      readArchive(file)
        .files.map(({ name }) => name)
        .sort(),
    ).toEqual(['exchange.key', 'tandem.db']);
    expect(readdirSync(dir).sort()).toEqual(['office', 'office.tandem']);
    store?.users.add([user('9999', 'a.test')]);
    expect(store?.users.size).toBeGreaterThan(2);
  });

  it('takes along the files that options name', async () => {
    writeFileSync(join(dir, 'route.ts'), 'export default () => undefined;');
    writeFileSync(join(office, 'own.pem'), 'a certificate');
    rememberFiles(store!.rows, { route: join(dir, 'route.ts'), tls: { cert: join(office, 'own.pem') } });
    const { manifest } = createBackup(office, file, NOW);
    expect(manifest.options).toEqual([
      { option: 'route', name: 'files/route-route.ts' },
      { option: 'tls-cert', name: 'own.pem' },
    ]);
    stop();
    const elsewhere = join(dir, 'elsewhere');
    const done = await restore(elsewhere);
    expect(done.options).toEqual([
      { option: 'route', path: join(elsewhere, 'files/route-route.ts') },
      { option: 'tls-cert', path: join(elsewhere, 'own.pem') },
    ]);
    expect(readFileSync(join(elsewhere, 'files/route-route.ts'), 'utf8')).toContain('export default');
    rmSync(join(dir, 'route.ts'));
    expect(() => createBackup(office, file, NOW)).toThrow(/^The file .*route\.ts, given with --route, is not there/);
  });

  it('replaces an earlier one, and nothing else', () => {
    createBackup(office, file, NOW);
    createBackup(office, file, NOW + 1);
    expect(readArchive(file).manifest.createdAt).toBe(NOW + 1);
    const precious = join(dir, 'precious.db');
    for (const write of [
      () => writeFileSync(precious, 'words'),
      () => {
        rmSync(precious);
        openSqlite(precious, 0).exec('CREATE TABLE a (b)');
      },
    ]) {
      write();
      expect(() => createBackup(office, precious, NOW)).toThrow(/is there already and is no backup/);
    }
    expect(() => createBackup(join(dir, 'nowhere'), file, NOW)).toThrow(/^There is no office in/);
    expect(() => createBackup(office, join(dir, 'no/such/place'), NOW)).toThrow(/cannot be written: there is no such/);
    expect(existsSync(join(dir, 'nowhere'))).toBe(false);
  });
});

describe('a restore', () => {
  beforeEach(() => void createBackup(office, file, NOW));

  it('brings the office up elsewhere, with who did it in its log', async () => {
    const elsewhere = join(dir, 'deep/er/office');
    const done = await restore(elsewhere);
    expect(done.kept).toBeUndefined();
    expect(statSync(elsewhere).mode & 0o777).toBe(0o700);
    expect(statSync(join(elsewhere, 'exchange.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(elsewhere, 'exchange.key'), 'utf8')).toBe('the secret');
    const there = await openStore({ dataDir: elsewhere });
    expect(there.users.find('900', 'a.test')).toEqual(store?.users.find('900', 'a.test'));
    expect(there.users.find('1002', 'a.test')).toEqual(store?.users.find('1002', 'a.test'));
    expect(there.audit.list.page({ limit: 9 }).rows).toMatchObject([{ by: 'ana', action: 'restore', subject: file }]);
    there.close();
    expect(readdirSync(join(dir, 'deep/er'))).toEqual(['office']);
  });

  it('tells what would change, also while the exchange runs, and changes nothing', async () => {
    store?.users.remove('1002', 'a.test');
    store?.users.update({ ...user('1001', 'a.test'), name: 'Anna' });
    store?.users.add([user('1003', 'a.test'), user('1', 'b.test')]);
    const { changes, kept } = await restore(office, true);
    expect(kept).toBeUndefined();
    const of = (kind: string) => changes.find((one) => one.kind === kind);
    expect(of('users')).toMatchObject({
      ...{ before: 3, after: 2, added: { names: ['1002@a.test'] }, changed: { names: ['1001@a.test'] } },
      removed: { count: 2, names: expect.arrayContaining(['1003@a.test', '1@b.test']) },
    });
    expect(of('domains')).toMatchObject({ before: 2, after: 1, removed: { names: ['b.test'] } });
    expect(of('devices')).toMatchObject({ before: 0, after: 1, added: { names: ['1002@a.test "desk"'] } });
    expect(of('aliases')).toMatchObject({ before: 1, after: 1, added: { count: 0 }, changed: { count: 0 } });
    expect(readdirSync(dir).sort()).toEqual(['office', 'office.tandem']);
    expect(store?.users.find('1003', 'a.test')).toBeDefined();
  });

  it('keeps what was there beside it', async () => {
    store?.users.add([user('1003', 'a.test')]);
    stop();
    const before = picture(office);
    const { kept } = await restore();
    expect(kept).toBe(`${office}.before-20270115T080000Z`);
    expect(picture(kept!)).toEqual(before);
    const there = await openStore({ dataDir: office });
    expect(there.users.find('1003', 'a.test')).toBeUndefined();
    expect(there.users.size).toBe(2);
    there.close();
  });

  it('takes the place of a damaged database', async () => {
    stop();
    writeFileSync(join(office, 'tandem.db'), 'words');
    const { changes, kept } = await restore();
    expect(changes.find(({ kind }) => kind === 'users')).toMatchObject({ before: 0, after: 2 });
    expect(readFileSync(join(kept!, 'tandem.db'), 'utf8')).toBe('words');
  });

  it('is refused while an exchange runs, and leaves it be', async () => {
    await expect(restore()).rejects.toThrow(`An exchange, or a command, works on ${office}: stop it first.`);
    store?.users.add([user('1003', 'a.test')]);
    expect(readdirSync(dir).sort()).toEqual(['office', 'office.tandem']);
  });

  const spoilt: [string, () => void, RegExp][] = [
    ['is empty', () => writeFileSync(file, ''), /is no backup of Tandem\.$/],
    ['is text', () => writeFileSync(file, 'x'.repeat(10_000)), /is no backup of Tandem\.$/],
    ['is not there', () => rmSync(file), /cannot be read: there is no such file/],
    ['is a directory', () => anew(() => mkdirSync(file)), /is no file\.$/],
    ['is another database', () => anew(() => openSqlite(file, 0).exec('CREATE TABLE a (b)')), /is no backup/],
    [
      'is the database of an office',
      () => writeFileSync(file, readFileSync(join(office, 'tandem.db'))),
      /is no backup/,
    ],
    ['has lost its end', () => truncateSync(file, statSync(file).size - 4096), /is damaged/],
    ['has lost half', () => truncateSync(file, statSync(file).size / 2), /is damaged/],
    ['has lost all but its first page', () => truncateSync(file, 4096), /is damaged/],
    ['has lost part of a page', () => truncateSync(file, 1000), /is damaged|is no backup/],
    ['has other bytes', () => flip(statSync(file).size - 2_000), /is damaged/],
    ['lacks a file', () => edit("DELETE FROM sqlar WHERE name = 'exchange.key'"), /is damaged/],
    ['lacks its manifest', () => edit("DELETE FROM sqlar WHERE name = 'manifest.json'"), /is damaged/],
    ['has another file', () => edit("UPDATE sqlar SET data = x'00' WHERE name = 'exchange.key'"), /is damaged/],
    ['promises a bomb', () => edit('UPDATE sqlar SET sz = 9000000000'), /holds more than 1024 MiB\.$/],
    ['leads elsewhere', () => rename('../exchange.key'), /leads elsewhere/],
    ['leads to the root', () => rename('/etc/passwd'), /leads elsewhere/],
    ['is of a newer format', () => rewrite((manifest) => ({ ...manifest, format: 2 as 1 })), /newer version/],
    ['is of a newer schema', () => newer(), /was made by a newer version of Tandem \(9\.9\.9\)/],
  ];

  it.each(spoilt)('of a file that %s is refused, and nothing is lost', async (_, spoil, sentence) => {
    stop();
    const before = picture(office);
    spoil();
    for (const isDry of [true, false]) {
      const error = await restore(office, isDry).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(BackupError);
      expect((error as Error).message).toMatch(sentence);
    }
    expect(picture(office)).toEqual(before);
    expect(readdirSync(dir).filter((name) => name.startsWith('office.') && name !== 'office.tandem')).toEqual([]);
  });
});

function anew(make: () => void): void {
  rmSync(file);
  make();
}

function flip(at: number): void {
  const data = readFileSync(file);
  data[at] = (data[at] ?? 0) ^ 0xff;
  writeFileSync(file, data);
}

function edit(sql: string): void {
  const db = openSqlite(file, 0);
  db.exec(sql);
  db.close();
}

/** Written anew with right checksums: only what it says is wrong. */
function again(change: (archive: Archive) => Archive): void {
  const { manifest, files } = change(readArchive(file));
  rmSync(file);
  const { format: _, files: __, ...about } = manifest;
  writeArchive(file, about, files);
}

const rename = (name: string): void =>
  again(({ manifest, files }) => ({
    manifest,
    files: files.map((one) => (one.name === 'exchange.key' ? { ...one, name } : one)),
  }));

const newer = (): void =>
  again(({ manifest, files }) => ({
    manifest: { ...manifest, version: '9.9.9', migrations: [...manifest.migrations, '9999-later'] },
    files,
  }));

function rewrite(change: (manifest: Archive['manifest']) => object): void {
  const text = JSON.stringify(change(readArchive(file).manifest));
  const db = openSqlite(file, 0);
  db.prepare("UPDATE sqlar SET sz = ?, data = ? WHERE name = 'manifest.json'").run(
    Buffer.byteLength(text),
    Buffer.from(text),
  );
  db.close();
}

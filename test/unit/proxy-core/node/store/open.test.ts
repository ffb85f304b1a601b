import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openStore,
  type Store,
  StoreCorruptError,
  StoreError,
  StoreLockedError,
} from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding, user } from './samples.ts';

let dir: string;
let open: Store[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-store-'));
  open = [];
});
afterEach(() => {
  for (const store of open) store.close();
  rmSync(dir, { recursive: true });
});

async function start(options: { domains?: string[]; lockWaitMs?: number } = {}): Promise<Store> {
  const store = await openStore({ dataDir: dir, lockWaitMs: 0, ...options });
  open.push(store);
  return store;
}

describe('openStore', () => {
  it('creates the directory and files that only their owner can read', async () => {
    const dataDir = join(dir, 'new', 'office');
    const store = await openStore({ dataDir });
    open.push(store);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const file of ['tandem.db', 'tandem.db-wal']) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  });

  it('writes ahead', async () => {
    const store = await start();
    store.close();
    const db = openSqlite(join(dir, 'tandem.db'), 0);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.close();
  });

  it('brings back users, domains and bindings', async () => {
    const first = await start({ domains: ['example.org', 'b.test'] });
    first.users.add([user('1001', 'example.org')]);
    const one = binding('1001@example.org', 'sip:1001@192.0.2.1', { q: 500, path: ['<sip:edge.test;lr>'] });
    const two = binding('1001@example.org', 'sip:1001@192.0.2.2', { q: 1000 });
    await first.location.replace(aorOf('1001', 'example.org'), [one, two]);
    first.close();
    const second = await start();
    expect(second.users.domains()).toEqual(['example.org', 'b.test']);
    expect(second.users.find('1001', 'example.org')).toEqual(first.users.find('1001', 'example.org'));
    expect(second.location.lookup(aorOf('1001', 'example.org'), 0)).toEqual([two, one]);
    expect(second.location.size).toBe(2);
  });

  it('refuses a directory that another store holds, and opens it once that one is closed', async () => {
    const first = await start();
    const refused = await start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect((refused as Error).message).toContain(dir);
    const waiting = start({ lockWaitMs: 5_000 });
    first.close();
    expect((await waiting).users.domains()).toHaveLength(1);
  });

  it('refuses a file that is no database and leaves it as it is', async () => {
    const text = 'these are my notes, not a database. '.repeat(40);
    writeFileSync(join(dir, 'tandem.db'), text);
    const error = await start().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect((error as Error).message).toMatch(/tandem\.db is damaged .*not a database.*restore a backup/);
    expect(readFileSync(join(dir, 'tandem.db'), 'utf8')).toBe(text);
    // The lock is free again: the next start says the same, not that the directory is in use.
    expect(await start().catch((e: unknown) => e)).toBeInstanceOf(StoreCorruptError);
  });

  it('refuses a database with a torn page', async () => {
    const store = await start();
    store.users.add(Array.from({ length: 500 }, (_, i) => user(String(1000 + i), 'office.internal')));
    store.close();
    const file = join(dir, 'tandem.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, bytes.length - 4096 * 3, bytes.length - 4096);
    writeFileSync(file, bytes);
    expect(await start().catch((e: unknown) => e)).toBeInstanceOf(StoreCorruptError);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('does not throw away a log whose database is missing', async () => {
    const store = await start();
    store.users.add([user('1001', 'office.internal')]);
    const wal = readFileSync(join(dir, 'tandem.db-wal'));
    store.close();
    renameSync(join(dir, 'tandem.db'), join(dir, 'elsewhere.db'));
    writeFileSync(join(dir, 'tandem.db-wal'), wal);
    const error = await start().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect(readFileSync(join(dir, 'tandem.db-wal')).equals(wal)).toBe(true);
  });

  it('takes over the database of the first release', async () => {
    const kept = binding(aorOf('1001', 'office.internal'), 'sip:a@h');
    const { ha1Md5, ha1Sha256, createdAt } = user('1001', 'office.internal');
    const db = openSqlite(join(dir, 'tandem.db'), 0);
    db.exec(`
      CREATE TABLE settings (key text PRIMARY KEY NOT NULL, value text NOT NULL);
      CREATE TABLE domains (name text PRIMARY KEY NOT NULL, realm text NOT NULL);
      CREATE TABLE users (domain text NOT NULL REFERENCES domains (name) ON UPDATE CASCADE, number text NOT NULL,
        name text NOT NULL, ha1_md5 text NOT NULL, ha1_sha256 text NOT NULL, created_at bigint NOT NULL,
        CONSTRAINT users_key PRIMARY KEY (domain, number)) WITHOUT ROWID;
      CREATE TABLE bindings (aor text NOT NULL, rank integer NOT NULL, contact text NOT NULL, q integer NOT NULL,
        expires_at bigint NOT NULL, call_id text NOT NULL, cseq bigint NOT NULL, instance text NOT NULL,
        reg_id bigint NOT NULL, path text NOT NULL, user_agent text NOT NULL, received text NOT NULL,
        listener text NOT NULL, CONSTRAINT bindings_key PRIMARY KEY (aor, rank)) WITHOUT ROWID;
      CREATE TABLE kysely_migration (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL);
      INSERT INTO kysely_migration VALUES ('0001-begin', '2026-01-01T00:00:00.000Z');
      INSERT INTO settings VALUES ('default_domain', 'office.internal'), ('unnamed_domain', 'office.internal');
      INSERT INTO domains VALUES ('office.internal', 'office.internal');
      INSERT INTO users VALUES ('office.internal', '1001', 'Žluťoučký', '${ha1Md5}', '${ha1Sha256}', ${createdAt});
      INSERT INTO bindings VALUES ('${kept.aor}', 0, '${kept.contact}', ${kept.q}, ${kept.expiresAt}, '${kept.callId}',
        ${kept.cseq}, '', 0, '', '${kept.userAgent}', '${kept.received}', '${kept.listener}')`);
    db.close();
    const after = await start();
    const { createdAt: _, ...expected } = { ...user('1001', 'office.internal'), name: 'Žluťoučký' };
    expect(after.users.find('1001', 'office.internal')).toEqual(expected);
    expect(after.location.lookup(kept.aor, 0)).toEqual([kept]);
    after.users.aliases.add('900', '1001', 'office.internal');
    expect(after.users.find('900', 'office.internal')?.number).toBe('1001');
    // What they are found by came with a later release.
    expect(after.listings.users.page({ limit: 5, text: 'ZLUTOUCKY' }).rows.map(({ number }) => number)).toEqual([
      '1001',
    ]);
    expect(after.listings.users.page({ limit: 5 }).rows).toMatchObject([
      { number_order: '041001', name_order: 'zlutoucky' },
    ]);
    after.close();
  });

  it('refuses a database of a newer version', async () => {
    (await start()).close();
    const db = openSqlite(join(dir, 'tandem.db'), 0);
    db.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '')");
    db.close();
    const error = await start().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toContain('newer version');
  });

  it('names a data directory that cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '');
    const error = await openStore({ dataDir: join(dir, 'file', 'office') }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toContain(join(dir, 'file', 'office'));
    expect(existsSync(join(dir, 'file', 'office'))).toBe(false);
  });
});

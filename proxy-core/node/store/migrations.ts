/** The schema of the exchange's database, as steps that are never edited once released: a change is a new step. */
import { Kysely, type Migration, type MigrationResultSet, Migrator, sql } from 'kysely';
import { adminMigrations } from './admin-migrations.ts';
import { StoreError } from './errors.ts';
import { eventMigrations } from './event-migrations.ts';
import { sqliteDialect } from './kysely-dialect.ts';
import { recordMigrations } from './record-migrations.ts';
import type { Database } from './sqlite.ts';
import { userMigrations } from './user-migrations.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001-begin': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('settings')
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('value', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('domains')
        .addColumn('name', 'text', (c) => c.primaryKey().notNull())
        // What the hashes of its users were made with; stays when the domain gets its name later.
        .addColumn('realm', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('users')
        .addColumn('domain', 'text', (c) => c.notNull().references('domains.name').onUpdate('cascade'))
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('ha1_md5', 'text', (c) => c.notNull())
        .addColumn('ha1_sha256', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('users_key', ['domain', 'number'])
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema
        .createTable('bindings')
        .addColumn('aor', 'text', (c) => c.notNull())
        // Place in the order in which `lookup` gives them.
        .addColumn('rank', 'integer', (c) => c.notNull())
        .addColumn('contact', 'text', (c) => c.notNull())
        .addColumn('q', 'integer', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('call_id', 'text', (c) => c.notNull())
        .addColumn('cseq', 'bigint', (c) => c.notNull())
        .addColumn('instance', 'text', (c) => c.notNull())
        .addColumn('reg_id', 'bigint', (c) => c.notNull())
        .addColumn('path', 'text', (c) => c.notNull())
        .addColumn('user_agent', 'text', (c) => c.notNull())
        .addColumn('received', 'text', (c) => c.notNull())
        .addColumn('listener', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('bindings_key', ['aor', 'rank'])
        .modifyEnd(sql`without rowid`)
        .execute();
    },
  },
  '0002-devices-and-aliases': {
    async up(db: Kysely<unknown>): Promise<void> {
      // Passwords of single devices, beside the user's own.
      await db.schema
        .createTable('devices')
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('label', 'text', (c) => c.notNull())
        .addColumn('ha1_md5', 'text', (c) => c.notNull())
        .addColumn('ha1_sha256', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('devices_key', ['domain', 'number', 'label'])
        .addForeignKeyConstraint('devices_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema
        .createTable('aliases')
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('alias', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('aliases_key', ['domain', 'alias'])
        .addForeignKeyConstraint('aliases_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema.createIndex('aliases_of_user').on('aliases').columns(['domain', 'number']).execute();
      await db.schema
        .alterTable('users')
        .addColumn('is_admin', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
      await db.schema
        .alterTable('bindings')
        .addColumn('device', 'text', (c) => c.notNull().defaultTo(''))
        .execute();
    },
  },
  '0003-modes': {
    async up(db: Kysely<unknown>): Promise<void> {
      // `proxy`, `redirect` or `stateless`; null for what the next greater unit says.
      await db.schema.alterTable('users').addColumn('mode', 'text').execute();
      await db.schema.alterTable('domains').addColumn('mode', 'text').execute();
    },
  },
  '0004-bans': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('bans')
        .addColumn('address', 'text', (c) => c.primaryKey().notNull())
        .addColumn('since', 'bigint', (c) => c.notNull())
        .addColumn('until', 'bigint', (c) => c.notNull())
        .addColumn('times', 'integer', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .execute();
    },
  },
  ...adminMigrations,
  ...eventMigrations,
  ...userMigrations,
  ...recordMigrations,
};

/** Names of the steps, in no order. */
export const knownMigrations: readonly string[] = Object.keys(migrations);

/** Brings the schema up to date, all or nothing. @throws StoreError when a newer Tandem made the database. */
export async function migrate(db: Database, path: string): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: sqliteDialect(db) });
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error }: MigrationResultSet = await migrator.migrateToLatest();
  if (error === undefined) return;
  // The Migrator has no error class for a step that this version does not know.
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StoreError(
      `The database ${path} was made by a newer version of Tandem: use that version, or a newer one.`,
      {
        cause: error,
      },
    );
  }
  throw error;
}

/** What the administration added to the schema. */
import { type Kysely, type Migration, sql } from 'kysely';

export const adminMigrations: Readonly<Record<string, Migration>> = {
  '0010-listings': {
    async up(db: Kysely<unknown>): Promise<void> {
      // The orders in which the administration lists; the key of the row follows by itself.
      await sql`CREATE INDEX users_by_number ON users (number)`.execute(db);
      await sql`CREATE INDEX users_by_name ON users (name COLLATE NOCASE)`.execute(db);
      await sql`CREATE INDEX users_by_created ON users (created_at)`.execute(db);
      await sql`CREATE INDEX devices_by_label ON devices (label COLLATE NOCASE)`.execute(db);
      await sql`CREATE INDEX devices_by_created ON devices (created_at)`.execute(db);
      await sql`CREATE INDEX aliases_by_number ON aliases (number)`.execute(db);
      await sql`CREATE INDEX bans_by_since ON bans (since, address)`.execute(db);
      await sql`CREATE INDEX bans_by_until ON bans (until, address)`.execute(db);
    },
  },
  '0011-audit': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('audit')
        // Never given twice, so that an entry that was forgotten is not taken for another one.
        .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement().notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('by', 'text', (c) => c.notNull())
        .addColumn('action', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('undoes', 'integer')
        .addColumn('undone_by', 'integer')
        .addColumn('left_out', 'integer', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('audit_changes')
        .addColumn('entry', 'integer', (c) => c.notNull().references('audit.id').onDelete('cascade'))
        .addColumn('seq', 'integer', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('key', 'text', (c) => c.notNull())
        // The fields that differ, as JSON; null where there was nothing.
        .addColumn('before', 'text')
        .addColumn('after', 'text')
        .addPrimaryKeyConstraint('audit_changes_key', ['entry', 'seq'])
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema.createIndex('audit_by_time').on('audit').column('at').execute();
    },
  },
};

/** Steps of the schema for what the exchange tells to those who subscribe. */
import { type Kysely, type Migration, sql } from 'kysely';

export const eventMigrations: Readonly<Record<string, Migration>> = {
  '0030-subscriptions': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('subscriptions')
        // Call-ID, our tag and the subscriber's.
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('package', 'text', (c) => c.notNull())
        .addColumn('resource', 'text', (c) => c.notNull())
        .addColumn('subscriber', 'text', (c) => c.notNull())
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('event', 'text', (c) => c.notNull())
        .addColumn('dialog', 'text', (c) => c.notNull())
        .addColumn('highest_seq', 'bigint', (c) => c.notNull())
        .addColumn('hop', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema
        .createTable('publications')
        .addColumn('tag', 'text', (c) => c.primaryKey().notNull())
        .addColumn('aor', 'text', (c) => c.notNull())
        .addColumn('package', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        // Bytes as they were published.
        .addColumn('document', 'blob', (c) => c.notNull())
        .modifyEnd(sql`without rowid`)
        .execute();
    },
  },
  '0031-watch-rules': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('watch_rules')
        .addColumn('domain', 'text', (c) =>
          c.notNull().references('domains.name').onUpdate('cascade').onDelete('cascade'),
        )
        // Null for the rule of the whole domain.
        .addColumn('number', 'text')
        .addColumn('watchers', 'text', (c) => c.notNull())
        .addColumn('listed', 'text', (c) => c.notNull())
        .addColumn('details', 'integer', (c) => c.notNull())
        .addForeignKeyConstraint('watch_rules_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .execute();
      await sql`create unique index watch_rules_key on watch_rules (domain, ifnull(number, ''))`.execute(db);
      await db.schema
        .createTable('user_lists')
        .addColumn('domain', 'text', (c) =>
          c.notNull().references('domains.name').onUpdate('cascade').onDelete('cascade'),
        )
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('members', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('user_lists_key', ['domain', 'name'])
        .modifyEnd(sql`without rowid`)
        .execute();
    },
  },
};

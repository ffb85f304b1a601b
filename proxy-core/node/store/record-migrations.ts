/** What call records added to the schema. */
import { type Kysely, type Migration, sql } from 'kysely';

export const recordMigrations: Readonly<Record<string, Migration>> = {
  '0020-call-records': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('call_records')
        // µs since 1970 at which the call began, or a little more: the order in time, and each only once.
        .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        // What a search looks through, in small letters.
        .addColumn('words', 'text', (c) => c.notNull())
        .addColumn('record', 'text', (c) => c.notNull())
        .execute();
      // Who had a part in a call: AORs of users of ours, numbers of others.
      await db.schema
        .createTable('call_parties')
        .addColumn('party', 'text', (c) => c.notNull())
        .addColumn('id', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('call_parties_key', ['party', 'id'])
        .modifyEnd(sql`without rowid`)
        .execute();
      // Answered and not ended.
      await db.schema
        .createTable('open_calls')
        .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('call', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0021-call-webhook': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('webhook_queue')
        .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0045-call-counts': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('call_counts')
        // The quarter of an hour, ms since 1970.
        .addColumn('began', 'bigint', (c) => c.notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        .addColumn('calls', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('call_counts_key', ['began', 'outcome'])
        .modifyEnd(sql`without rowid`)
        .execute();
      await sql`INSERT INTO call_counts (began, outcome, calls)
        SELECT id / 900000000 * 900000, outcome, count(*) FROM call_records GROUP BY 1, 2`.execute(db);
    },
  },
};

/** The steps of the schema for what users have kept here: messages while they are away, and where their calls go. */
import { type Kysely, type Migration, sql } from 'kysely';
import { foldedText, orderedText } from './plain-text.ts';

const ROWS_AT_ONCE = 1_000;

export const userMigrations: Readonly<Record<string, Migration>> = {
  '0040-messages': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('messages')
        // Never given again, so that it stays the order in which messages came.
        .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('sender', 'text', (c) => c.notNull())
        .addColumn('received_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('wire', 'blob', (c) => c.notNull())
        .addForeignKeyConstraint('messages_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .execute();
      await db.schema.createIndex('messages_of_user').on('messages').columns(['domain', 'number', 'id']).execute();
      await db.schema.createIndex('messages_by_expiry').on('messages').column('expires_at').execute();
    },
  },
  '0041-call-handling': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('call_handling')
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('do_not_disturb', 'integer', (c) => c.notNull())
        // Where calls go, each null where that is not set.
        .addColumn('always', 'text')
        .addColumn('busy', 'text')
        .addColumn('no_answer', 'text')
        .addColumn('unreachable', 'text')
        .addColumn('no_answer_seconds', 'integer', (c) => c.notNull())
        .addColumn('may_forward_outside', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('call_handling_key', ['domain', 'number'])
        .addForeignKeyConstraint('call_handling_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .modifyEnd(sql`without rowid`)
        .execute();
    },
  },
  '0042-invites': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('invites')
        // The part of the code that is no secret.
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('salt', 'text', (c) => c.notNull())
        .addColumn('hash', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('attempts_left', 'integer', (c) => c.notNull())
        .addForeignKeyConstraint('invites_user', ['domain', 'number'], 'users', ['domain', 'number'], (c) =>
          c.onUpdate('cascade').onDelete('cascade'),
        )
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema.createIndex('invites_of_user').on('invites').columns(['domain', 'number']).execute();
      await db.schema.createIndex('invites_by_number').on('invites').columns(['number', 'id']).execute();
      await db.schema.createIndex('invites_by_expiry').on('invites').columns(['expires_at', 'id']).execute();
    },
  },
  '0043-plain-users': {
    async up(db: Kysely<unknown>): Promise<void> {
      // What users are found by and sorted by (plain-text.ts), in place of their names and numbers as they are written.
      for (const name of ['plain_name', 'name_order', 'number_order']) {
        await db.schema
          .alterTable('users')
          .addColumn(name, 'text', (c) => c.notNull().defaultTo(''))
          .execute();
      }
      const { rows } = await sql<UserName>`SELECT domain, number, name FROM users`.execute(db);
      // Many in one statement: each by itself takes a large office several times as long.
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const some = rows
          .slice(at, at + ROWS_AT_ONCE)
          .map(({ domain, number, name }) => [
            domain,
            number,
            foldedText(name),
            orderedText(name),
            orderedText(number),
          ]);
        await sql`UPDATE users SET plain_name = json_extract(value, '$[2]'), name_order = json_extract(value, '$[3]'),
          number_order = json_extract(value, '$[4]') FROM json_each(${JSON.stringify(some)})
          WHERE domain = json_extract(value, '$[0]') AND number = json_extract(value, '$[1]')`.execute(db);
      }
      await sql`DROP INDEX users_by_number`.execute(db);
      await sql`DROP INDEX users_by_name`.execute(db);
      await sql`CREATE INDEX users_by_domain ON users (domain, number_order)`.execute(db);
      await sql`CREATE INDEX users_by_number ON users (number_order)`.execute(db);
      await sql`CREATE INDEX users_by_name ON users (name_order)`.execute(db);
    },
  },
  '0044-trusted-networks': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('trusted_networks')
        .addColumn('network', 'text', (c) => c.primaryKey().notNull())
        .addColumn('added_at', 'bigint', (c) => c.notNull())
        .modifyEnd(sql`without rowid`)
        .execute();
    },
  },
};

interface UserName {
  readonly domain: string;
  readonly number: string;
  readonly name: string;
}

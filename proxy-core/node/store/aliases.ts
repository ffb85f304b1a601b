/** Other numbers that lead to a user. */
import type { HeldUsers } from './held-users.ts';
import { changeRows, type Database, type Statement } from './sqlite.ts';

export interface Alias {
  readonly alias: string;
  readonly number: string;
}

export class AliasTable {
  readonly #db: Database;
  readonly #held: HeldUsers;
  readonly #insert: Statement;

  constructor(db: Database, held: HeldUsers) {
    this.#db = db;
    this.#held = held;
    this.#insert = db.prepare('INSERT INTO aliases (domain, alias, number) VALUES (?, ?, ?)');
  }

  load(): void {
    for (const row of this.#db.prepare('SELECT * FROM aliases ORDER BY domain, alias').iterate()) {
      const { domain, alias, number } = row as unknown as Alias & { readonly domain: string };
      this.#hold(alias, number, domain);
    }
  }

  /** The aliases of a user in order, as they are in the database. */
  stored(number: string, domain: string): string[] {
    const sql = 'SELECT alias FROM aliases WHERE domain = ? AND number = ? ORDER BY alias';
    const rows = this.#db.prepare(sql).all(domain, number);
    return rows.map((row) => (row as unknown as Alias).alias);
  }

  add(alias: string, number: string, domain: string): void {
    changeRows(this.#db, () => this.insert(alias, number, domain));
    this.#hold(alias, number, domain);
  }

  /** Within the caller's transaction; nothing is held. */
  insert(alias: string, number: string, domain: string): void {
    this.#insert.run(domain, alias, number);
  }

  remove(alias: string, domain: string): void {
    const number = this.#held.aliasesOf(domain).get(alias) ?? '';
    changeRows(this.#db, () =>
      this.#db.prepare('DELETE FROM aliases WHERE domain = ? AND alias = ?').run(domain, alias),
    );
    this.#held.lead(alias, domain, undefined);
    this.#held.change(number, domain, (user) => ({
      ...user,
      aliases: (user.aliases ?? []).filter((one) => one !== alias),
    }));
  }

  #hold(alias: string, number: string, domain: string): void {
    this.#held.lead(alias, domain, number);
    this.#held.change(number, domain, (user) => ({ ...user, aliases: [...(user.aliases ?? []), alias] }));
  }
}

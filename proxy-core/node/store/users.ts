/** Domains and users, answered from memory and kept in SQLite. A change is durable when its method returns. */
import { aorOf, type User, type UserStore } from '../../server/stores.ts';
import { writeError } from './errors.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

/** The domain of an office that was given none: `.internal` is reserved for private use and never in public DNS. */
export const UNNAMED_DOMAIN = 'office.internal';

export interface StoredUser extends User {
  /** ms since 1970. */
  readonly createdAt: number;
}

interface Domain {
  readonly name: string;
  readonly realm: string;
  readonly users: Map<string, User>;
}

interface UserRow {
  readonly domain: string;
  readonly number: string;
  readonly name: string;
  readonly ha1_md5: string;
  readonly ha1_sha256: string;
  readonly created_at: number;
}

export class SqliteUserStore implements UserStore {
  readonly #db: Database;
  readonly #insert: Statement;
  readonly #get: Statement;
  readonly #update: Statement;
  readonly #delete: Statement;
  readonly #deleteBindings: Statement;
  readonly #page: Statement;
  readonly #domains = new Map<string, Domain>();
  /** The default one first. */
  #names: readonly string[] = [];

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      'INSERT INTO users (domain, number, name, ha1_md5, ha1_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#get = db.prepare('SELECT * FROM users WHERE domain = ? AND number = ?');
    this.#update = db.prepare('UPDATE users SET name = ?, ha1_md5 = ?, ha1_sha256 = ? WHERE domain = ? AND number = ?');
    this.#delete = db.prepare('DELETE FROM users WHERE domain = ? AND number = ?');
    this.#deleteBindings = db.prepare('DELETE FROM bindings WHERE aor = ?');
    this.#page = db.prepare(
      'SELECT * FROM users WHERE (domain, number) > (?, ?) AND domain <= ? ORDER BY domain, number LIMIT ?',
    );
    this.#load();
  }

  find(number: string, domain: string): User | undefined {
    return this.#domains.get(domain)?.users.get(number);
  }

  /** The user with what is not held in memory. */
  get(number: string, domain: string): StoredUser | undefined {
    const row = this.#get.get(domain, number);
    return row === undefined ? undefined : fromRow(row as unknown as UserRow);
  }

  hasDomain(domain: string): boolean {
    return this.#domains.has(domain);
  }

  domains(): readonly string[] {
    return this.#names;
  }

  realm(domain: string): string {
    return this.#domains.get(domain)?.realm ?? domain;
  }

  /** The domain of a number that is given without one. */
  get defaultDomain(): string {
    return this.#names[0] ?? UNNAMED_DOMAIN;
  }

  get size(): number {
    let size = 0;
    for (const { users } of this.#domains.values()) size += users.size;
    return size;
  }

  /**
   * Makes the exchange responsible for `domains` (lower case), the first one becoming the default. Users who were added
   * while the office had no name move into the first one and keep their passwords, because the realm stays.
   * Rewrites bindings: to be called before they are loaded.
   */
  nameDomains(domains: readonly string[]): void {
    const [first] = domains;
    if (first === undefined) return;
    this.#change(() => {
      const unnamed = this.#setting('unnamed_domain');
      if (unnamed !== undefined && !this.#domains.has(first)) {
        const realm = this.#domains.get(unnamed)?.users.size === 0 ? first : this.realm(unnamed);
        this.#db.prepare('UPDATE domains SET name = ?, realm = ? WHERE name = ?').run(first, realm, unnamed);
        this.#db
          .prepare('UPDATE bindings SET aor = substr(aor, 1, length(aor) - ?) || ? WHERE substr(aor, -?) = ?')
          .run(unnamed.length, first, unnamed.length + 1, `@${unnamed}`);
        this.#set('unnamed_domain', undefined);
      }
      for (const name of domains) this.#addDomain(name, name);
      this.#set('default_domain', first);
    });
    this.#load();
  }

  /**
   * Adds all users or none. Domains that are not known yet are made, with the realm given in `domains`, else their own
   * name; the first of them takes the place of an unnamed domain that has no users.
   */
  add(users: readonly StoredUser[], domains?: ReadonlyMap<string, string>): void {
    const missing = new Set(users.map((user) => user.domain).filter((domain) => !this.#domains.has(domain)));
    this.#change(() => {
      for (const domain of missing) this.#addDomain(domain, domains?.get(domain) ?? domain);
      const [first] = missing;
      if (first !== undefined && !users.some((user) => user.domain === UNNAMED_DOMAIN)) this.#replaceUnnamed(first);
      for (const u of users) this.#insert.run(u.domain, u.number, u.name, u.ha1Md5, u.ha1Sha256, u.createdAt);
    });
    if (missing.size > 0) this.#load();
    else for (const user of users) this.#domains.get(user.domain)?.users.set(user.number, inMemory(user));
  }

  /** Replaces the name and the hashes of a user who exists. */
  update(user: User): void {
    this.#change(() => this.#update.run(user.name, user.ha1Md5, user.ha1Sha256, user.domain, user.number));
    this.#domains.get(user.domain)?.users.set(user.number, inMemory(user));
  }

  /** Removes a user and the rows of the user's bindings; the caller has the location store forget them. */
  remove(number: string, domain: string): void {
    this.#change(() => {
      this.#delete.run(domain, number);
      this.#deleteBindings.run(aorOf(number, domain));
    });
    this.#domains.get(domain)?.users.delete(number);
  }

  /** At most `limit` users after (`domain`, `number`) in their order; within `only` when it is given. */
  page(after: { domain: string; number: string }, limit: number, only?: string): StoredUser[] {
    const from = only === undefined || after.domain === only ? after : { domain: only, number: '' };
    // No domain sorts after this one: names are ASCII.
    const rows = this.#page.all(from.domain, from.number, only ?? '\u{10ffff}', limit);
    return rows.map((row) => fromRow(row as unknown as UserRow));
  }

  #change(work: () => void): void {
    try {
      transaction(this.#db, work);
    } catch (error) {
      throw writeError(error);
    }
  }

  #addDomain(name: string, realm: string): void {
    this.#db.prepare('INSERT INTO domains (name, realm) VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, realm);
  }

  #replaceUnnamed(name: string): void {
    const unnamed = this.#setting('unnamed_domain');
    if (unnamed === undefined || this.#domains.get(unnamed)?.users.size !== 0) return;
    this.#db.prepare('DELETE FROM domains WHERE name = ?').run(unnamed);
    this.#set('unnamed_domain', undefined);
    this.#set('default_domain', name);
  }

  #setting(key: string): string | undefined {
    const row = this.#db.prepare('SELECT value FROM settings WHERE key = ?').get(key);
    return (row as { value: string } | undefined)?.value;
  }

  #set(key: string, value: string | undefined): void {
    if (value === undefined) this.#db.prepare('DELETE FROM settings WHERE key = ?').run(key);
    else {
      const sql =
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
      this.#db.prepare(sql).run(key, value);
    }
  }

  #load(): void {
    if (this.#db.prepare('SELECT 1 FROM domains LIMIT 1').get() === undefined) {
      this.#change(() => {
        this.#addDomain(UNNAMED_DOMAIN, UNNAMED_DOMAIN);
        this.#set('unnamed_domain', UNNAMED_DOMAIN);
        this.#set('default_domain', UNNAMED_DOMAIN);
      });
    }
    const first = this.#setting('default_domain');
    const rows = this.#db.prepare('SELECT name, realm FROM domains ORDER BY name <> ?, rowid').all(first ?? '');
    this.#domains.clear();
    for (const row of rows as unknown as { name: string; realm: string }[]) {
      this.#domains.set(row.name, { ...row, users: new Map() });
    }
    this.#names = [...this.#domains.keys()];
    for (const row of this.#db.prepare('SELECT * FROM users').iterate()) {
      const user = fromRow(row as unknown as UserRow);
      const domain = this.#domains.get(user.domain);
      domain?.users.set(user.number, inMemory({ ...user, domain: domain.name }));
    }
  }
}

const inMemory = ({ number, domain, name, ha1Md5, ha1Sha256 }: User): User => ({
  number,
  domain,
  name,
  ha1Md5,
  ha1Sha256,
});

const fromRow = (row: UserRow): StoredUser => ({
  number: row.number,
  domain: row.domain,
  name: row.name,
  ha1Md5: row.ha1_md5,
  ha1Sha256: row.ha1_sha256,
  createdAt: row.created_at,
});

/** The domains that the exchange is responsible for, and which of them is meant where none is named. */
import type { HeldUsers } from './held-users.ts';
import { SettingTable } from './setting-table.ts';
import { changeRows, type Database } from './sqlite.ts';

/** The domain of an office that was given none: `.internal` is reserved for private use and never in public DNS. */
export const UNNAMED_DOMAIN = 'office.internal';

export class DomainTable {
  readonly #db: Database;
  readonly #held: HeldUsers;
  readonly #settings: SettingTable;

  constructor(db: Database, held: HeldUsers) {
    this.#db = db;
    this.#held = held;
    this.#settings = new SettingTable(db);
  }

  /** Has `held` begin anew with the domains that are stored. */
  load(): void {
    if (this.#db.prepare('SELECT 1 FROM domains LIMIT 1').get() === undefined) {
      changeRows(this.#db, () => {
        this.insert(UNNAMED_DOMAIN, UNNAMED_DOMAIN);
        this.#settings.set('unnamed_domain', UNNAMED_DOMAIN);
        this.#settings.set('default_domain', UNNAMED_DOMAIN);
      });
    }
    const first = this.#settings.get('default_domain');
    const rows = this.#db.prepare('SELECT name, realm FROM domains ORDER BY name <> ?, rowid').all(first ?? '');
    this.#held.begin(rows as unknown as { name: string; realm: string }[]);
  }

  /**
   * Adds what is missing of `domains` and makes the first the default one. Users who were added while the office had no
   * name move there and keep their passwords, because the realm stays.
   * @returns whether rows changed, so that everything has to be loaded anew.
   */
  name(domains: readonly string[]): boolean {
    const [first] = domains;
    const held = this.#held;
    // As at the last start, and at nearly every one: to read a hundred thousand users again takes half of its time.
    if (first === undefined || (first === held.names[0] && domains.every((name) => held.has(name)))) return false;
    changeRows(this.#db, () => {
      const unnamed = this.#settings.get('unnamed_domain');
      if (unnamed !== undefined && !held.has(first)) {
        const realm = held.usersIn(unnamed) === 0 ? first : held.realm(unnamed);
        this.#db.prepare('UPDATE domains SET name = ?, realm = ? WHERE name = ?').run(first, realm ?? unnamed, unnamed);
        this.#db
          .prepare('UPDATE bindings SET aor = substr(aor, 1, length(aor) - ?) || ? WHERE substr(aor, -?) = ?')
          .run(unnamed.length, first, unnamed.length + 1, `@${unnamed}`);
        this.#settings.set('unnamed_domain', undefined);
      }
      for (const name of domains) this.insert(name, name);
      this.#settings.set('default_domain', first);
    });
    return true;
  }

  /** One more; it takes the place of an unnamed one that has no users. */
  add(name: string): void {
    changeRows(this.#db, () => {
      this.insert(name, name);
      this.replaceUnnamed(name);
    });
  }

  /** A domain without users; the next one becomes the default where it was that. The last one has to stay. */
  remove(name: string): void {
    const { names } = this.#held;
    const next = names.find((other) => other !== name);
    if (next === undefined || this.#held.usersIn(name) > 0) throw new TypeError(`the domain ${name} is in use`);
    changeRows(this.#db, () => {
      this.#db.prepare('DELETE FROM domains WHERE name = ?').run(name);
      if (this.#settings.get('unnamed_domain') === name) this.#settings.set('unnamed_domain', undefined);
      if (names[0] === name) this.#settings.set('default_domain', next);
    });
  }

  /** Within the caller's transaction, as `replaceUnnamed`. */
  insert(name: string, realm: string): void {
    this.#db.prepare('INSERT INTO domains (name, realm) VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, realm);
  }

  /** Lets `name` be what a domain without a name and without users was. */
  replaceUnnamed(name: string): void {
    const unnamed = this.#settings.get('unnamed_domain');
    if (unnamed === undefined || this.#held.usersIn(unnamed) !== 0) return;
    this.#db.prepare('DELETE FROM domains WHERE name = ?').run(unnamed);
    this.#settings.set('unnamed_domain', undefined);
    this.#settings.set('default_domain', name);
  }
}

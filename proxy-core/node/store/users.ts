/**
 * Users with their domains, devices and aliases, answered from memory and kept in SQLite. A change is durable when its
 * method returns.
 */
import type { ExchangeMode } from '../../server/settings.ts';
import { aorOf, type User, type UserStore } from '../../server/stores.ts';
import { AliasTable } from './aliases.ts';
import { DeviceTable } from './devices.ts';
import { DomainTable, UNNAMED_DOMAIN } from './domains.ts';
import { HeldUsers } from './held-users.ts';
import { ModeTable } from './modes.ts';
import { allRows, changeRows, type Database, type Statement } from './sqlite.ts';
import { PLAIN_COLUMNS, plainOf, type StoredUser, type UserRow, userOf } from './user-rows.ts';

/** What the path of a request reads of most users. */
const HELD_COLUMNS = ['domain', 'number', 'name', 'ha1_md5', 'ha1_sha256', 'is_admin'];
type HeldRow = readonly [
  ...[domain: string, number: string, name: string, ha1Md5: string, ha1Sha256: string],
  isAdmin: number,
];

export class SqliteUserStore implements UserStore {
  readonly #db: Database;
  readonly #insert: Statement;
  readonly #get: Statement;
  readonly #update: Statement;
  readonly #setPlain: Statement;
  readonly #delete: Statement;
  readonly #deleteBindings: Statement;
  readonly #held = new HeldUsers();
  readonly #domains: DomainTable;
  readonly modes: ModeTable;
  readonly devices: DeviceTable;
  readonly aliases: AliasTable;

  constructor(db: Database) {
    this.#db = db;
    this.#domains = new DomainTable(db, this.#held);
    this.modes = new ModeTable(db);
    this.devices = new DeviceTable(db, this.#held);
    this.aliases = new AliasTable(db, this.#held);
    this.#insert = db.prepare(
      `INSERT INTO users (domain, number, name, ha1_md5, ha1_sha256, created_at, is_admin, mode, ${PLAIN_COLUMNS})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#get = db.prepare('SELECT * FROM users WHERE domain = ? AND number = ?');
    this.#update = db.prepare(
      `UPDATE users SET name = ?, ha1_md5 = ?, ha1_sha256 = ?, is_admin = ?, (${PLAIN_COLUMNS}) = (?, ?, ?)
       WHERE domain = ? AND number = ?`,
    );
    this.#setPlain = db.prepare(`UPDATE users SET (${PLAIN_COLUMNS}) = (?, ?, ?) WHERE domain = ? AND number = ?`);
    this.#delete = db.prepare('DELETE FROM users WHERE domain = ? AND number = ?');
    this.#deleteBindings = db.prepare('DELETE FROM bindings WHERE aor = ?');
    this.#load();
  }

  find(number: string, domain: string): User | undefined {
    return this.#held.find(number, domain);
  }

  get mostPasswords(): number {
    return 1 + this.devices.most;
  }

  /** The user with what is not held in memory. Aliases are not looked for. */
  get(number: string, domain: string): StoredUser | undefined {
    const row = this.#get.get(domain, number);
    return row === undefined ? undefined : this.#withRest(userOf(row as unknown as UserRow));
  }

  hasDomain(domain: string): boolean {
    return this.#held.has(domain);
  }

  domains(): readonly string[] {
    return this.#held.names;
  }

  realm(domain: string): string {
    return this.#held.realm(domain) ?? domain;
  }

  get hasModes(): boolean {
    return !this.modes.isEmpty;
  }

  modeOf(number: string, domain: string): ExchangeMode | undefined {
    return this.modes.of(number, domain);
  }

  /** The domain of a number that is given without one. */
  get defaultDomain(): string {
    return this.#held.names[0] ?? UNNAMED_DOMAIN;
  }

  get size(): number {
    return this.#held.size;
  }

  usersIn(domain: string): number {
    return this.#held.usersIn(domain);
  }

  /**
   * Makes the exchange responsible for `domains` (lower case), the first one becoming the default. Users who were added
   * while the office had no name move into the first one and keep their passwords, because the realm stays.
   * Rewrites bindings: to be called before they are loaded.
   */
  nameDomains(domains: readonly string[]): void {
    if (this.#domains.name(domains)) this.#load();
  }

  /** Makes the exchange responsible for one more domain; it takes the place of an unnamed one that has no users. */
  addDomain(name: string): void {
    this.#domains.add(name);
    this.#load();
  }

  /** Removes a domain without users; the next one becomes the default where it was that. The last one has to stay. */
  removeDomain(name: string): void {
    this.#domains.remove(name);
    this.#load();
  }

  /**
   * Adds all users, with their devices, aliases and modes, or none. Domains that are not known yet are made, with the
   * realm given in `domains`, else their own name; the first of them takes the place of an unnamed domain that has no
   * users.
   */
  add(users: readonly StoredUser[], domains?: ReadonlyMap<string, string>): void {
    const missing = new Set(users.map((user) => user.domain).filter((domain) => !this.#held.has(domain)));
    changeRows(this.#db, () => {
      for (const domain of missing) this.#domains.insert(domain, domains?.get(domain) ?? domain);
      const [first] = missing;
      if (first !== undefined && !users.some((user) => user.domain === UNNAMED_DOMAIN)) {
        this.#domains.replaceUnnamed(first);
      }
      for (const user of users) this.#insertWhole(user);
    });
    if (missing.size > 0) this.#load();
    else for (const user of users) this.#holdWhole(user);
    if (users.some(({ devices = [] }) => devices.length > 0)) this.devices.count();
  }

  /** Replaces the name, the hashes and the rights of a user who exists; devices and aliases stay. */
  update(user: User): void {
    const { name, ha1Md5, ha1Sha256, isAdmin = false, number, domain } = user;
    changeRows(this.#db, () =>
      this.#update.run(name, ha1Md5, ha1Sha256, Number(isAdmin), ...plainOf(user), domain, number),
    );
    this.#held.hold(this.#withRest({ ...user, devices: [], aliases: [] }));
  }

  /** Removes a user with devices and aliases and the rows of the bindings; the caller has the location store forget them. */
  remove(number: string, domain: string): void {
    changeRows(this.#db, () => {
      this.#delete.run(domain, number);
      this.#deleteBindings.run(aorOf(number, domain));
    });
    this.#held.forget(number, domain);
    this.modes.forget(number, domain);
    this.devices.count();
  }

  /** Has a user be found by what the row says, whoever wrote it; to be called in the same transaction. */
  findable(number: string, domain: string): void {
    const row = this.#get.get(domain, number);
    if (row !== undefined) this.#setPlain.run(...plainOf(row as unknown as UserRow), domain, number);
  }

  /** Has memory follow the rows of a user, whoever wrote them. */
  refresh(number: string, domain: string): void {
    this.#held.forget(number, domain);
    this.modes.forget(number, domain);
    const row = this.#get.get(domain, number);
    if (row !== undefined) {
      const devices = this.devices.of(number, domain).map(({ createdAt: _, ...device }) => device);
      this.#holdWhole({ ...userOf(row as unknown as UserRow), devices, aliases: this.aliases.stored(number, domain) });
    }
    this.devices.count();
  }

  /** Has memory follow all rows, whoever wrote them. */
  reload(): void {
    this.#load();
  }

  #insertWhole({ domain, number, createdAt, devices = [], aliases = [], ...u }: StoredUser): void {
    const isAdmin = Number(u.isAdmin === true);
    const plain = plainOf({ number, name: u.name });
    this.#insert.run(domain, number, u.name, u.ha1Md5, u.ha1Sha256, createdAt, isAdmin, u.mode ?? null, ...plain);
    for (const [at, device] of devices.entries()) {
      // In the order in which they stand.
      this.devices.insert(number, domain, { ...device, createdAt: createdAt + at });
    }
    for (const alias of aliases) this.aliases.insert(alias, number, domain);
  }

  #holdWhole(user: StoredUser): void {
    const { domain, number, mode, aliases = [] } = user;
    this.#held.hold(user);
    for (const alias of aliases) this.#held.lead(alias, domain, number);
    if (mode !== undefined) this.modes.hold(number, domain, mode);
  }

  /** What the row of a user does not say. */
  #withRest<Row extends User>(row: Row): Row {
    const held = this.#held.get(row.number, row.domain);
    return { ...row, ...(held?.devices && { devices: held.devices }), ...(held?.aliases && { aliases: held.aliases }) };
  }

  #load(): void {
    this.#domains.load();
    this.modes.load();
    for (const row of allRows(this.#db, 'users', HELD_COLUMNS, ['domain', 'number'])) {
      const [domain, number, name, ha1Md5, ha1Sha256, isAdmin] = row as HeldRow;
      this.#held.holdRow(number, domain, name, ha1Md5, ha1Sha256, isAdmin !== 0);
    }
    this.aliases.load();
    this.devices.load();
  }
}

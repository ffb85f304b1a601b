/**
 * Domains, users, their devices and aliases, answered from memory and kept in SQLite. A change is durable when its
 * method returns.
 */
import type { ExchangeMode } from '../../server/settings.ts';
import { aorOf, type Device, type User, type UserStore } from '../../server/stores.ts';
import { writeError } from './errors.ts';
import { ModeTable } from './modes.ts';
import { allRows, type Database, type Statement, transaction } from './sqlite.ts';
import {
  type AliasRow,
  type DeviceRow,
  deviceOf,
  inMemory,
  type StoredDevice,
  type StoredUser,
  type UserRow,
  userOf,
} from './user-rows.ts';

/** The domain of an office that was given none: `.internal` is reserved for private use and never in public DNS. */
export const UNNAMED_DOMAIN = 'office.internal';

interface Domain {
  readonly name: string;
  readonly realm: string;
  readonly users: Map<string, User>;
  /** Alias to number. */
  readonly aliases: Map<string, string>;
}

/** What the path of a request reads of most users. */
const HELD_COLUMNS = ['domain', 'number', 'name', 'ha1_md5', 'ha1_sha256', 'is_admin'];
type HeldRow = readonly [
  ...[domain: string, number: string, name: string, ha1Md5: string, ha1Sha256: string],
  isAdmin: number,
];

export class SqliteUserStore implements UserStore {
  readonly #db: Database;
  readonly #insert: Statement;
  readonly #insertDevice: Statement;
  readonly #insertAlias: Statement;
  readonly #get: Statement;
  readonly #update: Statement;
  readonly #delete: Statement;
  readonly #deleteBindings: Statement;
  readonly #page: Statement;
  readonly modes: ModeTable;
  readonly #domains = new Map<string, Domain>();
  /** The default one first. */
  #names: readonly string[] = [];
  #mostDevices = 0;

  constructor(db: Database) {
    this.#db = db;
    this.modes = new ModeTable(db);
    this.#insert = db.prepare(
      'INSERT INTO users (domain, number, name, ha1_md5, ha1_sha256, created_at, is_admin, mode) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertDevice = db.prepare(
      'INSERT INTO devices (domain, number, label, ha1_md5, ha1_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertAlias = db.prepare('INSERT INTO aliases (domain, alias, number) VALUES (?, ?, ?)');
    this.#get = db.prepare('SELECT * FROM users WHERE domain = ? AND number = ?');
    this.#update = db.prepare(
      'UPDATE users SET name = ?, ha1_md5 = ?, ha1_sha256 = ?, is_admin = ? WHERE domain = ? AND number = ?',
    );
    this.#delete = db.prepare('DELETE FROM users WHERE domain = ? AND number = ?');
    this.#deleteBindings = db.prepare('DELETE FROM bindings WHERE aor = ?');
    this.#page = db.prepare(
      'SELECT * FROM users WHERE (domain, number) > (?, ?) AND domain <= ? ORDER BY domain, number LIMIT ?',
    );
    this.#load();
  }

  find(number: string, domain: string): User | undefined {
    const home = this.#domains.get(domain);
    if (home === undefined) return undefined;
    const user = home.users.get(number);
    if (user !== undefined || home.aliases.size === 0) return user;
    const own = home.aliases.get(number);
    return own === undefined ? undefined : home.users.get(own);
  }

  get mostPasswords(): number {
    return 1 + this.#mostDevices;
  }

  /** The user with what is not held in memory. Aliases are not looked for. */
  get(number: string, domain: string): StoredUser | undefined {
    const row = this.#get.get(domain, number);
    return row === undefined ? undefined : this.#withRest(userOf(row as unknown as UserRow));
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

  get hasModes(): boolean {
    return !this.modes.isEmpty;
  }

  modeOf(number: string, domain: string): ExchangeMode | undefined {
    return this.modes.of(number, domain);
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

  usersIn(domain: string): number {
    return this.#domains.get(domain)?.users.size ?? 0;
  }

  /**
   * Makes the exchange responsible for `domains` (lower case), the first one becoming the default. Users who were added
   * while the office had no name move into the first one and keep their passwords, because the realm stays.
   * Rewrites bindings: to be called before they are loaded.
   */
  nameDomains(domains: readonly string[]): void {
    const [first] = domains;
    // As at the last start, and at nearly every one: to read a hundred thousand users again takes half of its time.
    if (first === undefined || (first === this.#names[0] && domains.every((name) => this.#domains.has(name)))) return;
    this.#change(() => {
      const unnamed = this.#setting('unnamed_domain');
      if (unnamed !== undefined && !this.#domains.has(first)) {
        const realm = this.usersIn(unnamed) === 0 ? first : this.realm(unnamed);
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

  /** Makes the exchange responsible for one more domain; it takes the place of an unnamed one that has no users. */
  addDomain(name: string): void {
    this.#change(() => {
      this.#addDomain(name, name);
      this.#replaceUnnamed(name);
    });
    this.#load();
  }

  /** Removes a domain without users; the next one becomes the default where it was that. The last one has to stay. */
  removeDomain(name: string): void {
    const next = this.#names.find((other) => other !== name);
    if (next === undefined || this.usersIn(name) > 0) throw new TypeError(`the domain ${name} is in use`);
    this.#change(() => {
      this.#db.prepare('DELETE FROM domains WHERE name = ?').run(name);
      if (this.#setting('unnamed_domain') === name) this.#set('unnamed_domain', undefined);
      if (this.#names[0] === name) this.#set('default_domain', next);
    });
    this.#load();
  }

  /**
   * Adds all users, with their devices, aliases and modes, or none. Domains that are not known yet are made, with the realm given in `domains`, else their own
   * name; the first of them takes the place of an unnamed domain that has no users.
   */
  add(users: readonly StoredUser[], domains?: ReadonlyMap<string, string>): void {
    const missing = new Set(users.map((user) => user.domain).filter((domain) => !this.#domains.has(domain)));
    this.#change(() => {
      for (const domain of missing) this.#addDomain(domain, domains?.get(domain) ?? domain);
      const [first] = missing;
      if (first !== undefined && !users.some((user) => user.domain === UNNAMED_DOMAIN)) this.#replaceUnnamed(first);
      for (const user of users) this.#insertWhole(user);
    });
    if (missing.size > 0) this.#load();
    else for (const user of users) this.#holdWhole(user);
  }

  #insertWhole({ domain, number, createdAt, devices = [], aliases = [], ...u }: StoredUser): void {
    const isAdmin = Number(u.isAdmin === true);
    this.#insert.run(domain, number, u.name, u.ha1Md5, u.ha1Sha256, createdAt, isAdmin, u.mode ?? null);
    for (const [at, { label, ha1Md5, ha1Sha256 }] of devices.entries()) {
      // In the order in which they stand.
      this.#insertDevice.run(domain, number, label, ha1Md5, ha1Sha256, createdAt + at);
    }
    for (const alias of aliases) this.#insertAlias.run(domain, alias, number);
  }

  #holdWhole(user: StoredUser): void {
    const { domain, number, mode, aliases = [], devices = [] } = user;
    this.#hold(user);
    for (const alias of aliases) this.#domains.get(domain)?.aliases.set(alias, number);
    if (mode !== undefined) this.modes.hold(number, domain, mode);
    this.#mostDevices = Math.max(this.#mostDevices, devices.length);
  }

  /** Replaces the name, the hashes and the rights of a user who exists; devices and aliases stay. */
  update(user: User): void {
    const { name, ha1Md5, ha1Sha256, isAdmin = false, number, domain } = user;
    this.#change(() => this.#update.run(name, ha1Md5, ha1Sha256, Number(isAdmin), domain, number));
    this.#hold(this.#withRest({ ...user, devices: [], aliases: [] }));
  }

  /** Removes a user with devices and aliases and the rows of the bindings; the caller has the location store forget them. */
  remove(number: string, domain: string): void {
    this.#change(() => {
      this.#delete.run(domain, number);
      this.#deleteBindings.run(aorOf(number, domain));
    });
    const home = this.#domains.get(domain);
    for (const alias of home?.users.get(number)?.aliases ?? []) home?.aliases.delete(alias);
    home?.users.delete(number);
    this.modes.forget(number, domain);
    this.#countDevices();
  }

  /** The devices of a user, with what is not held in memory, in the order in which they were added. */
  devices(number: string, domain: string): StoredDevice[] {
    const rows = this.#db
      .prepare('SELECT * FROM devices WHERE domain = ? AND number = ? ORDER BY created_at, label')
      .all(domain, number);
    return rows.map((row) => deviceOf(row as unknown as DeviceRow));
  }

  addDevice(number: string, domain: string, device: StoredDevice): void {
    const { label, ha1Md5, ha1Sha256, createdAt } = device;
    this.#change(() => this.#insertDevice.run(domain, number, label, ha1Md5, ha1Sha256, createdAt));
    this.#changeHeld(number, domain, (user) => {
      const devices: readonly Device[] = [...(user.devices ?? []), { label, ha1Md5, ha1Sha256 }];
      return { ...user, devices };
    });
    this.#countDevices();
  }

  /**
   * Takes a device's password out of use at once, and has it forgotten durably by `finish`; when that is never called,
   * as after a fault or a crash, `undo` or the next start bring it back.
   */
  revokeDevice(number: string, domain: string, label: string): { finish(): void; undo(): void } {
    const before = this.#domains.get(domain)?.users.get(number);
    this.#changeHeld(number, domain, (user) => ({
      ...user,
      devices: (user.devices ?? []).filter((device) => device.label !== label),
    }));
    return {
      finish: () => {
        const sql = 'DELETE FROM devices WHERE domain = ? AND number = ? AND label = ?';
        this.#change(() => this.#db.prepare(sql).run(domain, number, label));
        this.#countDevices();
      },
      undo: () => {
        const device = before?.devices?.find((one) => one.label === label);
        if (device === undefined) return;
        this.#changeHeld(number, domain, (user) => ({ ...user, devices: [...(user.devices ?? []), device] }));
      },
    };
  }

  /** Every alias of a domain in order, or of one user there. */
  aliases(domain: string, number?: string): { readonly alias: string; readonly number: string }[] {
    const held = [...(this.#domains.get(domain)?.aliases ?? [])].map(([alias, of]) => ({ alias, number: of }));
    return held.filter((one) => number === undefined || one.number === number).sort(byAlias);
  }

  addAlias(alias: string, number: string, domain: string): void {
    this.#change(() => this.#insertAlias.run(domain, alias, number));
    this.#domains.get(domain)?.aliases.set(alias, number);
    this.#changeHeld(number, domain, (user) => ({ ...user, aliases: [...(user.aliases ?? []), alias] }));
  }

  removeAlias(alias: string, domain: string): void {
    this.#change(() => this.#db.prepare('DELETE FROM aliases WHERE domain = ? AND alias = ?').run(domain, alias));
    const home = this.#domains.get(domain);
    const number = home?.aliases.get(alias) ?? '';
    home?.aliases.delete(alias);
    this.#changeHeld(number, domain, (user) => ({
      ...user,
      aliases: (user.aliases ?? []).filter((one) => one !== alias),
    }));
  }

  /** At most `limit` users after (`domain`, `number`) in their order; within `only` when it is given. */
  page(after: { domain: string; number: string }, limit: number, only?: string): StoredUser[] {
    const from = only === undefined || after.domain === only ? after : { domain: only, number: '' };
    // No domain sorts after this one: names are ASCII.
    const rows = this.#page.all(from.domain, from.number, only ?? '\u{10ffff}', limit);
    return rows.map((row) => this.#withRest(userOf(row as unknown as UserRow)));
  }

  #change(work: () => void): void {
    try {
      transaction(this.#db, work);
    } catch (error) {
      throw writeError(error);
    }
  }

  /** What the row of a user does not say. */
  #withRest<Row extends User>(row: Row): Row {
    const held = this.#domains.get(row.domain)?.users.get(row.number);
    return { ...row, ...(held?.devices && { devices: held.devices }), ...(held?.aliases && { aliases: held.aliases }) };
  }

  #hold(user: User): void {
    this.#domains.get(user.domain)?.users.set(user.number, inMemory(user));
  }

  #changeHeld(number: string, domain: string, change: (user: User) => User): void {
    const user = this.#domains.get(domain)?.users.get(number);
    if (user !== undefined) this.#hold(change(user));
  }

  #countDevices(): void {
    const sql = 'SELECT max(n) AS most FROM (SELECT count(*) AS n FROM devices GROUP BY domain, number)';
    this.#mostDevices = (this.#db.prepare(sql).get() as { most: number | null } | undefined)?.most ?? 0;
  }

  #addDomain(name: string, realm: string): void {
    this.#db.prepare('INSERT INTO domains (name, realm) VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, realm);
  }

  #replaceUnnamed(name: string): void {
    const unnamed = this.#setting('unnamed_domain');
    if (unnamed === undefined || this.usersIn(unnamed) !== 0) return;
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
      this.#domains.set(row.name, { ...row, users: new Map(), aliases: new Map() });
    }
    this.#names = [...this.#domains.keys()];
    this.modes.load();
    for (const row of allRows(this.#db, 'users', HELD_COLUMNS, ['domain', 'number'])) {
      const [home, number, name, ha1Md5, ha1Sha256, isAdmin] = row as HeldRow;
      const domain = this.#domains.get(home);
      if (domain === undefined) continue;
      const user = { number, domain: domain.name, name, ha1Md5, ha1Sha256 };
      domain.users.set(number, isAdmin === 0 ? user : { ...user, isAdmin: true });
    }
    this.#loadRest();
  }

  #loadRest(): void {
    for (const row of this.#db.prepare('SELECT * FROM aliases ORDER BY domain, alias').iterate()) {
      const { domain, alias, number } = row as unknown as AliasRow;
      this.#domains.get(domain)?.aliases.set(alias, number);
      this.#changeHeld(number, domain, (user) => ({ ...user, aliases: [...(user.aliases ?? []), alias] }));
    }
    for (const row of this.#db.prepare('SELECT * FROM devices ORDER BY created_at, label').iterate()) {
      const { domain, number } = row as unknown as DeviceRow;
      const { createdAt: _, ...device } = deviceOf(row as unknown as DeviceRow);
      this.#changeHeld(number, domain, (user) => ({ ...user, devices: [...(user.devices ?? []), device] }));
    }
    this.#countDevices();
  }
}

const byAlias = (a: { alias: string }, b: { alias: string }): number => (a.alias < b.alias ? -1 : 1);

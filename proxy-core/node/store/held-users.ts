/** Users as they are held in memory, by domain: only what the path of a request reads. */
import type { User } from '../../server/stores.ts';
import { inMemory } from './user-rows.ts';

interface Domain {
  readonly name: string;
  readonly realm: string;
  readonly users: Map<string, User>;
  /** Alias to number. */
  readonly aliases: Map<string, string>;
}

export class HeldUsers {
  readonly #domains = new Map<string, Domain>();
  #names: readonly string[] = [];

  /** Forgets everything; `domains` are those from now on, the default one first. */
  begin(domains: readonly { readonly name: string; readonly realm: string }[]): void {
    this.#domains.clear();
    for (const { name, realm } of domains) {
      this.#domains.set(name, { name, realm, users: new Map(), aliases: new Map() });
    }
    this.#names = [...this.#domains.keys()];
  }

  /** The default domain first. */
  get names(): readonly string[] {
    return this.#names;
  }

  get size(): number {
    let size = 0;
    for (const { users } of this.#domains.values()) size += users.size;
    return size;
  }

  has(domain: string): boolean {
    return this.#domains.has(domain);
  }

  realm(domain: string): string | undefined {
    return this.#domains.get(domain)?.realm;
  }

  usersIn(domain: string): number {
    return this.#domains.get(domain)?.users.size ?? 0;
  }

  /** By number, else by alias. */
  find(number: string, domain: string): User | undefined {
    const home = this.#domains.get(domain);
    if (home === undefined) return undefined;
    const user = home.users.get(number);
    if (user !== undefined || home.aliases.size === 0) return user;
    const own = home.aliases.get(number);
    return own === undefined ? undefined : home.users.get(own);
  }

  /** By number only. */
  get(number: string, domain: string): User | undefined {
    return this.#domains.get(domain)?.users.get(number);
  }

  hold(user: User): void {
    this.#domains.get(user.domain)?.users.set(user.number, inMemory(user));
  }

  /** From a row of a user who has nothing but that: no list is made for him, and all share the name of their domain. */
  holdRow(number: string, domain: string, name: string, ha1Md5: string, ha1Sha256: string, isAdmin: boolean): void {
    const home = this.#domains.get(domain);
    if (home === undefined) return;
    const user = { number, domain: home.name, name, ha1Md5, ha1Sha256 };
    home.users.set(number, isAdmin ? { ...user, isAdmin } : user);
  }

  /** Of nobody where there is no such user. */
  change(number: string, domain: string, change: (user: User) => User): void {
    const user = this.get(number, domain);
    if (user !== undefined) this.hold(change(user));
  }

  /** With his aliases. */
  forget(number: string, domain: string): void {
    const home = this.#domains.get(domain);
    for (const alias of home?.users.get(number)?.aliases ?? []) home?.aliases.delete(alias);
    home?.users.delete(number);
  }

  /** Alias to number. */
  aliasesOf(domain: string): ReadonlyMap<string, string> {
    return this.#domains.get(domain)?.aliases ?? NO_ALIASES;
  }

  /** Has an alias lead to a number, or nowhere; the user himself is changed by `change`. */
  lead(alias: string, domain: string, number: string | undefined): void {
    const aliases = this.#domains.get(domain)?.aliases;
    if (number === undefined) aliases?.delete(alias);
    else aliases?.set(alias, number);
  }
}

const NO_ALIASES: ReadonlyMap<string, string> = new Map();

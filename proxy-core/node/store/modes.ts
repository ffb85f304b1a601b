/** Which users and domains are handled in a mode of their own, answered from memory and kept in columns of their rows. */
import type { ExchangeMode } from '../../server/settings.ts';
import { type Aor, aorOf } from '../../server/stores.ts';
import { writeError } from './errors.ts';
import type { Database } from './sqlite.ts';

export class ModeTable {
  readonly #db: Database;
  readonly #users = new Map<Aor, ExchangeMode>();
  readonly #domains = new Map<string, ExchangeMode>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Reads everything anew: rows were renamed. */
  load(): void {
    this.#users.clear();
    this.#domains.clear();
    for (const row of this.#db.prepare('SELECT number, domain, mode FROM users WHERE mode IS NOT NULL').iterate()) {
      const { number, domain, mode } = row as unknown as { number: string; domain: string; mode: ExchangeMode };
      this.#users.set(aorOf(number, domain), mode);
    }
    for (const row of this.#db.prepare('SELECT name, mode FROM domains WHERE mode IS NOT NULL').iterate()) {
      const { name, mode } = row as unknown as { name: string; mode: ExchangeMode };
      this.#domains.set(name, mode);
    }
  }

  get isEmpty(): boolean {
    return this.#users.size === 0 && this.#domains.size === 0;
  }

  /** The user's own mode, else the domain's. */
  of(number: string, domain: string): ExchangeMode | undefined {
    return this.ofUser(number, domain) ?? this.ofDomain(domain);
  }

  ofUser(number: string, domain: string): ExchangeMode | undefined {
    return this.#users.size === 0 ? undefined : this.#users.get(aorOf(number, domain));
  }

  ofDomain(domain: string): ExchangeMode | undefined {
    return this.#domains.get(domain);
  }

  /** Of a user who exists; undefined for what the domain says. */
  setUser(number: string, domain: string, mode: ExchangeMode | undefined): void {
    this.#write('UPDATE users SET mode = ? WHERE number = ? AND domain = ?', mode ?? null, number, domain);
    if (mode === undefined) this.#users.delete(aorOf(number, domain));
    else this.#users.set(aorOf(number, domain), mode);
  }

  /** Of a domain that exists; undefined for what the exchange says. */
  setDomain(domain: string, mode: ExchangeMode | undefined): void {
    this.#write('UPDATE domains SET mode = ? WHERE name = ?', mode ?? null, domain);
    if (mode === undefined) this.#domains.delete(domain);
    else this.#domains.set(domain, mode);
  }

  /** The user's row was written with it. */
  hold(number: string, domain: string, mode: ExchangeMode): void {
    this.#users.set(aorOf(number, domain), mode);
  }

  /** The user's row is gone. */
  forget(number: string, domain: string): void {
    this.#users.delete(aorOf(number, domain));
  }

  #write(sql: string, ...values: (string | null)[]): void {
    try {
      this.#db.prepare(sql).run(...values);
    } catch (error) {
      throw writeError(error);
    }
  }
}

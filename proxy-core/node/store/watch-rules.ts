/** Who may watch whom, and lists of users, answered from memory and kept in SQLite. A change is durable on return. */
import type { ListStore } from '../../server/events/lists/list-event.ts';
import { USUAL_RULE, type WatchRule, type WatchRuleStore } from '../../server/events/watch-rules.ts';
import { type Aor, aorOf } from '../../server/stores.ts';
import { writeError } from './errors.ts';
import { type Database, type Statement, transaction } from './sqlite.ts';

export interface StoredWatchRule extends WatchRule {
  readonly domain: string;
  /** Undefined for the rule of the whole domain. */
  readonly number: string | undefined;
}

export interface UserList {
  readonly name: string;
  readonly domain: string;
  readonly members: readonly Aor[];
}

export class SqliteWatchRules implements WatchRuleStore {
  readonly #db: Database;
  readonly #users = new Map<Aor, WatchRule>();
  readonly #domains = new Map<string, WatchRule>();

  constructor(db: Database) {
    this.#db = db;
    this.reload();
  }

  of(number: string, domain: string): WatchRule {
    const own = this.#users.size === 0 ? undefined : this.#users.get(aorOf(number, domain));
    return own ?? this.#domains.get(domain) ?? USUAL_RULE;
  }

  /** Those that were set, domains first. */
  all(): StoredWatchRule[] {
    const rows = this.#db.prepare('SELECT * FROM watch_rules ORDER BY number IS NOT NULL, domain, number').all();
    return rows.map((row) => {
      const { domain, number, watchers, listed, details } = row as unknown as RuleRow;
      return { domain, number: number ?? undefined, watchers, listed: textsIn(listed), details: details !== 0 };
    });
  }

  /** Of a user or domain that exists; without a rule what the next greater unit says holds again. */
  set(number: string | undefined, domain: string, rule: WatchRule | undefined): void {
    write(() =>
      transaction(this.#db, () => {
        this.#db
          .prepare("DELETE FROM watch_rules WHERE domain = ? AND ifnull(number, '') = ?")
          .run(domain, number ?? '');
        if (rule === undefined) return;
        this.#db
          .prepare('INSERT INTO watch_rules (domain, number, watchers, listed, details) VALUES (?, ?, ?, ?, ?)')
          .run(domain, number ?? null, rule.watchers, JSON.stringify(rule.listed), rule.details ? 1 : 0);
      }),
    );
    if (number === undefined) hold(this.#domains, domain, rule);
    else hold(this.#users, aorOf(number, domain), rule);
  }

  /** Has memory follow the rows, whoever wrote them. */
  reload(): void {
    this.#domains.clear();
    this.#users.clear();
    for (const { domain, number, ...rule } of this.all()) {
      if (number === undefined) this.#domains.set(domain, rule);
      else this.#users.set(aorOf(number, domain), rule);
    }
  }

  /** The user's row is gone, and with it his rule's. */
  forget(number: string, domain: string): void {
    this.#users.delete(aorOf(number, domain));
  }
}

export class SqliteLists implements ListStore {
  readonly #db: Database;
  readonly #lists = new Map<Aor, UserList>();
  readonly #ofDomain: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#ofDomain = db.prepare('SELECT number FROM users WHERE domain = ? ORDER BY number LIMIT ?');
    this.reload();
  }

  /** Has memory follow the rows, whoever wrote them. */
  reload(): void {
    this.#lists.clear();
    for (const row of this.#db.prepare('SELECT * FROM user_lists ORDER BY domain, name').all()) {
      const { domain, name, members } = row as unknown as { domain: string; name: string; members: string };
      this.#lists.set(aorOf(name, domain), { name, domain, members: textsIn(members) as Aor[] });
    }
  }

  membersOf(name: string, domain: string): readonly Aor[] | undefined {
    return this.#lists.size === 0 ? undefined : this.#lists.get(aorOf(name, domain))?.members;
  }

  usersOf(domain: string, limit: number): readonly Aor[] {
    return this.#ofDomain.all(domain, limit).map((row) => aorOf((row as { number: string }).number, domain));
  }

  all(): readonly UserList[] {
    return [...this.#lists.values()];
  }

  /** In a domain that exists. Without members there is no such list any more. */
  set(name: string, domain: string, members: readonly Aor[] | undefined): void {
    write(() => {
      if (members === undefined) {
        this.#db.prepare('DELETE FROM user_lists WHERE domain = ? AND name = ?').run(domain, name);
      } else {
        this.#db
          .prepare('INSERT OR REPLACE INTO user_lists (domain, name, members) VALUES (?, ?, ?)')
          .run(domain, name, JSON.stringify(members));
      }
    });
    hold(this.#lists, aorOf(name, domain), members && { name, domain, members });
  }
}

interface RuleRow {
  readonly domain: string;
  readonly number: string | null;
  readonly watchers: WatchRule['watchers'];
  readonly listed: string;
  readonly details: number;
}

function write(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw writeError(error);
  }
}

function hold<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** None where the row is damaged: nobody sees more than was allowed. */
function textsIn(json: string): string[] {
  try {
    const texts: unknown = JSON.parse(json);
    return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
  } catch {
    return [];
  }
}

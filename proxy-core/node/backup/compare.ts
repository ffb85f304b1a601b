/** What putting a backup back would change, by the names of things. */
import { Rows } from '../store/rows.ts';
import { openSqlite } from '../store/sqlite.ts';

export interface KindChange {
  readonly kind: string;
  readonly before: number;
  readonly after: number;
  /** At most `NAMED` of each; how many there are stands beside. */
  readonly added: Names;
  readonly removed: Names;
  readonly changed: Names;
}

export interface Names {
  readonly count: number;
  readonly names: readonly string[];
}

const NAMED = 20;

/** What is compared, each thing with a name that a person knows; what it is made of is everything else in its row. */
const KINDS: readonly (readonly [kind: string, sql: string])[] = [
  ['domains', 'SELECT name AS thing, * FROM domains'],
  ['users', "SELECT number || '@' || domain AS thing, * FROM users"],
  ['aliases', "SELECT alias || '@' || domain AS thing, * FROM aliases"],
  ['devices', `SELECT number || '@' || domain || ' "' || label || '"' AS thing, * FROM devices`],
  ['settings', "SELECT replace(key, 'set.', '') AS thing, * FROM settings WHERE key LIKE 'set.%'"],
  ['forwards', "SELECT number || '@' || domain AS thing, * FROM call_handling"],
  ['rules of presence', "SELECT coalesce(number, '') || '@' || domain AS thing, * FROM watch_rules"],
  ['watch lists', "SELECT name || '@' || domain AS thing, * FROM user_lists"],
  ['messages', 'SELECT id AS thing, id FROM messages'],
  ['registrations', 'SELECT DISTINCT aor AS thing FROM bindings'],
  ['trusted networks', 'SELECT network AS thing FROM trusted_networks'],
  ['bans', 'SELECT address AS thing, address FROM bans'],
];

/** Of two databases with the schema of this version; without the first, of nothing. */
export function compareOffices(before: string | undefined, after: string): KindChange[] {
  const [old, young] = [before === undefined ? undefined : openSqlite(before, 0), openSqlite(after, 0)];
  try {
    return KINDS.map(([kind, sql]) => {
      const was = old === undefined ? new Map<string, string>() : thingsOf(new Rows(old), sql);
      const is = thingsOf(new Rows(young), sql);
      return {
        ...{ kind, before: was.size, after: is.size },
        added: namesOf([...is.keys()].filter((name) => !was.has(name))),
        removed: namesOf([...was.keys()].filter((name) => !is.has(name))),
        changed: namesOf([...is].filter(([name, row]) => (was.get(name) ?? row) !== row).map(([name]) => name)),
      };
    });
  } finally {
    old?.close();
    young.close();
  }
}

const thingsOf = (rows: Rows, sql: string): Map<string, string> =>
  new Map(rows.all(sql).map((row) => [String(row.thing), JSON.stringify(row)]));

const namesOf = (names: readonly string[]): Names => ({ count: names.length, names: names.slice(0, NAMED) });

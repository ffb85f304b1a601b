import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../../../proxy-core/node/store/index.ts';
import { type ListQuery, NoSuchPlace } from '../../../../../proxy-core/node/store/listing.ts';
import { type Listings, openListings } from '../../../../../proxy-core/node/store/listings.ts';
import { orderedText } from '../../../../../proxy-core/node/store/plain-text.ts';
import { type Database, openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { user } from './samples.ts';

let dir: string;
let db: Database;
let lists: Listings;
let asked: string[];
let open: () => Listings;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-listing-'));
  const store = await openStore({ dataDir: dir, domains: ['a.test', 'b.test'] });
  const names = ['Zoë', 'ana', 'Ben', '100%', 'a_b'];
  for (const domain of ['b.test', 'a.test']) {
    store.users.add(
      names.map((name, at) => ({
        ...user(String(1000 + at), domain),
        name,
        createdAt: 5_000 - at,
        aliases: [`9${at}`],
      })),
    );
  }
  store.close();
  db = openSqlite(join(dir, 'tandem.db'), 0);
  asked = [];
  const telling = new Proxy(db, {
    get: (target, name) =>
      name !== 'prepare'
        ? Reflect.get(target, name)
        : (sql: string) => {
            asked.push(sql);
            return target.prepare(sql);
          },
  });
  open = () => openListings(telling);
  lists = open();
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true });
});

/** All pages, `limit` at a time. */
function all(query: Omit<ListQuery, 'limit'>, limit: number): string[] {
  const found: string[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 20; pages += 1) {
    const { rows, next } = lists.users.page({ ...query, limit, after });
    found.push(...rows.map((row) => `${row.number}@${row.domain} ${row.name}`));
    if (next === undefined) return found;
    after = next;
  }
  throw new Error('it does not end');
}

describe('a listing', () => {
  it.each(['number', 'name', 'created', undefined])('gives everything once, whatever the page, by %s', (sort) => {
    for (const descending of [false, true]) {
      const whole = all({ sort, descending }, 100);
      expect(whole).toHaveLength(10);
      for (const limit of [1, 3, 5, 10]) expect(all({ sort, descending }, limit)).toEqual(whole);
      expect(all({ sort, descending: !descending }, 3)).toEqual([...whole].reverse());
    }
  });

  it('sorts names without regard to capitals, and equal ones by their key', () => {
    expect(all({ sort: 'name' }, 2).map((one) => one.split(' ')[1])).toEqual(
      ['100%', 'a_b', 'ana', 'Ben', 'Zoë'].flatMap((name) => [name, name]),
    );
    expect(all({ sort: 'name' }, 2).slice(0, 2)).toEqual(['1003@a.test 100%', '1003@b.test 100%']);
  });

  it('goes on where it was although rows came and went meanwhile', () => {
    const first = lists.users.page({ limit: 3 });
    db.exec("DELETE FROM users WHERE domain = 'a.test' AND number IN ('1000', '1002')");
    db.exec(
      `INSERT INTO users SELECT domain, '0999', name, ha1_md5, ha1_sha256, created_at, 0, NULL, plain_name, name_order,
       '${orderedText('0999')}' FROM users LIMIT 1`,
    );
    const { rows } = lists.users.page({ limit: 3, after: first.next });
    expect(rows.map(({ number, domain }) => `${number}@${domain}`)).toEqual([
      '1003@a.test',
      '1004@a.test',
      '1000@b.test',
    ]);
  });

  it.each([
    ['zo', 2],
    ['ZOE', 2],
    ['zoë', 2],
    ['ANA', 2],
    ['100', 10],
    ['100%', 2],
    ['a_b', 2],
    ['\\', 0],
    ["' OR 1 = 1 --", 0],
    ['93', 2],
  ])('finds %s', (text, count) => {
    expect(all({ text }, 3)).toHaveLength(count);
  });

  it('filters', () => {
    expect(all({ filters: { domain: 'b.test' } }, 2)).toHaveLength(5);
    expect(all({ filters: { domain: 'b.test', isAdmin: 1 } }, 2)).toHaveLength(0);
    expect(all({ filters: { mode: 'default' }, text: 'ana' }, 2)).toHaveLength(2);
    expect(all({ filters: { registered: [1, 0] } }, 2)).toHaveLength(0);
    expect(all({ filters: { registered: [0, 0] } }, 2)).toHaveLength(10);
  });

  it('finds one row, unless the query does not list it', () => {
    expect(lists.users.one(['a.test', '1001'], {})).toMatchObject({ name: 'ana' });
    expect(lists.users.one(['a.test', '1001'], { text: 'ben' })).toBeUndefined();
    expect(lists.users.one(['a.test', '1001'], { filters: { domain: 'b.test' } })).toBeUndefined();
    expect(lists.users.one(['c.test', '1001'], {})).toBeUndefined();
  });

  it('refuses what is no end of a page, or of another order', () => {
    const { next } = lists.users.page({ limit: 1, sort: 'name' });
    const forged = Buffer.from(JSON.stringify(['name', 'x', { $ne: 1 }, 'y'])).toString('base64url');
    for (const after of ['', 'x', '!', forged, Buffer.from('null').toString('base64url')]) {
      expect(() => lists.users.page({ limit: 1, sort: 'name', after })).toThrow(NoSuchPlace);
    }
    expect(() => lists.users.page({ limit: 1, after: next })).toThrow(NoSuchPlace);
    expect(() => lists.users.page({ limit: 1, sort: 'name', descending: true, after: next })).toThrow(NoSuchPlace);
  });

  it('is served by an index in each of its orders, also in the middle', () => {
    const queries: [keyof Listings, string[]][] = [
      ['users', ['number', 'name', 'created']],
      ['devices', ['label', 'created']],
      ['aliases', ['number']],
      ['bans', ['address', 'since', 'until']],
      ['invites', ['number', 'expires']],
      ['domains', []],
      ['bindings', []],
    ];
    db.exec("INSERT INTO bans VALUES ('192.0.2.1', 1, 2, 1, ''), ('192.0.2.2', 1, 2, 1, '')");
    db.exec("INSERT INTO invites SELECT number || domain, domain, number, '', '', 1, 2, 5 FROM users");
    db.exec("INSERT INTO devices SELECT domain, number, 'desk', ha1_md5, ha1_sha256, created_at FROM users");
    for (const [table, sorts] of queries) {
      for (const sort of [undefined, ...sorts]) {
        // Statements are kept: what was prepared before is not told.
        const lists = open();
        const { next } = lists[table].page({ limit: 1, sort });
        asked.length = 0;
        if (next !== undefined) lists[table].page({ limit: 1, sort, after: next });
        else lists[table].page({ limit: 1, sort, descending: true });
        const [sql = ''] = asked;
        const values = [...sql.matchAll(/\?/g)].map(() => 1);
        const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
        const told = plan.map(({ detail }) => detail).join('; ');
        expect(told, `${table} by ${sort}`).not.toContain('TEMP B-TREE');
        if (next !== undefined) expect(told, `${table} by ${sort}`).toMatch(/SEARCH .* USING/);
        // Not by the domain alone, of which all may be.
        if (table === 'users') expect(told).toMatch(/\(\w+,\w+(,\w+)?\)>/);
      }
    }
  });
});

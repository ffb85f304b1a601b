import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AdminError,
  createAdmin,
  type ExchangeAdmin,
  everything,
  type ImportRow,
} from '../../../../../proxy-core/node/control/index.ts';
import { ha1Of, openStore, type Store, UNNAMED_DOMAIN } from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding } from '../store/samples.ts';

const NOW = 1_700_000_000_000;
let dir: string;
let store: Store;
let admin: ExchangeAdmin;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-admin-'));
  store = await openStore({ dataDir: dir, now: () => NOW });
  const facts = { version: '1.2.3', startedAt: NOW, listeners: ['udp://127.0.0.1:5060'], mode: 'proxy' };
  admin = createAdmin({ store, facts: () => facts, now: () => NOW });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const add = (number: string, rest: { domain?: string; name?: string } = {}) =>
  admin.call('users.add', { number, password: 'secret', ...rest });
const refused = async (promise: Promise<unknown>, kind: string, text: RegExp): Promise<void> => {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(AdminError);
  expect((error as AdminError).kind).toBe(kind);
  expect((error as AdminError).message).toMatch(text);
};

describe('users', () => {
  it('adds one to the default domain with hashes for it, and keeps no password', async () => {
    expect(await add('1001', { name: ' Ana ' })).toEqual({
      number: '1001',
      domain: UNNAMED_DOMAIN,
      name: 'Ana',
      createdAt: NOW,
      devices: 0,
      isAdmin: false,
      aliases: [],
      devicePasswords: [],
      mode: 'default',
    });
    expect(store.users.find('1001', UNNAMED_DOMAIN)).toMatchObject(ha1Of('1001', UNNAMED_DOMAIN, 'secret'));
  });

  it('refuses one who exists', async () => {
    await add('1001');
    await refused(add('1001'), 'exists', /^User 1001@office\.internal exists already\.$/);
  });

  it.each([
    [{ number: '' }, /number/],
    [{ number: 'a b' }, /number/],
    [{ number: '1@x' }, /number/],
    [{ number: '1'.repeat(65) }, /number/],
    [{ domain: 'exa mple' }, /domain/],
    [{ domain: 'example.org:5060' }, /domain/],
    [{ name: 'a\r\nb' }, /name/],
    [{ name: 'x'.repeat(129) }, /name/],
    [{ password: '' }, /password/],
    [{ password: 'a\u0000b' }, /password/],
    [{ password: 5 as unknown as string }, /password/],
    [{ surname: 'x' }, /surname/],
  ])('refuses %j', async (fields, text) => {
    await refused(admin.call('users.add', { number: '1001', password: 'x', ...fields }), 'invalid', text);
    expect(store.users.size).toBe(0);
  });

  it('shows, renames, sets a password and removes with the phones', async () => {
    await add('1001');
    const aor = aorOf('1001', UNNAMED_DOMAIN);
    void store.location.replace(aor, [binding(aor, 'sip:1001@192.0.2.1')]);
    expect((await admin.call('users.show', { number: '1001' })).devices).toBe(1);
    expect((await admin.call('users.rename', { number: '1001', name: 'Ana' })).name).toBe('Ana');
    await admin.call('users.setPassword', { number: '1001', password: 'other' });
    expect(store.users.find('1001', UNNAMED_DOMAIN)).toMatchObject({
      name: 'Ana',
      ...ha1Of('1001', UNNAMED_DOMAIN, 'other'),
    });
    await admin.call('users.remove', { number: '1001' });
    expect(store.location.lookup(aor, NOW)).toEqual([]);
    expect((await admin.call('location.list', {})).items).toEqual([]);
    await refused(admin.call('users.show', { number: '1001' }), 'unknown', /There is no user 1001@office\.internal\./);
  });

  it('lists everybody page by page', async () => {
    for (let i = 0; i < 7; i += 1) await add(String(1000 + i), { domain: i < 4 ? 'a.test' : 'b.test' });
    const seen: string[] = [];
    for await (const user of everything((after) => admin.call('users.list', { after, limit: 3 })))
      seen.push(user.number);
    expect(seen).toEqual(['1000', '1001', '1002', '1003', '1004', '1005', '1006']);
    const b = await admin.call('users.list', { domain: 'b.test' });
    expect(b.items.map((user) => user.number)).toEqual(['1004', '1005', '1006']);
    expect(b.next).toBeUndefined();
  });
});

it.each(['users.list', 'users.export', 'aliases.list'] as const)('%s tells of a domain that is not there', (method) =>
  refused(admin.call(method, { domain: 'nobody.test' }), 'unknown', /^There is no domain nobody\.test\.$/),
);

describe('import', () => {
  const row = (line: number, fields: Partial<ImportRow>): ImportRow => ({
    line,
    number: '',
    name: '',
    domain: '',
    password: '',
    ha1Md5: '',
    ha1Sha256: '',
    realm: '',
    ...fields,
  });

  it('takes ten thousand users in seconds', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) =>
      row(i + 2, { number: String(10_000 + i), password: `p${i}` }),
    );
    const before = performance.now();
    expect(await admin.call('users.import', { rows })).toEqual({ added: 10_000 });
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(store.users.find('19999', UNNAMED_DOMAIN)).toMatchObject(ha1Of('19999', UNNAMED_DOMAIN, 'p9999'));
  });

  it('imports nothing when a line is faulty, and names every such line', async () => {
    await add('1005');
    const rows = [
      row(2, { number: '1001', password: 'x' }),
      row(3, { number: 'no spaces', password: 'x' }),
      row(4, { number: '1001', password: 'x' }),
      row(5, { number: '1004' }),
      row(6, { number: '1005', password: 'x' }),
      row(7, { number: '1006', password: 'x', domain: 'a b' }),
    ];
    await refused(
      admin.call('users.import', { rows }),
      'invalid',
      /5 faulty lines:\nline 3: A number.*\nline 4: User 1001@office.internal is on line 2 already\.\nline 5: .*\nline 6: .*exists already\.\nline 7: A domain/,
    );
    expect(store.users.size).toBe(1);
    expect(store.users.domains()).toEqual([UNNAMED_DOMAIN]);
  });

  it('tells of twenty faults and counts the others', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => row(i + 2, { number: 'a b' }));
    await refused(admin.call('users.import', { rows }), 'invalid', /line 21: [^\n]*\nand 5 more$/);
  });

  it('puts rows into the domain that is asked for and refuses others', async () => {
    await admin.call('users.import', { rows: [row(2, { number: '1', password: 'x' })], domain: 'Example.ORG' });
    expect(store.users.find('1', 'example.org')).toBeDefined();
    const other = [row(2, { number: '2', password: 'x', domain: 'b.test' })];
    await refused(
      admin.call('users.import', { rows: other, domain: 'example.org' }),
      'invalid',
      /b\.test, not example\.org/,
    );
  });

  it('takes what an export gives, also of a domain with another realm', async () => {
    await add('1001', { name: 'Ana' });
    store.close();
    store = await openStore({ dataDir: dir, domains: ['example.org'] });
    admin = createAdmin({
      store,
      facts: () => ({ version: '', startedAt: 0, listeners: [], mode: 'off' }),
      now: Date.now,
    });
    const { items } = await admin.call('users.export', {});
    expect(items).toMatchObject([{ number: '1001', domain: 'example.org', realm: UNNAMED_DOMAIN }]);

    const elsewhere = await openStore({ dataDir: join(dir, 'elsewhere') });
    const other = createAdmin({
      store: elsewhere,
      facts: () => ({ version: '', startedAt: 0, listeners: [], mode: 'off' }),
      now: Date.now,
    });
    const rows = items.map((item) => row(2, item));
    await other.call('users.import', { rows });
    expect((await other.call('users.export', {})).items).toEqual(items);
    elsewhere.close();
  });

  it('refuses hashes that were made for something else', async () => {
    const hashes = ha1Of('1001', 'old.test', 'x');
    const rows = [
      row(2, { number: '1001', ...hashes }),
      row(3, { number: '1002', domain: UNNAMED_DOMAIN, realm: 'old.test', ...hashes }),
      row(4, { number: '1003', domain: 'a.test', ha1Md5: 'xyz', ha1Sha256: hashes.ha1Sha256 }),
      row(5, { number: '1004', domain: 'a.test', ha1Md5: hashes.ha1Md5 }),
    ];
    await refused(
      admin.call('users.import', { rows }),
      'invalid',
      /line 2: Hashes need the domain.*\nline 3: The hashes were made for old\.test.*\nline 4: The MD5 hash.*\nline 5: There is neither/,
    );
  });
});

describe('location', () => {
  it('lists, shows and removes', async () => {
    for (const number of ['1', '2', '3']) {
      const aor = aorOf(number, UNNAMED_DOMAIN);
      void store.location.replace(aor, [binding(aor, `sip:${number}@a`), binding(aor, `sip:${number}@b`)]);
    }
    const seen: string[] = [];
    for await (const one of everything((after) => admin.call('location.list', { after, limit: 2 })))
      seen.push(one.contact);
    expect(seen.sort()).toEqual(['sip:1@a', 'sip:1@b', 'sip:2@a', 'sip:2@b', 'sip:3@a', 'sip:3@b']);
    expect(await admin.call('location.show', { number: '2' })).toHaveLength(2);
    expect(await admin.call('location.remove', { number: '2', contact: 'sip:2@a' })).toEqual({ removed: 1 });
    expect((await admin.call('location.show', { number: '2' })).map((b) => b.contact)).toEqual(['sip:2@b']);
    expect(await admin.call('location.remove', { number: '1' })).toEqual({ removed: 2 });
    await refused(admin.call('location.remove', { number: '1' }), 'unknown', /There is no user 1@office/);
    expect(await admin.call('status', {})).toMatchObject({ bindings: 3, users: 0, mode: 'proxy', version: '1.2.3' });
  });

  it('knows a user by an alias, and tells who nobody is', async () => {
    await add('1001');
    await admin.call('aliases.add', { number: '1001', alias: '+49' });
    const aor = aorOf('1001', UNNAMED_DOMAIN);
    void store.location.replace(aor, [binding(aor, 'sip:1001@a')]);
    expect(await admin.call('location.show', { number: '+49' })).toMatchObject([{ aor, contact: 'sip:1001@a' }]);
    expect(await admin.call('location.remove', { number: '+49' })).toEqual({ removed: 1 });
    expect(await admin.call('location.show', { number: '1001' })).toEqual([]);
    await refused(admin.call('location.show', { number: '1999' }), 'unknown', /^There is no user 1999@office/);
  });

  it('passes on why a change was not kept', async () => {
    const aor = aorOf('1', UNNAMED_DOMAIN);
    await store.location.replace(aor, [binding(aor, 'sip:1@a')]);
    store.close();
    await refused(admin.call('location.remove', { number: '1' }), 'storage', /shutting down/);
  });
});

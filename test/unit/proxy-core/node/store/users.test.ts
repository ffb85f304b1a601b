import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ha1Of,
  openStore,
  type Store,
  StoreWriteError,
  UNNAMED_DOMAIN,
} from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding, user } from './samples.ts';

let dir: string;
let store: Store;

async function reopen(domains: string[] = []): Promise<void> {
  store?.close();
  store = await openStore({ dataDir: dir, domains });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-users-'));
  await reopen();
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

it('hashes as RFC 2617 and RFC 7616 do in their examples', () => {
  expect(ha1Of('Mufasa', 'testrealm@host.com', 'Circle Of Life').ha1Md5).toBe('939e7578ed9e3c518a452acee763bce9');
  // RFC 7616 §3.9.1: the response that this hash leads to is checked in the tests of sip/auth.
  expect(ha1Of('Mufasa', 'http-auth@example.org', 'Circle of Life').ha1Sha256).toBe(
    '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232',
  );
});

describe('users', () => {
  it('finds, changes and removes', async () => {
    store.users.add([user('1001', UNNAMED_DOMAIN), user('1002', UNNAMED_DOMAIN)]);
    expect(store.users.size).toBe(2);
    const changed = { ...user('1001', UNNAMED_DOMAIN, 'other'), name: 'Ana' };
    store.users.update(changed);
    store.users.remove('1002', UNNAMED_DOMAIN);
    await reopen();
    const { createdAt: _, ...expected } = changed;
    expect(store.users.find('1001', UNNAMED_DOMAIN)).toEqual(expected);
    expect(store.users.find('1002', UNNAMED_DOMAIN)).toBeUndefined();
  });

  it('adds all or none', () => {
    store.users.add([user('1002', UNNAMED_DOMAIN)]);
    expect(() => store.users.add([user('1001', UNNAMED_DOMAIN), user('1002', UNNAMED_DOMAIN)])).toThrow(
      StoreWriteError,
    );
    expect(store.users.find('1001', UNNAMED_DOMAIN)).toBeUndefined();
    expect(store.listings.users.page({ limit: 10 }).rows).toHaveLength(1);
  });

  it('lists page by page, also within one domain', () => {
    for (const domain of ['b.test', 'a.test']) store.users.add(['3', '1', '2'].map((number) => user(number, domain)));
    const page = (limit: number, after?: string, domain?: string) => {
      const { rows, next } = store.listings.users.page({ limit, after, filters: { domain } });
      return { names: rows.map((u) => `${u.number}@${u.domain}`), next };
    };
    const first = page(4);
    expect(first.names).toEqual(['1@a.test', '2@a.test', '3@a.test', '1@b.test']);
    expect(page(4, first.next)).toEqual({ names: ['2@b.test', '3@b.test'], next: undefined });
    const second = page(2, undefined, 'b.test');
    expect(second.names).toEqual(['1@b.test', '2@b.test']);
    expect(page(2, second.next, 'b.test').names).toEqual(['3@b.test']);
  });

  it('follow rows that somebody else wrote', () => {
    store.users.add([{ ...user('1001', UNNAMED_DOMAIN), aliases: ['900'], mode: 'redirect' }]);
    store.rows.atomically(() => {
      const at = { domain: UNNAMED_DOMAIN, number: '1001' };
      store.rows.put(
        'users',
        {
          ...at,
          ...store.rows.read('users', at)[0],
          name: 'Ana',
          mode: null,
        },
        ['domain', 'number'],
      );
      store.rows.remove('aliases', { ...at, alias: '900' });
      store.rows.put('aliases', { ...at, alias: '901' });
    });
    store.users.refresh('1001', UNNAMED_DOMAIN);
    expect(store.users.find('901', UNNAMED_DOMAIN)).toMatchObject({ number: '1001', name: 'Ana', aliases: ['901'] });
    expect(store.users.find('900', UNNAMED_DOMAIN)).toBeUndefined();
    expect(store.users.modeOf('1001', UNNAMED_DOMAIN)).toBeUndefined();
    store.rows.remove('users', { domain: UNNAMED_DOMAIN, number: '1001' });
    store.users.refresh('1001', UNNAMED_DOMAIN);
    expect(store.users.find('901', UNNAMED_DOMAIN)).toBeUndefined();
  });
});

describe('domains', () => {
  it('begins with one for private use', () => {
    expect(store.users.domains()).toEqual([UNNAMED_DOMAIN]);
    expect(store.users.realm(UNNAMED_DOMAIN)).toBe(UNNAMED_DOMAIN);
  });

  it('names the unnamed one and keeps its users, their passwords and their phones', async () => {
    store.users.add([user('1001', UNNAMED_DOMAIN)]);
    const hashes = store.users.find('1001', UNNAMED_DOMAIN);
    const old = aorOf('1001', UNNAMED_DOMAIN);
    await store.location.replace(old, [binding(old, 'sip:1001@192.0.2.1')]);
    await reopen(['example.org']);
    expect(store.users.domains()).toEqual(['example.org']);
    expect(store.users.find('1001', 'example.org')).toEqual({ ...hashes, domain: 'example.org' });
    expect(store.users.realm('example.org')).toBe(UNNAMED_DOMAIN);
    expect(store.location.lookup(old, 0)).toEqual([]);
    expect(store.location.lookup(aorOf('1001', 'example.org'), 0)[0]?.aor).toBe('1001@example.org');
    // Named once: the next name is a second domain.
    await reopen(['b.test']);
    expect(store.users.domains()).toEqual(['b.test', 'example.org']);
    expect(store.users.realm('b.test')).toBe('b.test');
    expect(store.users.find('1001', 'example.org')).toBeDefined();
  });

  it('replaces the unnamed one while it has no users', async () => {
    store.users.add([user('1001', 'example.org')]);
    expect(store.users.domains()).toEqual(['example.org']);
    expect(store.users.realm('example.org')).toBe('example.org');
    store.users.add([user('1001', 'b.test')], new Map([['b.test', 'old.test']]));
    expect(store.users.realm('b.test')).toBe('old.test');
    await reopen();
    expect(store.users.domains()).toEqual(['example.org', 'b.test']);
  });

  it('keeps the unnamed one when it has users and another domain is added', () => {
    store.users.add([user('1001', UNNAMED_DOMAIN)]);
    store.users.add([user('1001', 'example.org')]);
    expect(store.users.domains()).toEqual([UNNAMED_DOMAIN, 'example.org']);
  });
});

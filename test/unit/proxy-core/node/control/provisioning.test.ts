import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminError, createAdmin, type ExchangeAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { ha1Of, openStore, type Store, UNNAMED_DOMAIN } from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding } from '../store/samples.ts';

const NOW = 1_700_000_000_000;
const DOMAIN = 'a.example';
let dir: string;
let store: Store;
let admin: ExchangeAdmin;

async function open(domains: string[] = []): Promise<void> {
  store = await openStore({ dataDir: dir, now: () => NOW, domains });
  const facts = { version: '1', startedAt: NOW, listeners: [], mode: 'proxy' };
  admin = createAdmin({ store, facts: () => facts, now: () => NOW });
}

async function reopen(domains: string[] = []): Promise<void> {
  store.close();
  await open(domains);
}

const refused = (promise: Promise<unknown>, kind: string, text: RegExp) =>
  expect(promise).rejects.toMatchObject({ constructor: AdminError, kind, message: expect.stringMatching(text) });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-provisioning-'));
  await open([DOMAIN]);
  await admin.call('users.add', { number: '1001', password: 'own' });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const addDevice = (label: string, password: string) => admin.call('devices.add', { number: '1001', label, password });
const labels = () => store.users.find('1001', DOMAIN)?.devices?.map(({ label }) => label);

describe('devices', () => {
  it('have hashes of their own, in memory and after a restart', async () => {
    expect(await addDevice(' desk phone ', 'desk')).toEqual({
      ...{ label: 'desk phone', number: '1001', domain: DOMAIN, createdAt: NOW, bindings: 0 },
    });
    const held = [{ label: 'desk phone', ...ha1Of('1001', DOMAIN, 'desk') }];
    expect(store.users.find('1001', DOMAIN)?.devices).toEqual(held);
    expect(store.users.mostPasswords).toBe(2);
    await reopen();
    expect(store.users.find('1001', DOMAIN)?.devices).toEqual(held);
    expect(store.users.mostPasswords).toBe(2);
  });

  it('keep them when the user’s own password or name changes', async () => {
    await addDevice('desk', 'desk');
    await admin.call('users.setPassword', { number: '1001', password: 'new' });
    await admin.call('users.rename', { number: '1001', name: 'Ana' });
    expect(labels()).toEqual(['desk']);
  });

  it('are revoked alone, with the bindings that they made', async () => {
    await addDevice('desk', 'desk');
    await addDevice('mobile', 'mobile');
    const aor = aorOf('1001', DOMAIN);
    const own = binding(aor, 'sip:own@h');
    await store.location.replace(aor, [
      own,
      binding(aor, 'sip:mobile@h', { device: 'mobile' }),
      binding(aor, 'sip:desk@h', { device: 'desk' }),
    ]);
    expect((await admin.call('devices.list', { number: '1001' })).items.map(({ bindings }) => bindings)).toEqual([
      1, 1,
    ]);
    expect(await admin.call('devices.remove', { number: '1001', label: 'mobile' })).toMatchObject({ bindings: 1 });
    const kept = () => store.location.lookup(aor, NOW).map(({ contact }) => contact);
    expect([labels(), kept().sort()]).toEqual([['desk'], ['sip:desk@h', 'sip:own@h']]);
    await reopen();
    expect([labels(), kept().sort()]).toEqual([['desk'], ['sip:desk@h', 'sip:own@h']]);
  });

  it('stay as they are when the store cannot forget their bindings', async () => {
    await addDevice('desk', 'desk');
    const aor = aorOf('1001', DOMAIN);
    await store.location.replace(aor, [binding(aor, 'sip:desk@h', { device: 'desk' })]);
    store.location.close();
    await refused(admin.call('devices.remove', { number: '1001', label: 'desk' }), 'storage', /shutting down/);
    expect(labels()).toEqual(['desk']);
  });

  it('cannot share a label or a password, nor be without number', async () => {
    await addDevice('desk', 'desk');
    await refused(addDevice('desk', 'other'), 'exists', /has a device "desk" already/);
    await refused(addDevice('mobile', 'desk'), 'exists', /in use/);
    await refused(addDevice('mobile', 'own'), 'exists', /in use/);
    await refused(admin.call('users.setPassword', { number: '1001', password: 'desk' }), 'exists', /in use/);
    await refused(admin.call('devices.remove', { number: '1001', label: 'none' }), 'unknown', /no device "none"/);
    for (let i = 2; i <= 16; i++) await addDevice(`${i}`, `${i}`);
    await refused(addDevice('one more', 'x'), 'invalid', /at most 16/);
  });

  it('go with their user', async () => {
    await addDevice('desk', 'desk');
    await admin.call('users.remove', { number: '1001' });
    await admin.call('users.add', { number: '1001', password: 'own' });
    expect([labels(), store.users.mostPasswords]).toEqual([undefined, 1]);
    await reopen();
    expect(labels()).toBeUndefined();
  });
});

describe('aliases', () => {
  const addAlias = (alias: string, number = '1001') => admin.call('aliases.add', { number, alias });

  it('find their user, in memory and after a restart', async () => {
    expect(await addAlias('+4930900')).toEqual({ alias: '+4930900', number: '1001', domain: DOMAIN });
    expect(store.users.find('+4930900', DOMAIN)?.number).toBe('1001');
    expect(await admin.call('users.show', { number: '+4930900' })).toMatchObject({ aliases: ['+4930900'] });
    await reopen();
    expect(store.users.find('+4930900', DOMAIN)?.aliases).toEqual(['+4930900']);
    await admin.call('aliases.remove', { alias: '+4930900' });
    expect(store.users.find('+4930900', DOMAIN)).toBeUndefined();
    expect(store.users.find('1001', DOMAIN)?.aliases).toBeUndefined();
  });

  it('are listed of one user, of one domain, or all', async () => {
    await admin.call('users.add', { number: '1', domain: 'b.example', password: 'x' });
    await addAlias('900');
    await addAlias('100');
    await admin.call('aliases.add', { number: '1', domain: 'b.example', alias: '900' });
    const list = async (asked: { number?: string; domain?: string }) =>
      (await admin.call('aliases.list', asked)).items.map(({ alias, domain }) => `${alias}@${domain}`);
    expect(await list({})).toEqual([`100@${DOMAIN}`, `900@${DOMAIN}`, '900@b.example']);
    expect(await list({ domain: 'b.example' })).toEqual(['900@b.example']);
    expect(await list({ number: '1001' })).toEqual([`100@${DOMAIN}`, `900@${DOMAIN}`]);
  });

  it('take no number that is in use, and no user takes theirs', async () => {
    await addAlias('900');
    await admin.call('users.add', { number: '1002', password: 'x' });
    await refused(addAlias('900', '1002'), 'exists', /is an alias of 1001/);
    await refused(addAlias('1001', '1002'), 'exists', /exists already/);
    await refused(admin.call('users.add', { number: '900', password: 'x' }), 'exists', /is an alias of 1001/);
    const row = { line: 2, number: '900', password: 'x' };
    await refused(admin.call('users.import', { rows: [row] }), 'invalid', /is an alias of 1001/);
    await refused(admin.call('aliases.remove', { alias: '1001' }), 'unknown', /no alias 1001/);
    await refused(admin.call('users.remove', { number: '900' }), 'unknown', /no user 900/);
  });

  it('go with their user, and move with their domain', async () => {
    await addAlias('900');
    await admin.call('users.remove', { number: '1001' });
    expect(store.users.find('900', DOMAIN)).toBeUndefined();
    await reopen();
    expect(await admin.call('aliases.list', {})).toEqual({ items: [] });
  });
});

describe('domains', () => {
  it('are served at once, and gone at once', async () => {
    expect(await admin.call('domains.add', { name: 'B.example' })).toEqual({
      ...{ name: 'b.example', isDefault: false, users: 0, realm: 'b.example', mode: 'default' },
    });
    expect(store.users.hasDomain('b.example')).toBe(true);
    await refused(admin.call('domains.add', { name: 'b.example' }), 'exists', /exists already/);
    expect((await admin.call('domains.list', {})).items).toMatchObject([
      { name: DOMAIN, users: 1, isDefault: true },
      { name: 'b.example', isDefault: false },
    ]);
    await admin.call('domains.remove', { name: 'b.example' });
    expect(store.users.hasDomain('b.example')).toBe(false);
    await refused(admin.call('domains.remove', { name: 'b.example' }), 'unknown', /no domain/);
  });

  it('stay while they have users, and one always stays', async () => {
    await refused(admin.call('domains.remove', { name: DOMAIN }), 'invalid', /has a user/);
    await admin.call('users.remove', { number: '1001' });
    await refused(admin.call('domains.remove', { name: DOMAIN }), 'invalid', /only domain/);
    await admin.call('domains.add', { name: 'b.example' });
    await admin.call('domains.remove', { name: DOMAIN });
    expect(store.users.defaultDomain).toBe('b.example');
    await reopen();
    expect(store.users.domains()).toEqual(['b.example']);
  });

  it('take devices and aliases along when an office gets its name', async () => {
    store.close();
    rmSync(dir, { recursive: true });
    await open();
    await admin.call('users.add', { number: '1001', password: 'own' });
    await addDevice('desk', 'desk');
    await admin.call('aliases.add', { number: '1001', alias: '900' });
    expect(store.users.find('1001', UNNAMED_DOMAIN)).toBeDefined();
    await reopen(['new.example']);
    expect(store.users.find('900', 'new.example')).toMatchObject({
      ...{ number: '1001', domain: 'new.example', devices: [{ label: 'desk' }] },
    });
  });
});

it('administrators are kept', async () => {
  await admin.call('users.setAdmin', { number: '1001', isAdmin: true });
  await reopen();
  expect(store.users.find('1001', DOMAIN)?.isAdmin).toBe(true);
  await admin.call('users.rename', { number: '1001', name: 'Ana' });
  expect(store.users.find('1001', DOMAIN)?.isAdmin).toBe(true);
  await admin.call('users.setAdmin', { number: '1001', isAdmin: false });
  expect(store.users.find('1001', DOMAIN)?.isAdmin).toBeUndefined();
});

describe('codes to join', () => {
  const add = (number = '1001', hours?: number) => admin.call('invites.add', { number, hours });

  it('are told once, hashed, and written down without what is secret', async () => {
    const { code, id, ...rest } = await add();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{3}){2}$/);
    expect(code.slice(0, 3)).toBe(id);
    expect(rest).toMatchObject({ number: '1001', domain: DOMAIN, attemptsLeft: 5 });
    const row = JSON.stringify(store.invites.find(id));
    for (const part of [code, code.slice(4), code.slice(4).replace('-', '')]) expect(row).not.toContain(part);
    const { items } = await admin.call('audit.list', { descending: true, limit: 1 });
    const [entry] = items;
    expect(entry).toMatchObject({ action: 'invites.add', subject: `code ${id}` });
    const told = JSON.stringify(await admin.call('audit.show', { id: entry?.id ?? 0 }));
    expect(told).toContain('until');
    expect(told).not.toContain(store.invites.find(id)?.hash);
  });

  it('are taken back, by the whole code too, and do not come back', async () => {
    const [first, second] = [await add(), await add()];
    await admin.call('invites.remove', { id: first.id.toLowerCase() });
    await admin.call('invites.remove', { id: second.code });
    expect((await admin.call('invites.list', {})).items).toEqual([]);
    await expect(admin.call('invites.remove', { id: first.id })).rejects.toMatchObject({ kind: 'unknown' });
    const { items } = await admin.call('audit.list', { descending: true, limit: 1 });
    await expect(admin.call('audit.undo', { id: items[0]?.id ?? 0 })).rejects.toThrow(/does not come back/);
  });

  it('are few for each user, and leave room for the phones that come by them', async () => {
    for (let count = 0; count < 8; count++) await add();
    await expect(add()).rejects.toThrow(/8 open codes/);
    for (const { id } of (await admin.call('invites.list', { number: '1001' })).items) {
      await admin.call('invites.remove', { id });
    }
    for (let count = 0; count < 15; count++) await addDevice(`phone ${count}`, `password ${count}`);
    await add();
    await expect(add()).rejects.toThrow(/at most 16 devices/);
  });

  it('go with their user, and need one', async () => {
    await add();
    await admin.call('users.remove', { number: '1001' });
    expect((await admin.call('invites.list', {})).items).toEqual([]);
    await expect(add()).rejects.toMatchObject({ kind: 'unknown' });
  });

  it.each([0, -1, 1.5, 169])('are not good for %s hours', async (hours) => {
    await expect(add('1001', hours)).rejects.toMatchObject({ kind: 'invalid' });
  });
});

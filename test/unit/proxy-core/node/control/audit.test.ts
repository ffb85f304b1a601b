import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AdminError,
  createAdmin,
  type ExchangeAdmin,
  type LocalAdmin,
} from '../../../../../proxy-core/node/control/index.ts';
import { AuditedHandling } from '../../../../../proxy-core/node/exchange/audited-handling.ts';
import { ha1Of, openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import { noHandling } from '../../../../../proxy-core/server/divert/call-handling.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding } from '../store/samples.ts';

const DOMAIN = 'a.example';
let now = 1_700_000_000_000;
let dir: string;
let store: Store;
let local: LocalAdmin;
let admin: ExchangeAdmin;

async function open(): Promise<void> {
  store = await openStore({ dataDir: dir, now: () => now, domains: [DOMAIN] });
  const facts = () => ({ version: '1', startedAt: now, listeners: [], mode: 'proxy' });
  local = createAdmin({ store, facts, now: () => now });
  admin = local.as('ana');
}

async function reopen(): Promise<void> {
  store.close();
  await open();
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-audit-'));
  await open();
  await admin.call('users.add', { number: '1001', name: 'Ana', password: 'first' });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const latest = async () => (await admin.call('audit.list', { descending: true, limit: 1 })).items[0]!;
const undo = (id: number) => admin.call('audit.undo', { id });
const refused = (promise: Promise<unknown>, text: RegExp) =>
  expect(promise).rejects.toMatchObject({ constructor: AdminError, message: expect.stringMatching(text) });

/** Everything that a change may touch, as it is served and as it is stored. */
async function picture(): Promise<unknown> {
  const of = async () => ({
    users: (await admin.call('users.export', {})).items,
    modes: (await admin.call('users.list', {})).items.map(({ mode }) => mode),
    domains: (await admin.call('domains.list', {})).items,
    bans: (await admin.call('bans.list', {})).items,
    default: store.users.defaultDomain,
    forwards: (await admin.call('forwards.list', {})).items,
    rules: store.watchRules.all(),
    held: [store.watchRules.of('1001', DOMAIN), store.watchRules.of('', DOMAIN)],
    lists: [...store.lists.all()],
    records: [store.calls.settings.limits, store.calls.settings.webhook],
    settings: (await admin.call('settings.list', {})).items.map(({ name, value }) => `${name} ${value}`),
  });
  const served = await of();
  await reopen();
  expect(await of()).toEqual(served);
  return served;
}

const changes: [string, () => Promise<unknown>, object][] = [
  [
    'users.rename',
    () => admin.call('users.rename', { number: '1001', name: 'Anna' }),
    { field: 'name', before: 'Ana', after: 'Anna' },
  ],
  [
    'users.setPassword',
    () => admin.call('users.setPassword', { number: '1001', password: 'new' }),
    { field: 'password' },
  ],
  [
    'users.setAdmin',
    () => admin.call('users.setAdmin', { number: '1001', isAdmin: true }),
    { field: 'administrator', before: 'no', after: 'yes' },
  ],
  [
    'users.mode',
    () => admin.call('users.mode', { number: '1001', mode: 'redirect' }),
    { field: 'mode', before: 'default', after: 'redirect' },
  ],
  [
    'devices.add',
    () => admin.call('devices.add', { number: '1001', label: 'desk', password: 'd' }),
    { field: 'devices', before: '', after: 'desk' },
  ],
  [
    'aliases.add',
    () => admin.call('aliases.add', { number: '1001', alias: '900' }),
    { field: 'aliases', before: '', after: '900' },
  ],
  [
    'users.add',
    () => admin.call('users.add', { number: '1002', name: 'Ben', password: 'x' }),
    { field: 'name', after: 'Ben' },
  ],
  [
    'users.add',
    () => admin.call('users.add', { number: '1', domain: 'b.example', name: 'Eve', password: 'x' }),
    { field: 'realm', after: 'b.example' },
  ],
  ['domains.add', () => admin.call('domains.add', { name: 'b.example' }), { field: 'realm', after: 'b.example' }],
  [
    'domains.mode',
    () => admin.call('domains.mode', { name: DOMAIN, mode: 'stateless' }),
    { field: 'mode', before: 'default', after: 'stateless' },
  ],
  [
    'bans.add',
    () => admin.call('bans.add', { address: '192.0.2.7', seconds: 60 }),
    { field: 'reason', after: 'banned by hand' },
  ],
  [
    'forwards.outside',
    () => admin.call('forwards.outside', { number: '1001', allowed: true }),
    { field: 'calls', before: '', after: 'may forward outside' },
  ],
  [
    'dnd.set',
    () => admin.call('dnd.set', { number: '1001', on: true }),
    { field: 'calls', before: '', after: 'do not disturb' },
  ],
  [
    'presence.setRule',
    () => admin.call('presence.setRule', { number: '1001', watchers: 'listed', listed: ['1002'] }),
    { field: 'watchers', before: '', after: `listed (1002@${DOMAIN})` },
  ],
  [
    'presence.setRule',
    () => admin.call('presence.setRule', { domain: DOMAIN, watchers: 'nobody', details: true }),
    { field: 'details', after: 'shown' },
  ],
  [
    'lists.set',
    () => admin.call('lists.set', { name: 'sales', members: ['1001'] }),
    { field: 'members', after: `1001@${DOMAIN}` },
  ],
  ['records.keep', () => admin.call('records.keep', { days: 30 }), { field: 'value', after: '30' }],
  [
    'records.webhook',
    () => admin.call('records.webhook', { url: 'https://calls.example/', secret: 'a-secret-of-ours-1' }),
    { field: 'value' },
  ],
  ['settings.set', () => admin.call('settings.set', { name: 'ban-after', value: 40 }), { field: 'value', after: '40' }],
  [
    'users.import',
    () =>
      admin.call('users.import', {
        rows: [{ line: 2, number: '7', password: 'x', aliases: ['70'], devices: [], mode: 'redirect' }],
      }),
    { field: 'aliases', after: '70' },
  ],
];

/** Those that can follow each other. */
const several = changes.filter(([action]) => action !== 'domains.add');

describe('each change', () => {
  it.each(changes)('%s is written down, taken back, and done again', async (action, change, field) => {
    const before = await picture();
    await change();
    const entry = await latest();
    expect(entry).toMatchObject({ by: 'ana', at: now, action });
    expect(entry.changes.flatMap(({ fields }) => fields)).toContainEqual(field);
    const after = await picture();
    expect(after).not.toEqual(before);

    const undone = await undo(entry.id);
    expect(undone).toMatchObject({ undoes: entry.id, action: 'audit.undo' });
    expect(await picture()).toEqual(before);
    await refused(undo(entry.id), /cannot be taken back: entry \d+ has done so\.$/);

    await undo(undone.id);
    expect(await picture()).toEqual(after);
    await undo(entry.id);
    expect(await picture()).toEqual(before);
  });

  it('brings a user back with devices, aliases, mode and password', async () => {
    for (const [action, change] of changes.slice(0, 6)) expect(action, String(await change())).toBeTruthy();
    await admin.call('dnd.set', { number: '1001', on: true });
    await admin.call('presence.setRule', { number: '1001', watchers: 'nobody' });
    const before = await picture();
    await admin.call('users.remove', { number: '1001' });
    expect((await latest()).changes[0]).toMatchObject({ kind: 'user', key: `1001@${DOMAIN}`, change: 'removed' });
    await undo((await latest()).id);
    expect(await picture()).toEqual(before);
    expect(store.users.find('900', DOMAIN)).toMatchObject(ha1Of('1001', DOMAIN, 'new'));
  });

  it('keeps a revoked device out until that is taken back', async () => {
    await admin.call('devices.add', { number: '1001', label: 'desk', password: 'd' });
    const aor = aorOf('1001', DOMAIN);
    await store.location.replace(aor, [binding(aor, 'sip:a@h', { device: 'desk' })]);
    await admin.call('devices.remove', { number: '1001', label: 'desk' });
    expect(store.users.find('1001', DOMAIN)?.devices).toBeUndefined();
    await undo((await latest()).id);
    expect(store.users.find('1001', DOMAIN)?.devices).toMatchObject([{ label: 'desk' }]);
    expect(store.location.lookup(aor, now)).toEqual([]);
  });

  it('signs the devices of a user out whose adding is taken back', async () => {
    const aor = aorOf('1001', DOMAIN);
    await store.location.replace(aor, [binding(aor, 'sip:a@h')]);
    await undo((await latest()).id);
    expect(store.location.lookup(aor, now)).toEqual([]);
    expect((await admin.call('location.list', {})).items).toEqual([]);
  });

  it('is told to who watches', async () => {
    const [log, users, aliases] = (['audit.list', 'users.list', 'aliases.list'] as const).map((name) =>
      local.open(name, {}, false),
    );
    await admin.call('aliases.add', { number: '1001', alias: '900' });
    expect(await log?.next()).toMatchObject([{ event: 'added', item: { action: 'aliases.add' } }]);
    expect(await users?.next()).toMatchObject([{ event: 'changed', item: { aliases: ['900'] } }]);
    expect(await aliases?.next()).toMatchObject([{ event: 'added', key: `900@${DOMAIN}` }]);
    await undo((await latest()).id);
    expect(await aliases?.next()).toMatchObject([{ event: 'removed', key: `900@${DOMAIN}` }]);
    for (const one of [log, users, aliases]) one?.close();
  });

  it('that changes nothing leaves nothing, and signing out is written down', async () => {
    const { id } = await latest();
    await admin.call('users.rename', { number: '1001', name: 'Ana' });
    await admin.call('users.mode', { number: '1001' });
    expect((await latest()).id).toBe(id);
    const aor = aorOf('1001', DOMAIN);
    await store.location.replace(aor, [binding(aor, 'sip:a@h')]);
    await admin.call('location.remove', { number: '1001' });
    const entry = await latest();
    expect(entry).toMatchObject({ action: 'location.remove', subject: `all devices of ${aor}` });
    await refused(undo(entry.id), /left nothing to put back/);
  });
});

describe('what no longer fits', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a field that changed since',
      () => admin.call('users.rename', { number: '1001', name: 'Eve' }),
      /the name of user 1001@a\.example has changed since\.$/,
    ],
    [
      'a user who is gone',
      () => admin.call('users.remove', { number: '1001' }),
      /there is no user 1001@a\.example any more\.$/,
    ],
  ])('is refused: %s', async (_, change, sentence) => {
    await admin.call('users.rename', { number: '1001', name: 'Anna' });
    const { id } = await latest();
    await change();
    const before = await picture();
    await refused(undo(id), sentence);
    expect(await picture()).toEqual(before);
  });

  it('does not mind a change of another field', async () => {
    await admin.call('users.rename', { number: '1001', name: 'Anna' });
    const { id } = await latest();
    await admin.call('users.setPassword', { number: '1001', password: 'new' });
    await undo(id);
    expect(store.users.find('1001', DOMAIN)).toMatchObject({ name: 'Ana', ...ha1Of('1001', DOMAIN, 'new') });
  });

  it('is refused where others have taken the place', async () => {
    await admin.call('aliases.add', { number: '1001', alias: '900' });
    await admin.call('aliases.remove', { alias: '900' });
    const alias = await latest();
    await admin.call('users.add', { number: '900', password: 'x' });
    await refused(undo(alias.id), /900@a\.example leads to 900 now\.$/);

    await admin.call('users.remove', { number: '1001' });
    const user = await latest();
    await admin.call('aliases.add', { number: '900', alias: '1001' });
    await refused(undo(user.id), /1001@a\.example leads to 900 now\.$/);

    await admin.call('domains.add', { name: 'b.example' });
    const domain = await latest();
    await admin.call('users.add', { number: '1', domain: 'b.example', password: 'x' });
    await refused(undo(domain.id), /the domain b\.example has users\.$/);
    await refused(undo(99_999), /There is no entry 99999/);

    const gone = await latest();
    await admin.call('users.remove', { number: '1', domain: 'b.example' });
    const removed = await latest();
    await admin.call('domains.remove', { name: 'b.example' });
    await refused(undo(removed.id), /there is no domain b\.example any more\.$/);
    expect(gone.action).toBe('users.add');
  });
});

describe('forwards', () => {
  const forward = (number: string, to: string) => admin.call('forwards.set', { number, when: 'always', to });

  it('are taken back, but never into a circle', async () => {
    await admin.call('users.add', { number: '1002', password: 'x' });
    await forward('1001', '1002');
    expect((await latest()).changes[0]?.fields).toEqual([{ field: 'calls', before: '', after: 'always to 1002' }]);
    await admin.call('forwards.clear', { number: '1001' });
    const { id } = await latest();
    await forward('1002', '1001');
    await refused(undo(id), /cannot be taken back: .*circle|in a circle|each other/i);
    await admin.call('forwards.clear', { number: '1002' });
    await undo(id);
    expect((await admin.call('forwards.show', { number: '1001' })).forwards).toEqual({ always: '1002' });
  });

  it('that a phone sets are written down as its user’s', async () => {
    const handling = new AuditedHandling(store, () => now);
    handling.set({ number: '1001', domain: DOMAIN }, { ...noHandling, doNotDisturb: true });
    expect(await latest()).toMatchObject({ by: `1001@${DOMAIN}`, action: 'phone', subject: `user 1001@${DOMAIN}` });
    await undo((await latest()).id);
    expect(handling.find({ number: '1001', domain: DOMAIN })).toBeUndefined();
  });
});

describe('an office without a name', () => {
  it('has it back when the first name is taken back, and never no domain', async () => {
    const bare = await openStore({ dataDir: join(dir, 'bare'), now: () => now });
    const facts = () => ({ version: '1', startedAt: now, listeners: [], mode: 'proxy' });
    const its = createAdmin({ store: bare, facts, now: () => now });
    await its.call('domains.add', { name: 'first.example' });
    expect(bare.users.domains()).toEqual(['first.example']);
    await its.call('audit.undo', { id: 1 });
    expect(bare.users.domains()).toEqual(['office.internal']);
    await its.call('audit.undo', { id: 2 });
    expect(bare.users.domains()).toEqual(['first.example']);
    await its.call('domains.add', { name: 'second.example' });
    await its.call('domains.remove', { name: 'first.example' });
    await refused(its.call('audit.undo', { id: 4 }), /no domain would be left|has changed since/);
    bare.close();
  });
});

describe('the log', () => {
  it('has no secret in what it shows', async () => {
    for (const [, change] of several) await change();
    const { items } = await admin.call('audit.list', {});
    const shown = JSON.stringify([
      items,
      ...(await Promise.all(items.map(({ id }) => admin.call('audit.show', { id })))),
    ]);
    expect(shown).not.toContain('a-secret-of-ours-1');
    for (const secret of ['first', 'new']) {
      const { ha1Md5, ha1Sha256 } = ha1Of('1001', DOMAIN, secret);
      for (const hash of [ha1Md5, ha1Sha256]) expect(shown).not.toContain(hash);
    }
    expect(items.length).toBeGreaterThan(several.length);
  });

  it('is searched, filtered and paged', async () => {
    for (const [, change] of several) await change();
    await local.as('eve').call('users.rename', { number: '1001', name: 'E' });
    expect((await admin.call('audit.list', { by: 'eve' })).items).toHaveLength(1);
    expect((await admin.call('audit.list', { text: '192.0.2.7' })).items).toMatchObject([{ action: 'bans.add' }]);
    expect((await admin.call('audit.list', { since: now + 1 })).items).toEqual([]);
    const first = await admin.call('audit.list', { descending: true, limit: 2 });
    const second = await admin.call('audit.list', { descending: true, limit: 2, after: first.next });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(
      [...Array(4).keys()].map((at) => several.length + 2 - at),
    );
  });

  it('is written with the change, or neither is', async () => {
    const { id } = await latest();
    const db = openSqlite(join(dir, 'tandem.db'), 0);
    db.exec("CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    await expect(admin.call('aliases.add', { number: '1001', alias: '900' })).rejects.toThrow();
    await expect(admin.call('users.rename', { number: '1001', name: 'E' })).rejects.toThrow();
    await expect(admin.call('domains.add', { name: 'b.example' })).rejects.toThrow();
    await expect(admin.call('bans.add', { address: '192.0.2.7', seconds: 60 })).rejects.toThrow();
    await expect(admin.call('users.remove', { number: '1001' })).rejects.toThrow();
    expect(store.users.find('900', DOMAIN)).toBeUndefined();
    expect(store.users.find('1001', DOMAIN)?.name).toBe('Ana');
    expect(store.users.domains()).toEqual([DOMAIN]);
    expect(store.bans.find('192.0.2.7')).toBeUndefined();
    db.exec('DROP TRIGGER stop');
    db.close();
    expect((await latest()).id).toBe(id);
    await picture();
  });

  it('forgets the oldest', async () => {
    now += 3 * 365 * 86_400_000;
    await admin.call('users.rename', { number: '1001', name: 'Anna' });
    store.audit.prune();
    expect((await admin.call('audit.list', {})).items).toMatchObject([{ action: 'users.rename' }]);
  });

  it('tells of an entry that is too large what it was, and leaves it', async () => {
    const rows = Array.from({ length: 5_001 }, (_, at) => ({ line: at, number: String(20_000 + at), password: 'x' }));
    await admin.call('users.import', { rows });
    const entry = await latest();
    expect(entry).toMatchObject({ action: 'users.import', more: 4_981 });
    await refused(undo(entry.id), /changed more at once than the log keeps/);
  });
});

/** Signing in and out, with what a person may mistype and a disk that may be full. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Accounts, createAccounts } from '../../../../app/main/accounts.ts';
import type { ProfileData, ProfileStore } from '../../../../app/main/profile-store.ts';
import type { Secrets } from '../../../../app/main/secrets.ts';
import type { Account, Profile } from '../../../../app/shared/bridge.ts';
import { codecDefaults } from '../../../../app/shared/codec-settings.ts';

const account: Account = { id: 'a1', number: '1001', displayName: '', server: 'office.example', outboundProxy: '' };

let full: boolean;
let told: Profile[];
let accounts: Accounts;

beforeEach(() => {
  full = false;
  told = [];
  let data: ProfileData = { accounts: [], hosting: false };
  const known = new Map<string, string>();
  const profile: ProfileStore = {
    get data() {
      return data;
    },
    setAside: undefined,
    async change(edit) {
      if (full) throw new Error('The disk is full.');
      data = edit(data);
    },
  };
  const secrets: Secrets = {
    storage: 'asked',
    get: (id) => known.get(id),
    set: async (id, secret) => void known.set(id, secret),
    forget: async (id) => void known.delete(id),
  };
  accounts = createAccounts({ profile, secrets, changed: (next) => told.push(next) });
});

const signIn = (change: object = {}, password: string | null = 'pw') =>
  accounts.signIn({ account: { ...account, ...change }, password });

describe('texts for declined callers', () => {
  it('are kept as they are, and the usual ones hold again', async () => {
    expect(await accounts.setReplies({ replies: ['Not now.', 'Später.'] })).toEqual({ ok: true });
    expect(told.at(-1)?.replies).toEqual(['Not now.', 'Später.']);
    await accounts.setReplies({ replies: null });
    expect(told.at(-1)).not.toHaveProperty('replies');
  });

  it.each([
    [['a'.repeat(161)], /at most 160 characters/],
    [Array.from({ length: 7 }, (_, i) => `${i}`), /room for 6/],
    [['two\nlines'], /characters in it/],
    [[''], /characters in it/],
    ['all', /characters in it/],
  ])('%j is refused', async (replies, reason) => {
    expect(await accounts.setReplies({ replies })).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(accounts.describe()).not.toHaveProperty('replies');
  });
});

describe('signing in', () => {
  it('keeps the account, knows its password and tells of it', async () => {
    expect(await signIn()).toEqual({ ok: true });
    expect(accounts.password({ accountId: 'a1' })).toBe('pw');
    expect(told).toEqual([{ accounts: [account], codecs: codecDefaults, secrets: 'asked', hasPassword: { a1: true } }]);
  });

  it('again with the same account changes it in its place', async () => {
    await signIn();
    await signIn({ id: 'a2', number: '1002' });
    await signIn({ server: 'other.example' }, 'new');
    expect(accounts.describe().accounts.map(({ id, server }) => [id, server])).toEqual([
      ['a1', 'other.example'],
      ['a2', 'office.example'],
    ]);
    expect(accounts.password({ accountId: 'a1' })).toBe('new');
  });

  it('again keeps how the account makes its calls', async () => {
    await signIn();
    await accounts.setCalls({ accountId: 'a1', calls: { doNotDisturb: true, dtmf: 'info' } });
    await signIn({ server: 'other.example' });
    expect(accounts.describe().accounts).toEqual([
      { ...account, server: 'other.example', calls: { doNotDisturb: true, dtmf: 'info' } },
    ]);
    await accounts.setCalls({ accountId: 'a1', calls: {} });
    expect(accounts.describe().accounts[0]?.calls).toEqual({});
  });

  it('keeps whom the account watches, and says why not where that cannot be', async () => {
    await signIn();
    const people = [{ target: '1002', name: 'Ben' }];
    expect(await accounts.setPeople({ accountId: 'a1', people })).toEqual({ ok: true });
    expect(accounts.describe().accounts[0]?.people).toEqual(people);
    const many = Array.from({ length: 201 }, (_, i) => ({ target: String(i), name: '' }));
    for (const [wrong, reason] of [
      [many, 'One account can watch 200 people.'],
      [[{ target: '', name: '' }], 'The number is missing.'],
      [[{ target: '1\r\n2', name: '' }], 'The number has characters in it that cannot be part of it.'],
      [[{ target: '1', name: 'x'.repeat(201) }], 'The name is too long.'],
    ]) {
      expect(await accounts.setPeople({ accountId: 'a1', people: wrong })).toEqual({ ok: false, reason });
    }
    expect(accounts.describe().accounts[0]?.people).toEqual(people);
  });

  it.each([
    [{ dtmf: 'loud' }],
    [{ sessionSeconds: -1 }],
    [{ sessionSeconds: 1.5 }],
    [{ doNotDisturb: 'yes' }],
    ['calls'],
  ])('is not changed by a page that sets calls to %j', async (calls) => {
    await signIn();
    await expect(accounts.setCalls({ accountId: 'a1', calls })).rejects.toThrow();
    expect(accounts.describe().accounts).toEqual([account]);
  });

  it.each([
    [{ number: '' }, 'The number is missing.'],
    [{ number: '10 01' }, 'The number has characters in it that cannot be part of it.'],
    [{ number: '1001@office' }, 'The number has characters in it that cannot be part of it.'],
    [{ server: '' }, 'The server is missing.'],
    [{ server: 'x'.repeat(301) }, 'The server is too long.'],
    [{ displayName: 'Ada\r\nVia: x' }, 'The name has characters in it that cannot be part of it.'],
    [{ outboundProxy: 7 }, 'The outbound proxy has characters in it that cannot be part of it.'],
  ])('with %j is refused with a sentence', async (change, reason) => {
    expect(await signIn(change)).toEqual({ ok: false, reason });
    expect(accounts.describe().accounts).toEqual([]);
  });

  it.each([undefined, null, 7, {}, { account: null, password: 'x' }])('with %j is refused', async (args) => {
    expect(await accounts.signIn(args)).toMatchObject({ ok: false });
  });

  it('is refused where the profile would no longer be one that can be read again', async () => {
    for (let i = 0; i < 100; i++) expect(await signIn({ id: `a${i}` })).toMatchObject({ ok: true });
    expect(await signIn({ id: 'one-more' })).toMatchObject({ ok: false, reason: expect.stringContaining('100') });
    expect(accounts.describe().accounts.length).toBe(100);
    expect(await signIn({ id: 'a7', server: 'other.example' })).toMatchObject({ ok: true });
  });

  it('on a full disk says so', async () => {
    full = true;
    expect(await signIn()).toEqual({ ok: false, reason: 'The disk is full.' });
  });
});

describe('several accounts', () => {
  beforeEach(async () => {
    await signIn();
    await signIn({ id: 'a2', server: 'other.example' }, 'pw2');
    await signIn({ id: 'a3', number: '1003', settings: { authName: 'anna', expires: 600 } }, 'pw3');
  });
  const ids = () => accounts.describe().accounts.map(({ id }) => id);

  it('of one number at two servers are two, each with its password and its settings', async () => {
    expect(ids()).toEqual(['a1', 'a2', 'a3']);
    expect(['a1', 'a2', 'a3'].map((accountId) => accounts.password({ accountId }))).toEqual(['pw', 'pw2', 'pw3']);
    await accounts.setSettings({ accountId: 'a2', settings: { enabled: false } });
    expect(accounts.describe().accounts.map(({ settings }) => settings)).toEqual([
      undefined,
      { enabled: false },
      { authName: 'anna', expires: 600 },
    ]);
  });

  it('have a first one, which another may become', async () => {
    expect(await accounts.setDefault({ accountId: 'a3' })).toEqual({ ok: true });
    expect(ids()).toEqual(['a3', 'a1', 'a2']);
    expect(told.at(-1)?.accounts[0]?.id).toBe('a3');
    await accounts.setDefault({ accountId: 'nobody' });
    expect(ids()).toEqual(['a3', 'a1', 'a2']);
  });

  it('can be changed without typing the password again', async () => {
    await signIn({ displayName: 'Ada' }, null);
    expect(accounts.describe().accounts[0]?.displayName).toBe('Ada');
    expect(accounts.password({ accountId: 'a1' })).toBe('pw');
  });

  it('keep what they were when a setting makes no sense', async () => {
    const set = (settings: object) => accounts.setSettings({ accountId: 'a3', settings });
    expect(await set({ expires: 5 })).toEqual({ ok: false, reason: 'The time of a registration cannot be that.' });
    expect(await set({ expires: 1e9 })).toMatchObject({ ok: false });
    expect(await set({ authName: 'a\r\nb' })).toMatchObject({ ok: false });
    expect(await set({ enabled: 'yes' })).toMatchObject({ ok: false });
    expect(accounts.describe().accounts[2]?.settings).toEqual({ authName: 'anna', expires: 600 });
  });

  it('share their codecs, unless one has its own', async () => {
    const narrow = { codecs: ['PCMA', 'PCMU'], ptime: 30 };
    const used = () => accounts.inUse().map(({ codecs }) => codecs);
    expect(used()).toEqual([codecDefaults, codecDefaults, codecDefaults]);
    expect(await accounts.setCodecs({ accountId: null, codecs: narrow })).toEqual({ ok: true });
    expect(accounts.describe().codecs).toEqual(narrow);
    await accounts.setCodecs({ accountId: 'a2', codecs: { codecs: ['opus'], ptime: 60 } });
    expect(used()).toEqual([narrow, { codecs: ['opus'], ptime: 60 }, narrow]);
    await signIn({ id: 'a2', server: 'another.example' }, null);
    expect(used()[1]).toEqual({ codecs: ['opus'], ptime: 60 });
    await accounts.setCodecs({ accountId: 'a2', codecs: null });
    await accounts.setCodecs({ accountId: null, codecs: null });
    expect(used()).toEqual([codecDefaults, codecDefaults, codecDefaults]);
    await accounts.setSettings({ accountId: 'a2', settings: { enabled: false } });
    expect(accounts.inUse().map(({ id }) => id)).toEqual(['a1', 'a3']);
  });

  it.each([
    [{ codecs: [], ptime: 20 }],
    [{ codecs: ['opus', 'opus'], ptime: 20 }],
    [{ codecs: ['GSM'], ptime: 20 }],
    [{ codecs: ['opus'], ptime: 25 }],
  ])('cannot have codecs like %j', async (codecs) => {
    await expect(accounts.setCodecs({ accountId: null, codecs })).rejects.toThrow();
    expect(accounts.describe().codecs).toEqual(codecDefaults);
  });

  it('need a server unless they have no registrar', async () => {
    const direct = { id: 'a4', server: '', settings: { registrar: false, listenPort: 5070 } };
    expect(await signIn({ id: 'a4', server: '' })).toEqual({ ok: false, reason: 'The server is missing.' });
    expect(await signIn(direct, null)).toEqual({ ok: true });
    expect(await accounts.setSettings({ accountId: 'a4', settings: {} })).toEqual({
      ok: false,
      reason: 'The server is missing.',
    });
    expect(accounts.describe().accounts[3]?.settings).toEqual({ registrar: false, listenPort: 5070 });
    expect(await signIn({ ...direct, settings: { registrar: false, listenPort: 70_000 } }, null)).toMatchObject({
      ok: false,
    });
  });

  it('are forgotten one by one', async () => {
    await accounts.signOut({ accountId: 'a1' });
    expect(ids()).toEqual(['a2', 'a3']);
    expect(accounts.password({ accountId: 'a2' })).toBe('pw2');
  });
});

describe('signing out', () => {
  it('forgets the account and its password', async () => {
    await signIn();
    expect(await accounts.signOut({ accountId: 'a1' })).toEqual({ ok: true });
    expect(accounts.describe()).toMatchObject({ accounts: [], secrets: 'asked', hasPassword: {} });
    expect(accounts.password({ accountId: 'a1' })).toBeNull();
  });

  it('keeps the account when the disk is full', async () => {
    await signIn();
    full = true;
    expect(await accounts.signOut({ accountId: 'a1' })).toEqual({ ok: false, reason: 'The disk is full.' });
    expect(accounts.password({ accountId: 'a1' })).toBe('pw');
  });
});

describe('the password of a TURN server', () => {
  it('is kept apart from the account’s own, told to nobody but the phone service, and forgotten with the account', async () => {
    await signIn();
    expect(await accounts.setRelayPassword({ accountId: 'a1', password: 'relay' })).toEqual({ ok: true });
    expect(accounts.relayPasswords()).toEqual({ a1: 'relay' });
    expect(accounts.password({ accountId: 'a1' })).toBe('pw');
    expect(JSON.stringify(accounts.describe())).not.toContain('relay');
    await accounts.setRelayPassword({ accountId: 'a1', password: '' });
    expect(accounts.relayPasswords()).toEqual({});
    await accounts.setRelayPassword({ accountId: 'a1', password: 'again' });
    await accounts.signOut({ accountId: 'a1' });
    await signIn();
    expect(accounts.relayPasswords()).toEqual({});
  });

  it('is for accounts that are known', async () => {
    expect(await accounts.setRelayPassword({ accountId: 'a9', password: 'x' })).toMatchObject({ ok: false });
  });
});

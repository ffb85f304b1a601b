/** Modes of users and domains are kept, and follow their rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminError, createAdmin, type ExchangeAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { openStore, type Store, UNNAMED_DOMAIN } from '../../../../../proxy-core/node/store/index.ts';

let dir: string;
let store: Store;
let admin: ExchangeAdmin;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-modes-'));
  await open();
  for (const number of ['1001', '1002']) await admin.call('users.add', { number, password: 'p' });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

async function open(...domains: string[]): Promise<void> {
  store = await openStore({ dataDir: dir, domains });
  admin = createAdmin({
    store,
    facts: () => ({ version: '1', startedAt: 0, listeners: [], mode: 'redirect' }),
    now: Date.now,
  });
}
const reopen = async (...domains: string[]): Promise<void> => {
  store.close();
  await open(...domains);
};
const modeOf = (number: string, domain = UNNAMED_DOMAIN): string | undefined => store.users.modeOf(number, domain);

it('is nobody’s own at first', async () => {
  expect(store.users.hasModes).toBe(false);
  expect(modeOf('1001')).toBeUndefined();
  expect(await admin.call('users.mode', { number: '1001' })).toEqual({ mode: 'default', inEffect: 'redirect' });
});

it('a user’s own comes before the domain’s', async () => {
  await admin.call('domains.mode', { name: UNNAMED_DOMAIN, mode: 'stateless' });
  expect([modeOf('1001'), modeOf('1002')]).toEqual(['stateless', 'stateless']);
  expect(await admin.call('users.mode', { number: '1001', mode: 'proxy' })).toEqual({
    ...{ mode: 'proxy', inEffect: 'proxy' },
  });
  expect([modeOf('1001'), modeOf('1002')]).toEqual(['proxy', 'stateless']);
  expect(await admin.call('users.mode', { number: '1002' })).toEqual({ mode: 'default', inEffect: 'stateless' });
});

describe('is kept', () => {
  beforeEach(async () => {
    await admin.call('users.mode', { number: '1001', mode: 'redirect' });
    await admin.call('domains.mode', { name: UNNAMED_DOMAIN, mode: 'stateless' });
  });

  it('across a restart', async () => {
    await reopen();
    expect([modeOf('1001'), modeOf('1002')]).toEqual(['redirect', 'stateless']);
  });

  it('when the domain gets its name', async () => {
    await reopen('office.example');
    expect([modeOf('1001', 'office.example'), modeOf('1002', 'office.example')]).toEqual(['redirect', 'stateless']);
  });

  it('until it is put back', async () => {
    await admin.call('users.mode', { number: '1001', mode: 'default' });
    await admin.call('domains.mode', { name: UNNAMED_DOMAIN, mode: 'default' });
    expect(store.users.hasModes).toBe(false);
    await reopen();
    expect(store.users.hasModes).toBe(false);
  });

  it('for a user who is changed, not for another who gets the number', async () => {
    await admin.call('users.rename', { number: '1001', name: 'Ana' });
    expect(modeOf('1001')).toBe('redirect');
    await admin.call('users.remove', { number: '1001' });
    await admin.call('users.add', { number: '1001', password: 'p' });
    expect(modeOf('1001')).toBe('stateless');
  });
});

it.each([
  ['users.mode', { number: '1999' }, 'unknown'],
  ['domains.mode', { name: 'nowhere.example' }, 'unknown'],
  ['users.mode', { number: '1001', mode: 'fast' }, 'invalid'],
] as const)('%s of %o is refused', async (method, params, kind) => {
  const error = await admin.call(method, params as never).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AdminError);
  expect((error as AdminError).kind).toBe(kind);
});

/** Networks that are trusted, and who was refused, as the administration knows them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminError, createAdmin, type LocalAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { openGuard } from '../../../../../proxy-core/node/guard.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import type { Guard } from '../../../../../proxy-core/server/guard/guard.ts';
import { TestExchange } from '../../../../support/exchange-parts.ts';

let now: number;
let dir: string;
let store: Store;
let guard: Guard;
let admin: LocalAdmin;

async function open(): Promise<void> {
  store = await openStore({ dataDir: dir, now: () => now });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  guard = openGuard({ options: { trust: ['198.51.100.0/24'] }, store, now: () => now, log });
  const exchange = { ...new TestExchange().parts, guard };
  const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy', trusted: ['198.51.100.0/24'] });
  admin = createAdmin({ store, facts, exchange, now: () => now });
}

beforeEach(async () => {
  now = 1_700_000_000_000;
  dir = mkdtempSync(join(tmpdir(), 'tandem-security-'));
  await open();
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const networks = async () => (await admin.call('trust.list', {})).items.map(({ network }) => network);
const undoLast = async () => {
  const [entry] = (await admin.call('audit.list', { descending: true, limit: 1 })).items;
  await admin.call('audit.undo', { id: entry?.id ?? 0 });
};
const accuse = (host: string, times: number): void => {
  for (let at = 0; at < times; at++) guard.accuse(host, 'password');
};

describe('a trusted network', () => {
  it('is never held to account from now on, also after a restart, until it is removed', async () => {
    await admin.call('trust.add', { network: ' 192.0.2.7/24 ' });
    accuse('192.0.2.9', 100);
    expect(guard.isBanned('192.0.2.9')).toBe(false);
    store.close();
    await open();
    expect((await admin.call('trust.list', {})).items).toEqual([
      { network: '198.51.100.0/24', source: 'command line', addedAt: 0 },
      { network: '192.0.2.0/24', source: 'kept', addedAt: now },
    ]);
    accuse('192.0.2.9', 100);
    expect(guard.isBanned('192.0.2.9')).toBe(false);
    await admin.call('trust.remove', { network: '192.0.2.0/24' });
    accuse('192.0.2.9', 100);
    expect(guard.isBanned('192.0.2.9')).toBe(true);
  });

  it('ends the bans in it, and whoever takes that back has both as before', async () => {
    await admin.call('bans.add', { address: '192.0.2.9', seconds: 60 });
    await admin.call('bans.add', { address: '203.0.113.9', seconds: 60 });
    await admin.call('bans.add', { address: '2001:db8:1:2::9', seconds: 60 });
    expect(await admin.call('trust.add', { network: '192.0.2.0/24' })).toMatchObject({ lifted: ['192.0.2.9'] });
    expect(guard.isBanned('192.0.2.9')).toBe(false);
    expect(guard.isBanned('203.0.113.9')).toBe(true);
    await undoLast();
    expect(await networks()).toEqual(['198.51.100.0/24']);
    expect(guard.isBanned('192.0.2.9')).toBe(true);
    expect(guard.isTrusted('192.0.2.9')).toBe(false);
    // One address of a network of which all was banned.
    expect((await admin.call('trust.add', { network: '2001:db8:1:2::7' })).lifted).toEqual(['2001:db8:1:2::/64']);
    expect(guard.isBanned('2001:db8:1:2::7')).toBe(false);
  });

  it('that is removed comes back by undoing', async () => {
    await admin.call('trust.add', { network: '2001:db8::1/32' });
    await admin.call('trust.remove', { network: '2001:db8::/32' });
    expect(guard.isTrusted('2001:db8::5')).toBe(false);
    await undoLast();
    expect(await networks()).toContain('2001:db8::/32');
    expect(guard.isTrusted('2001:db8::5')).toBe(true);
  });

  it.each([
    ['trust.add', 'office', 'invalid', /^Write a network such as/],
    ['trust.add', '192.0.2.0/33', 'invalid', /^Write a network such as/],
    ['trust.add', 'fe80::1%eth0', 'invalid', /^Write a network such as/],
    ['trust.add', '0.0.0.0/0', 'invalid', /^That is everybody/],
    ['trust.add', '::/0', 'invalid', /^That is everybody/],
    ['trust.add', '198.51.100.4/24', 'exists', /^198\.51\.100\.0\/24 is trusted already\.$/],
    ['trust.remove', '198.51.100.0/24', 'invalid', /^198\.51\.100\.0\/24 is trusted by the command/],
    ['trust.remove', '192.0.2.0/24', 'unknown', /^192\.0\.2\.0\/24 is not trusted\.$/],
  ] as const)('%s %s is refused', async (method, network, kind, text) => {
    const error = (await admin.call(method, { network }).catch((e: unknown) => e)) as AdminError;
    expect(error).toMatchObject({ kind, message: expect.stringMatching(text) });
  });

  it('is one of so many', async () => {
    for (let at = 0; at < 200; at++) await admin.call('trust.add', { network: `192.0.2.${at}` });
    await expect(admin.call('trust.add', { network: '192.0.3.1' })).rejects.toMatchObject({
      message: expect.stringMatching(/^At most 200 networks/),
    });
  });

  it('is told to whoever watches', async () => {
    const watch = admin.open('trust.list', {}, false);
    await admin.call('trust.add', { network: '192.0.2.0/24' });
    expect(await watch.next()).toMatchObject([{ event: 'added', key: '192.0.2.0/24', item: { source: 'kept' } }]);
    watch.close();
  });
});

describe('those who were refused', () => {
  beforeEach(() => {
    guard.accuse('192.0.2.7', 'password', '1002@office.example');
    now += 1_000;
    guard.accuse('198.51.100.7', 'refused', 'eve@evil.example', 'relay');
    now += 1_000;
    accuse('203.0.113.9', 30);
  });
  const addresses = async (query: object) =>
    (await admin.call('refusals.list', query)).items.map(({ address }) => address);

  it('are listed in pages, the last one first where that is wanted', async () => {
    const all = ['192.0.2.7', '198.51.100.7', '203.0.113.9'];
    expect(await addresses({})).toEqual(all);
    for (const descending of [false, true]) {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await admin.call('refusals.list', { descending, limit: 1, after });
        found.push(...page.items.map(({ address }) => address));
        after = page.next;
      } while (after !== undefined && found.length < 10);
      expect(found).toEqual(descending ? [...all].reverse() : all);
    }
  });

  it('are told with who they were, why, and what holds of them now', async () => {
    expect((await admin.call('refusals.list', { descending: true })).items).toMatchObject([
      { address: '203.0.113.9', as: '', count: 30, isBanned: true, isTrusted: false, why: 'The password was wrong.' },
      { address: '198.51.100.7', as: 'eve@evil.example', count: 1, isBanned: false, isTrusted: true },
      { address: '192.0.2.7', as: '1002@office.example', isBanned: false, isTrusted: false, last: now - 2_000 },
    ]);
  });

  it('are found by address, name and reason, and since when', async () => {
    expect(await addresses({ text: '1002@' })).toEqual(['192.0.2.7']);
    expect(await addresses({ text: 'CALL THROUGH' })).toEqual(['198.51.100.7']);
    expect(await addresses({ since: now - 1_000 })).toEqual(['198.51.100.7', '203.0.113.9']);
    expect(await addresses({ text: 'nobody has this' })).toEqual([]);
  });

  it('are told to whoever watches', async () => {
    const watch = admin.open('refusals.list', { text: '192.0.2' }, false);
    guard.accuse('192.0.2.7', 'password', '1002@office.example');
    guard.accuse('192.0.2.8', 'malformed');
    expect(await watch.next()).toMatchObject([
      { event: 'changed', item: { address: '192.0.2.7', count: 2 } },
      { event: 'added', item: { address: '192.0.2.8', why: 'What it sent is not SIP.' } },
    ]);
    watch.close();
  });
});

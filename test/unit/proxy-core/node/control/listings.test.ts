import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdmin, type LocalAdmin, type Page } from '../../../../../proxy-core/node/control/index.ts';
import { methods } from '../../../../../proxy-core/node/control/methods.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { binding } from '../store/samples.ts';

const NOW = 1_700_000_000_000;
const DOMAIN = 'a.example';
let dir: string;
let store: Store;
let admin: LocalAdmin;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-listings-'));
  store = await openStore({ dataDir: dir, now: () => NOW, domains: [DOMAIN, 'b.example'] });
  const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy' });
  admin = createAdmin({ store, facts, now: () => NOW });
  for (const number of ['1001', '1002', '1003']) {
    await admin.call('users.add', { number, password: 'x' });
    await admin.call('devices.add', { number, label: 'desk', password: 'd' });
    await admin.call('aliases.add', { number, alias: `9${number}` });
    await admin.call('dnd.set', { number, on: true });
    await admin.call('presence.setRule', { number, watchers: 'nobody' });
    await admin.call('lists.set', { name: `team-${number}`, members: [number] });
    await admin.call('bans.add', { address: `192.0.2.${number.slice(3)}`, seconds: 60 });
    store.invites.insert({
      ...{ id: `A${number.slice(2)}`, number, domain: DOMAIN, salt: '', hash: '' },
      ...{ created_at: NOW, expires_at: NOW + 60_000, attempts_left: 5 },
    });
    const aor = aorOf(number, DOMAIN);
    await store.location.replace(aor, [binding(aor, `sip:${number}@h`)]);
    const message = { recipient: aor, sender: aorOf('1009', DOMAIN), receivedAt: NOW, expiresAt: NOW + 60_000 };
    await store.messages.keep({ ...message, wire: `MESSAGE sip:${number}@h SIP/2.0\r\n\r\n` });
    const dialog = { callId: number, routes: [], remoteTarget: `sip:${number}@h` };
    store.subscriptions.put({
      ...{ key: number, package: 'presence', resource: aor, subscriber: aor, device: '', event: 'presence' },
      ...{ dialog: dialog as never, highestSeq: 1, hop: undefined, expiresAt: NOW + 60_000 },
    });
  }
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

type Name = Parameters<LocalAdmin['open']>[0];
/** Of a running exchange, or with tests of their own. */
const ELSEWHERE = [
  ...['calls.list', 'records.list', 'presence.list', 'audit.list', 'settings.list'],
  ...['refusals.list', 'trust.list'],
];
const names = Object.keys(methods).filter((name) => 'watch' in methods[name as Name]) as Name[];
const listings = names.filter((name) => !ELSEWHERE.includes(name));
const list = async (name: Name, query: object) => (await admin.call(name, query)) as Page<unknown>;

describe('each listing', () => {
  it('is among those that are looked at here', () => {
    expect(listings.length).toBeGreaterThanOrEqual(10);
    for (const name of ELSEWHERE) expect(names).toContain(name);
  });

  it.each(listings)('%s comes in pages, forwards and backwards', async (name) => {
    const { items: all } = await list(name, {});
    expect(all.length).toBeGreaterThanOrEqual(2);
    for (const descending of [false, true]) {
      const found: unknown[] = [];
      let after: string | undefined;
      do {
        const page = await list(name, { limit: 1, descending, after });
        expect(page.items.length).toBeLessThanOrEqual(1);
        found.push(...page.items);
        after = page.next;
      } while (after !== undefined && found.length < 10);
      expect(found).toEqual(descending ? [...all].reverse() : all);
    }
  });

  it.each(listings)('%s is searched, and does not take what is no end of a page', async (name) => {
    const { items: all } = await list(name, {});
    const { items: found } = await list(name, {
      text: name === 'domains.list' ? 'b.ex' : name === 'bans.list' ? '.2' : '1002',
    });
    expect(found.length).toBeGreaterThan(0);
    if (name !== 'bans.list') expect(found.length).toBeLessThan(all.length);
    expect((await list(name, { text: 'nobody has this' })).items).toEqual([]);
    await expect(list(name, { after: 'forged' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(list(name, { limit: 1_000_000 })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it.each(listings)('%s tells a watcher the same as it lists, and what is narrowed away as removed', async (name) => {
    const watch = admin.open(name, {}, true);
    const events = await watch.next();
    const told = events.flatMap((event) => ('item' in event ? [event.item].flat() : []));
    expect(told).toEqual((await list(name, {})).items);
    watch.close();
    const keys = events.flatMap((event) => ('item' in event ? [event.key] : []));
    const narrow = admin.open(name, { text: 'nobody has this' }, false);
    const topic = methods[name].watch.topic;
    for (const key of keys) store.feed.changed(topic, key);
    expect(await narrow.next()).toEqual(keys.map((key) => ({ event: 'removed', key })));
    narrow.close();
  });
});

/** A REGISTER on its way to the disk, and an administrator who takes its password or its user away meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdmin, type ExchangeAdmin } from '../../../proxy-core/node/control/index.ts';
import { nodeHashes } from '../../../proxy-core/node/hashes.ts';
import { openStore, type Store } from '../../../proxy-core/node/store/index.ts';
import { DigestAuthenticator } from '../../../proxy-core/server/authenticator.ts';
import { aorOf, type Binding } from '../../../proxy-core/server/stores.ts';
import { NonceMaker } from '../../../proxy-core/sip/auth/nonce.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../support/exchange-parts.ts';
import { until } from '../../support/until.ts';

const AOR = aorOf('1001', DOMAIN);
let dir: string;
let store: Store;
let admin: ExchangeAdmin;
let exchange: TestExchange;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-revocation-'));
  store = await openStore({ dataDir: dir, domains: [DOMAIN] });
  const facts = { version: '1', startedAt: 0, listeners: [], mode: 'proxy' };
  admin = createAdmin({ store, facts: () => facts, now: Date.now });
  await admin.call('users.add', { number: '1001', password: 'own' });
  await admin.call('devices.add', { number: '1001', label: 'desk', password: 'desk-pass' });
  const now = Date.now;
  const nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now });
  exchange = new TestExchange(
    {},
    {
      users: store.users,
      locations: store.location,
      authenticator: new DigestAuthenticator({ users: store.users, nonces, hashes: nodeHashes }),
      clock: { now, after: () => ({ cancel: () => undefined }) },
    },
  );
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const register = (password: string): Incoming =>
  exchange.receiveFrom('1001', password, 'REGISTER', `sip:${DOMAIN}`, [['Contact', `<sip:${password}@192.0.2.50>`]]);

const contacts = (): string[] => store.location.lookup(AOR, Date.now()).map(({ contact }) => contact);

async function afterRestart(): Promise<string[]> {
  store.close();
  store = await openStore({ dataDir: dir });
  return contacts();
}

const takes = {
  'its password': () => admin.call('devices.remove', { number: '1001', label: 'desk' }),
  'its user': () => admin.call('users.remove', { number: '1001' }),
};

describe.each(Object.entries(takes))('an administrator takes %s', (_what, take) => {
  test.each(['in the same moment', 'while it is synced', 'after it was answered'])(
    '%s: nothing is left',
    async (when) => {
      const phone = register('desk-pass');
      expect(phone.responses).toEqual([]);
      // The commit begins with the next turn of the event loop, the sync of the disk ends in a later one.
      if (when === 'while it is synced') await new Promise((next) => setImmediate(next));
      if (when === 'after it was answered') await until('the answer', () => phone.responses.length > 0);
      await take();
      await until('the answer', () => phone.responses.length > 0);
      expect(phone.statuses).toEqual([when === 'after it was answered' ? 200 : 403]);
      expect(contacts()).toEqual([]);
      expect(register('desk-pass').last.status).toBe(401);
      expect(await afterRestart()).toEqual([]);
    },
  );
});

test('another phone of the same user, by another password, stays and is answered', async () => {
  const [other, phone] = [register('own'), register('desk-pass')];
  await takes['its password']();
  await until('the answers', () => other.responses.length + phone.responses.length === 2);
  expect([other.statuses, phone.statuses]).toEqual([[200], [403]]);
  expect(contacts()).toEqual(['sip:own@192.0.2.50']);
  expect(await afterRestart()).toEqual(['sip:own@192.0.2.50']);
});

test('a store that shows a change only when it has kept it leaves nothing behind either', async () => {
  const late = new TestExchange();
  late.users.addDevice('1001', 'desk', 'desk-pass');
  const keep = late.locations.replace.bind(late.locations);
  let land = (): void => undefined;
  late.locations.replace = (aor, bindings: readonly Binding[]) =>
    new Promise((resolve) => {
      land = () => resolve(keep(aor, bindings));
    });
  const phone = late.receiveFrom('1001', 'desk-pass', 'REGISTER', `sip:${DOMAIN}`, [['Contact', '<sip:d@192.0.2.50>']]);
  late.users.add('1001', 'one');
  late.locations.replace = keep;
  land();
  await until('the answer', () => phone.responses.length > 0);
  expect(phone.statuses).toEqual([403]);
  expect(late.locations.lookup(AOR, 0)).toEqual([]);
});

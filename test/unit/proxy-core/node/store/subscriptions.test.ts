/** What is kept of subscriptions, publications, rules and lists, in a real file that is opened again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store, type StoreError } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import type { SubscriptionRecord } from '../../../../../proxy-core/server/events/subscription-store.ts';
import { USUAL_RULE } from '../../../../../proxy-core/server/events/watch-rules.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import type { FlowId } from '../../../../../proxy-core/sip/transport/port.ts';
import { until } from '../../../../support/until.ts';

const D = 'office.example';
const ANNA = aorOf('1001', D);
let dataDir: string;
let store: Store;
let errors: StoreError[];

const open = async (): Promise<void> => {
  errors = [];
  store = await openStore({ dataDir, domains: [D], onError: (error) => void errors.push(error) });
};
const reopen = async (): Promise<void> => {
  store.close();
  await open();
};

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tandem-store-'));
  await open();
  store.users.add([{ number: '1001', domain: D, name: '', createdAt: 1, ha1Md5: 'x', ha1Sha256: 'y' }]);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const record = (key: string, highestSeq = 5): SubscriptionRecord => ({
  ...{ key, package: 'dialog', resource: 'r', subscriber: ANNA, device: 'desk', event: 'dialog;id=1', highestSeq },
  dialog: {
    ...{
      state: 'confirmed',
      callId: key,
      localTag: 'l',
      remoteTag: 'r',
      local: '<sip:a>;tag=l',
      remote: '<sip:b>;tag=r',
    },
    ...{
      remoteTarget: 'sip:b@h',
      routes: [{ text: '<sip:p;lr>', uri: 'sip:p;lr', loose: true }],
      localSeq: 3,
      remoteSeq: 9,
    },
  },
  hop: { transport: 'UDP', host: '192.0.2.1', port: 5060, flow: 'udp:1' as FlowId, listener: 'udp://0.0.0.0:5060' },
  expiresAt: 1_900_000_000_000,
});

test('subscriptions come back as they were last, without the flow that is gone', async () => {
  const changing = { ...record('one'), highestSeq: 7 };
  store.subscriptions.put(changing);
  changing.highestSeq = 207;
  store.subscriptions.put({ ...record('two'), hop: undefined });
  store.subscriptions.put(record('three'));
  store.subscriptions.remove('three');
  await reopen();
  const hop = { transport: 'UDP', host: '192.0.2.1', port: 5060, listener: 'udp://0.0.0.0:5060' };
  expect([...store.subscriptions.all()]).toEqual([
    { ...record('one', 207), hop },
    { ...record('two'), hop: undefined },
  ]);
});

test('they are written by themselves, some thousand at a time', async () => {
  for (let i = 0; i < 5_000; i++) store.subscriptions.put(record(`s${i}`));
  const other = openSqlite(join(dataDir, 'tandem.db'), 1_000);
  const count = () => (other.prepare('SELECT count(*) AS n FROM subscriptions').get() as { n: number }).n;
  await until('all rows', () => count() === 5_000);
  other.close();
});

test('a damaged row is passed over', async () => {
  store.subscriptions.put(record('good'));
  store.close();
  const db = openSqlite(join(dataDir, 'tandem.db'), 1_000);
  db.exec(
    "INSERT INTO subscriptions SELECT 'bad', package, resource, subscriber, device, event, '{', 1, '', 1 FROM subscriptions",
  );
  db.exec(
    "INSERT INTO subscriptions SELECT 'odd', package, resource, subscriber, device, event, '{}', 1, '', 1 FROM subscriptions LIMIT 1",
  );
  db.close();
  await open();
  expect([...store.subscriptions.all()].map(({ key }) => key)).toEqual(['good']);
});

test('publications come back byte for byte', async () => {
  const document = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
  const one = { tag: 't1', aor: ANNA, package: 'presence', expiresAt: 5, document };
  store.publications.put(one);
  store.publications.put({ ...one, tag: 't2' });
  store.publications.remove('t2');
  await reopen();
  expect([...store.publications.all()]).toEqual([one]);
});

test('rules hold for a user before they hold for his domain, and end with him', async () => {
  const { watchRules: rules } = store;
  expect(rules.of('1001', D)).toEqual(USUAL_RULE);
  const nobody = { watchers: 'nobody', listed: [], details: false } as const;
  const listed = { watchers: 'listed', listed: [`1002@${D}`], details: true } as const;
  rules.set(undefined, D, nobody);
  rules.set('1001', D, listed);
  rules.set('1001', D, listed);
  await reopen();
  expect([store.watchRules.of('1001', D), store.watchRules.of('1002', D)]).toEqual([listed, nobody]);
  expect(store.watchRules.all().map(({ number }) => number)).toEqual([undefined, '1001']);
  store.users.remove('1001', D);
  await reopen();
  expect(store.watchRules.of('1001', D)).toEqual(nobody);
  store.watchRules.set(undefined, D, undefined);
  expect(store.watchRules.of('1001', D)).toEqual(USUAL_RULE);
});

test('lists are kept, and all users are listed by number', async () => {
  store.lists.set('sales', D, [ANNA]);
  await reopen();
  expect(store.lists.membersOf('sales', D)).toEqual([ANNA]);
  store.lists.set('sales', D, undefined);
  expect([store.lists.membersOf('sales', D), store.lists.all()]).toEqual([undefined, []]);
  expect(store.lists.usersOf(D, 10)).toEqual([ANNA]);
});

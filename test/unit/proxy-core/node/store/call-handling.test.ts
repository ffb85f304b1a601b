/** Where users want their calls is kept, changed by the administrator under the same rules as by a phone, and gone with them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminError, createAdmin, type ExchangeAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { user } from './samples.ts';

const DOMAIN = 'office.example';
const one = { number: '1001', domain: DOMAIN };

let dir: string;
let store: Store;
let admin: ExchangeAdmin;

async function open(...domains: string[]): Promise<void> {
  store = await openStore({ dataDir: dir, domains });
  admin = createAdmin({
    store,
    facts: () => ({ version: '1', startedAt: 0, listeners: [], mode: 'proxy' }),
    now: Date.now,
  });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-handling-'));
  await open(DOMAIN, 'b.example');
  store.users.add([user('1001', DOMAIN), user('1002', DOMAIN), user('1003', DOMAIN), user('1001', 'b.example')]);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const set = (number: string, when: 'always' | 'busy' | 'no-answer' | 'unreachable', to: string, seconds?: number) =>
  admin.call('forwards.set', { number, when, to, seconds });
const refused = (promise: Promise<unknown>, text: RegExp) =>
  expect(promise).rejects.toMatchObject({
    constructor: AdminError,
    kind: 'invalid',
    message: expect.stringMatching(text),
  });

it('nobody has set anything at first, and that costs nothing', () => {
  expect(store.callHandling.isEmpty).toBe(true);
  expect(store.callHandling.find(one)).toBeUndefined();
});

it('is kept across a restart, and held no longer than there is anything', async () => {
  await admin.call('aliases.add', { number: '1001', alias: '500' });
  await set('1001', 'no-answer', '1002', 15);
  await set('500', 'busy', '1003');
  await admin.call('dnd.set', { number: '1001', on: true });
  const expected = {
    ...{ doNotDisturb: true, noAnswerSeconds: 15, mayForwardOutside: false },
    forwards: { 'no-answer': '1002', busy: '1003' },
  };
  expect(store.callHandling.find(one)).toEqual(expected);
  store.close();
  await open();
  expect(store.callHandling.find(one)).toEqual(expected);
  expect(await admin.call('forwards.show', { number: '500' })).toEqual({ ...one, ...expected });
  await admin.call('forwards.clear', { number: '1001', when: 'busy' });
  await admin.call('forwards.clear', { number: '1001' });
  await admin.call('dnd.set', { number: '1001', on: false });
  expect(store.callHandling.isEmpty).toBe(true);
  store.close();
  await open();
  expect(store.callHandling.isEmpty).toBe(true);
});

it('is listed, and told of to who watches', async () => {
  const told: string[] = [];
  store.callHandling.watch((who) => void told.push(who));
  await set('1002', 'always', '1003');
  await admin.call('dnd.set', { ...one, domain: 'b.example', on: true });
  // The same once more is no change.
  await admin.call('dnd.set', { ...one, domain: 'b.example', on: true });
  expect(told).toEqual([aorOf('1002', DOMAIN), aorOf('1001', 'b.example')]);
  const page = await admin.call('forwards.list', { limit: 1 });
  const rest = await admin.call('forwards.list', { limit: 1, after: page.next });
  expect([...page.items, ...rest.items].map(({ number, domain }) => `${number}@${domain}`)).toEqual([
    '1001@b.example',
    `1002@${DOMAIN}`,
  ]);
});

describe('is refused', () => {
  it('when calls would come back, by whatever way', async () => {
    await refused(set('1001', 'always', '1001'), /circle: 1001, 1001/);
    await set('1001', 'always', '1002');
    await refused(set('1002', 'always', '1001'), /circle: 1002, 1001, 1002/);
    await set('1002', 'busy', '1003');
    await refused(set('1003', 'no-answer', `sip:1001@${DOMAIN.toUpperCase()}`), /circle: 1003, 1001, 1002, 1003/);
    await set('1003', 'always', '1001@b.example');
    expect(store.callHandling.find({ number: '1003', domain: DOMAIN })?.forwards).toEqual({
      always: 'sip:1001@b.example',
    });
  });

  it('outside the office, unless the user may', async () => {
    await refused(set('1001', 'always', '0301234567'), /may not forward calls outside/);
    await refused(set('1001', 'busy', 'sip:ada@198.51.100.7'), /may not forward calls outside/);
    await admin.call('forwards.outside', { number: '1001', allowed: true });
    await set('1001', 'always', '0301234567');
    await set('1001', 'busy', 'sip:ada@198.51.100.7;transport=tcp');
    expect(store.callHandling.find(one)?.forwards).toEqual({
      ...{ always: '0301234567', busy: 'sip:ada@198.51.100.7;transport=tcp' },
    });
  });

  it.each(['', 'sip:', 'tel:+49', 'sip:a b@c', 'sip:1002@office.example?Subject=x', 'a@b@c', '1002\r\nX: y'])(
    'to %j',
    async (to) => {
      await expect(set('1001', 'always', to)).rejects.toBeInstanceOf(AdminError);
      expect(store.callHandling.isEmpty).toBe(true);
    },
  );

  it.each([0, 4, 181, 1.5, Number.NaN])('after %d seconds', (seconds) =>
    refused(set('1001', 'no-answer', '1002', seconds), /ring|seconds/),
  );
});

it('goes with its user', async () => {
  await set('1001', 'always', '1002');
  await admin.call('users.remove', { number: '1001' });
  expect(store.callHandling.isEmpty).toBe(true);
  store.close();
  await open();
  expect(store.callHandling.isEmpty).toBe(true);
});

it('moves with the office when it gets its name', async () => {
  rmSync(dir, { recursive: true });
  store.close();
  dir = mkdtempSync(join(tmpdir(), 'tandem-handling-'));
  await open();
  await admin.call('users.add', { number: '1001', password: 'p' });
  await admin.call('users.add', { number: '1002', password: 'p' });
  await set('1001', 'always', '1002');
  store.close();
  await open(DOMAIN);
  expect(store.callHandling.find(one)?.forwards).toEqual({ always: '1002' });
});

it('those who look at the list are told what changes, once', async () => {
  const told: string[] = [];
  const end = store.feed.watch('forwards', (key, change) => void told.push(`${key} ${change}`));
  await set('1001', 'always', '1002');
  await admin.call('dnd.set', { number: '1001', on: false });
  await admin.call('users.remove', { number: '1001' });
  end();
  expect(told).toEqual([`1001@${DOMAIN} changed`, `1001@${DOMAIN} changed`]);
});

it('is listed from either end, and by a text', async () => {
  for (const number of ['1001', '1002', '1003']) await admin.call('dnd.set', { number, on: true });
  const list = async (query: object) => (await admin.call('forwards.list', query)).items.map(({ number }) => number);
  expect(await list({ descending: true })).toEqual(['1003', '1002', '1001']);
  const { next: after } = await admin.call('forwards.list', { descending: true, limit: 1 });
  expect(await list({ descending: true, after, limit: 1 })).toEqual(['1002']);
  expect(await list({ text: '1002@OFFICE' })).toEqual(['1002']);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AdminError,
  type ControlServer,
  connectControl,
  createAdmin,
  type ExchangeAdmin,
  type LocalAdmin,
  listenControl,
  type RemoteAdmin,
  type WatchEvent,
} from '../../../../../proxy-core/node/control/index.ts';
import { openStore, type Store, UNNAMED_DOMAIN } from '../../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { until } from '../../../../support/until.ts';
import { binding, user } from '../store/samples.ts';

const NOW = 1_700_000_000_000;
const ALICE = aorOf('1001', UNNAMED_DOMAIN);
let dir: string;
let store: Store;
let admin: LocalAdmin;
let server: ControlServer;
let remote: RemoteAdmin;
const faults: unknown[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-watch-'));
  store = await openStore({ dataDir: dir, now: () => NOW });
  const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy' });
  admin = createAdmin({ store, facts, now: () => NOW });
  server = await listenControl({ dataDir: dir, admin, onFault: (error) => faults.push(error) });
  remote = (await connectControl(dir))!;
});
afterEach(async () => {
  remote.close();
  await server.close();
  store.close();
  rmSync(dir, { recursive: true });
  expect(faults).toEqual([]);
});

/** What was told, as `+ key`, and what ends it. */
function watching(
  of: ExchangeAdmin,
  method: 'users.list' | 'location.list' | 'bans.list' | 'aliases.list',
  params = {},
) {
  const told: string[] = [];
  const end = new AbortController();
  const events = of.watch(method, params, { signal: end.signal }) as AsyncIterable<WatchEvent<unknown>>;
  const done = (async () => {
    for await (const event of events) told.push('key' in event ? `${event.event} ${event.key}` : event.event);
  })();
  return { told, done, end: () => end.abort() };
}

const add = (number: string) => admin.call('users.add', { number, password: 'x' });

describe.each([
  ['in the process', () => admin],
  ['over the control socket', () => remote],
])('a watch %s', (_, of) => {
  it('tells what is there, then each change, and ends when it is told to', async () => {
    await add('1001');
    const { told, done, end } = watching(of(), 'users.list');
    await until('the watch to tell it', () => told.includes('ready'));
    expect(told).toEqual([`added ${ALICE}`, 'ready']);
    told.length = 0;
    await add('1002');
    await until('the watch to tell it', () => told.length === 1);
    await admin.call('users.rename', { number: '1001', name: 'Ana' });
    await until('the watch to tell it', () => told.length === 2);
    await admin.call('users.remove', { number: '1002' });
    await until('the watch to tell it', () => told.length === 3);
    expect(told).toEqual([`added 1002@${UNNAMED_DOMAIN}`, `changed ${ALICE}`, `removed 1002@${UNNAMED_DOMAIN}`]);
    end();
    await done;
  });

  it('tells of registrations, to who watches them and to who watches users', async () => {
    await add('1001');
    const users = watching(of(), 'users.list');
    const location = watching(of(), 'location.list');
    await until('the watch to tell it', () => users.told.includes('ready') && location.told.includes('ready'));
    await store.location.replace(ALICE, [binding(ALICE, 'sip:a@h'), binding(ALICE, 'sip:b@h')]);
    await until('the watch to tell it', () => location.told.length === 2 && users.told.length === 3);
    await store.location.replace(ALICE, []);
    await until('the watch to tell it', () => location.told.length === 3);
    expect(location.told).toEqual(['ready', `changed ${ALICE}`, `removed ${ALICE}`]);
    for (const one of [users, location]) one.end();
    await Promise.all([users.done, location.done]);
  });

  it('tells only what its filter lists', async () => {
    const { told, done, end } = watching(of(), 'users.list', { text: 'ana' });
    await until('the watch to tell it', () => told.includes('ready'));
    await add('1001');
    await admin.call('users.rename', { number: '1001', name: 'Ana' });
    await until('the watch to tell it', () => told.length > 1);
    await admin.call('users.rename', { number: '1001', name: 'Ben' });
    await until('the watch to tell it', () => told.length > 2);
    expect(told.slice(1)).toEqual([expect.stringMatching(/^(added|changed) 1001@/), `removed ${ALICE}`]);
    end();
    await done;
  });

  it('refuses what no listing takes', async () => {
    const events = of().watch('users.list', { domain: 'nobody.example' });
    await expect(events.next()).rejects.toMatchObject({ constructor: AdminError, kind: 'unknown' });
  });
});

describe('a reader who is slow', () => {
  it('gets the latest of each once, and nothing of what came and went', async () => {
    const watch = admin.open('users.list', {}, false);
    for (const number of ['1', '2', '3']) await add(number);
    await admin.call('users.rename', { number: '1', name: 'A' });
    await admin.call('users.rename', { number: '1', name: 'B' });
    await admin.call('users.remove', { number: '2' });
    const events = await watch.next();
    expect(events).toMatchObject([
      { event: 'added', key: `1@${UNNAMED_DOMAIN}`, item: { name: 'B' } },
      { event: 'added', key: `3@${UNNAMED_DOMAIN}` },
    ]);
    watch.close();
  });

  it('begins anew when more changed than is remembered, and costs nothing until then', async () => {
    const watch = admin.open('users.list', {}, true);
    const first = await watch.next();
    expect(first.at(-1)).toEqual({ event: 'ready' });
    for (let at = 0; at < 20_000; at += 1) store.feed.changed('users', `${at}@nowhere.test`);
    await add('1001');
    expect(await watch.next()).toEqual([{ event: 'resync' }]);
    expect(await watch.next()).toMatchObject([{ event: 'added', key: ALICE }, { event: 'ready' }]);
    watch.close();
    expect(await watch.next()).toEqual([]);
  });

  it('gets a large snapshot in pieces, with what changes meanwhile behind it', async () => {
    store.users.add(Array.from({ length: 1_200 }, (__, at) => user(String(10_000 + at), UNNAMED_DOMAIN)));
    const watch = admin.open('users.list', {}, true);
    expect(await watch.next()).toHaveLength(500);
    await admin.call('users.remove', { number: '10000' });
    await admin.call('users.remove', { number: '11199' });
    const rest = [...(await watch.next()), ...(await watch.next())];
    expect(rest.filter(({ event }) => event === 'added')).toHaveLength(699);
    expect((await watch.next()).map((event) => ('key' in event ? `${event.event} ${event.key}` : event.event))).toEqual(
      [`removed 10000@${UNNAMED_DOMAIN}`, `removed 11199@${UNNAMED_DOMAIN}`],
    );
    watch.close();
  });
});

describe('over the control socket', () => {
  it('ends with its connection, also while nothing happens', async () => {
    const watchers = () => (store.feed.isWatched('bans') ? 1 : 0);
    const socket = connect(server.path, () =>
      socket.write(
        ['watch.open', 'watch.next', 'watch.next']
          .map((method, id) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params: { method: 'bans.list' } })}\n`)
          .join(''),
      ),
    );
    await until('the watch to tell it', () => watchers() === 1);
    socket.destroy();
    await until('the watch to tell it', () => watchers() === 0);
  });

  it('tells the reader when the exchange ends', async () => {
    const { told, done } = watching(remote, 'bans.list');
    await until('the watch to tell it', () => told.includes('ready'));
    await server.close();
    await expect(done).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['watch.next', {}, /Nothing is watched/],
    ['watch.open', {}, /Name the listing/],
    ['watch.open', { method: 'users.add' }, /cannot be watched/],
    ['watch.open', { method: '__proto__' }, /cannot be watched/],
    ['session.begin', { by: 'a\nb' }, /Say who you are/],
    ['session.begin', {}, /Say who you are/],
  ])('refuses %s with %j', async (method, params, sentence) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.path, () =>
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`),
      );
      socket.on('error', reject).on('data', (data) => {
        resolve(String(data));
        socket.destroy();
      });
    });
    expect(JSON.parse(answer).error.message).toMatch(sentence);
  });

  it('hangs up on who asks on and on without waiting for an answer', async () => {
    const open = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'watch.open', params: { method: 'bans.list' } });
    const next = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'watch.next' })}\n`;
    const ended = new Promise<void>((resolve) => {
      const socket = connect(server.path, () => {
        socket.write(`${open}\n`);
        socket.once('data', () => socket.write(next.repeat(20_000)));
      });
      socket.on('error', () => undefined).on('close', () => resolve());
    });
    await ended;
    await until('the watch to tell it', () => !store.feed.isWatched('bans'));
  });
});

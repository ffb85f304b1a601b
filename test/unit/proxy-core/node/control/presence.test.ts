/** Lamps, rules, lists and subscriptions as an administrator has them: at a running exchange, and by its commands. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../../../../proxy-core/cli/run.ts';
import { aorOf, type Binding } from '../../../../../proxy-core/server/stores.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { bindingOf } from '../../../../support/memory-stores.ts';
import { until } from '../../../../support/until.ts';

const D = '127.0.0.1';
let office: TestOffice;

beforeEach(async () => {
  office = await TestOffice.open({ users: { '1001': 'one', '1002': 'two' } });
});
afterEach(() => office.close());

async function tandem(...argv: string[]): Promise<string> {
  let [out, err] = ['', ''];
  const code = await runCli(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    stdin: (async function* () {})(),
    defaultDataDir: office.dataDir,
    startExchange: () => Promise.reject(new Error('not asked')),
    asked: () => Promise.resolve(),
  });
  return code === 0 ? out : `${code}: ${err}`;
}

describe('lamps', () => {
  test('show who is there', async () => {
    expect(await tandem('presence', 'list')).toBe(
      'USER            NAME  STATE    ACTIVITIES  NOTE\n1001@127.0.0.1        offline\n1002@127.0.0.1        offline\n',
    );
    expect(JSON.parse(await tandem('presence', 'show', '1001', '--json'))).toEqual({
      ...{ number: '1001', domain: D, name: '', state: 'offline', activities: [], note: '' },
    });
  });

  test('are watched with the names of users who come, are named otherwise, and go', async () => {
    const { admin } = office.handle;
    const told: string[] = [];
    const end = new AbortController();
    const watch = (async () => {
      for await (const event of admin.watch('presence.list', {}, { snapshot: false, signal: end.signal })) {
        if ('item' in event) told.push(`${event.event} ${event.key} ${event.item.name} ${event.item.state}`);
        else if ('key' in event) told.push(`${event.event} ${event.key}`);
      }
    })();
    const hears = (what: string) => until(what, () => told.includes(what));
    await admin.call('users.add', { number: '1003', name: 'Carl', password: 'three' });
    await hears(`added 1003@${D} Carl offline`);
    await admin.call('users.rename', { number: '1003', name: 'Karel' });
    await hears(`changed 1003@${D} Karel offline`);
    await admin.call('users.remove', { number: '1003' });
    await hears(`removed 1003@${D}`);
    end.abort();
    await watch;
  });

  test('are known to a running exchange only; subscriptions are kept', async () => {
    await office.stop();
    expect(await tandem('presence', 'list')).toBe('1: No exchange runs on this data directory.\n');
    expect(await tandem('subscriptions', 'list')).toBe('');
  });
});

describe('rules', () => {
  test('are set for a user and a domain, shown, and taken back', async () => {
    expect(await tandem('presence', 'rule', '1001')).toBe(
      '1001@127.0.0.1 is watched by everyone in the domain; the other party of a call is hidden.\n',
    );
    expect(await tandem('presence', 'rule', `@${D}`, 'nobody')).toMatch(/^@127.0.0.1 is watched by nobody;/);
    const listed = ['--listed', '1002,@other.example', '--other-party', 'shown'];
    expect(await tandem('presence', 'rule', '1001', 'listed', ...listed)).toBe(
      '1001@127.0.0.1 is watched by 1002@127.0.0.1, @other.example; the other party of a call is shown.\n',
    );
    await office.stop();
    await office.start();
    expect(await tandem('presence', 'rules')).toBe(
      'OF              WATCHERS  OTHER PARTY  LISTED\n@127.0.0.1      nobody    hidden\n' +
        '1001@127.0.0.1  listed    shown        1002@127.0.0.1,@other.example\n',
    );
    expect(await tandem('presence', 'rule', '1002')).toMatch(/watched by nobody;/);
    await tandem('presence', 'rule', '1001', 'default');
    expect(await tandem('presence', 'rule', '1001')).toMatch(/watched by nobody;/);
  });

  test('end with their user', async () => {
    await tandem('presence', 'rule', '1001', 'nobody');
    await tandem('user', 'remove', '1001');
    await office.handle.admin.call('users.add', { number: '1001', password: 'x' });
    expect(await tandem('presence', 'rules')).toBe('');
    expect(await tandem('presence', 'rule', '1001')).toMatch(/by everyone/);
  });

  test.each([
    [['1999', 'nobody'], '1: There is no user 1999@127.0.0.1.\n'],
    [['@nowhere', 'nobody'], '1: There is no domain nowhere.\n'],
    [['1001', 'friends'], '2: Watchers are one of everyone, listed, nobody, default, not "friends".\n'],
    [['1001', 'nobody', '--listed', '1002'], '1: Only a rule for listed watchers lists any.\n'],
    [['1001', '--other-party', 'shown'], '2: Say who may watch: one of everyone, listed, nobody, default.\n'],
    [['1001', 'nobody', '--other-party', 'yes'], '2: --other-party is one of shown, hidden, not "yes".\n'],
  ])('%j is refused', async (words, sentence) => {
    expect(await tandem('presence', 'rule', ...words)).toBe(sentence);
  });
});

describe('lists', () => {
  test('are made, listed and removed', async () => {
    expect(await tandem('watchlist', 'set', 'sales', '1001,1002,1001')).toBe('sales@127.0.0.1 has 2 members.\n');
    expect(await tandem('watchlist', 'list')).toBe(
      'LIST             MEMBERS\nsales@127.0.0.1  1001@127.0.0.1 1002@127.0.0.1\n',
    );
    expect(await tandem('watchlist', 'remove', 'sales')).toBe('Removed the list sales@127.0.0.1.\n');
    expect(await tandem('watchlist', 'remove', 'sales')).toBe('1: There is no list sales@127.0.0.1.\n');
  });

  test.each([
    [['sales', '1999'], '1: There is no user 1999@127.0.0.1.\n'],
    [['1001', '1002'], '1: 1001@127.0.0.1 is a user: nobody could reach the list.\n'],
    [['all-users', '1002'], '1: The list all-users is there by itself.\n'],
  ])('%j is refused', async (words, sentence) => {
    expect(await tandem('watchlist', 'set', ...words)).toBe(sentence);
  });
});

test('subscriptions that were kept are listed, and ended', async () => {
  await office.stop();
  const { openStore } = await import('../../../../../proxy-core/node/store/index.ts');
  const store = await openStore({ dataDir: office.dataDir });
  const binding: Binding = bindingOf(aorOf('1002', D), 'sip:1002@127.0.0.1:9', { expiresAt: Date.now() + 60_000 });
  await store.location.replace(binding.aor, [binding]);
  store.subscriptions.put({
    ...{ key: 'c\nl\nr', package: 'presence', resource: `1002@${D}`, subscriber: aorOf('1001', D), device: '' },
    ...{ event: 'presence', highestSeq: 100, expiresAt: Date.now() + 60_000 },
    dialog: {
      ...{ state: 'confirmed', callId: 'c', localTag: 'l', remoteTag: 'r', routes: [], localSeq: 3, remoteSeq: 9 },
      ...{ local: '<sip:1002@127.0.0.1>;tag=l', remote: '<sip:1001@127.0.0.1>;tag=r' },
      remoteTarget: 'sip:1001@127.0.0.1:9',
    },
    hop: { transport: 'TCP', host: D, port: 9 },
  });
  store.close();
  await office.start();
  expect(await tandem('presence', 'show', '1002')).toContain('available');
  expect(await tandem('subscriptions', 'list')).toMatch(
    /^WATCHER .*\n1001@127.0.0.1 {2}presence {2}1002@127.0.0.1 {2}\d+ +sip:1001@127.0.0.1:9\n$/,
  );
  expect(await tandem('subscriptions', 'end', '1001')).toBe('Ended 1 subscription.\n');
  expect(await tandem('subscriptions', 'list')).toBe('');
});

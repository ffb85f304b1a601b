import { beforeEach, describe, expect, test } from 'vitest';
import type { HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, TestExchange } from '../../../../../support/exchange-parts.ts';
import { Watcher } from '../../../../../support/watching.ts';

const SUPPORTED: HeaderLine = ['Supported', 'eventlist'];
const at = (name: string): HeaderLine => ['To', `<sip:${name}@${DOMAIN}>`];
const PRESENCE: HeaderLine = ['Event', 'presence'];

let exchange: TestExchange;
beforeEach(() => {
  exchange = new TestExchange();
  exchange.users.add('1003', 'three').add('1004', 'four', 'other.example');
  exchange.bind('1002', 'sip:1002@192.0.2.62');
  exchange.lists.users = [`1001@${DOMAIN}`, `1002@${DOMAIN}`, `1003@${DOMAIN}`];
  exchange.lists.lists.set(`sales@${DOMAIN}`, [`1002@${DOMAIN}`, `1003@${DOMAIN}`, `1999@${DOMAIN}`]);
});

interface Told {
  readonly version: string;
  readonly isFull: string;
  /** `number state basic`, `-` where a state or document is absent. */
  readonly members: readonly string[];
}

/** Reads a body as a stranger would: parts by boundary and Content-ID. */
function read(type: string, body: string): Told {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? '';
  const start = /start="([^"]+)"/.exec(type)?.[1] ?? '';
  const pieces = body.split(`--${boundary}`);
  expect([pieces[0], pieces.at(-1)]).toEqual(['', '--\r\n']);
  const parts = new Map<string, string>();
  for (const piece of pieces.slice(1, -1)) {
    const [head = '', content = ''] = piece.split(/\r\n\r\n(.*)/s);
    parts.set(/Content-ID: (<[^>]+>)/.exec(head)?.[1] ?? '', content);
  }
  const rlmi = parts.get(start) ?? '';
  const [, version = '', isFull = ''] = /version="(\d+)" fullState="(\w+)"/.exec(rlmi) ?? [];
  const members = [...rlmi.matchAll(/<resource uri="sip:([^@]+)@[^"]+">(.*)<\/resource>/g)].map(
    ([, number, inside]) => {
      const state = /state="(\w+)"(?: reason="(\w+)")?/.exec(inside ?? '');
      const cid = /cid="([^"]+)"/.exec(inside ?? '')?.[1];
      const document = parts.get(`<${cid}>`);
      const basic = /<basic>(\w+)</.exec(document ?? '')?.[1] ?? /state="(\w+)" entity/.exec(document ?? '')?.[1];
      return `${number} ${state?.[2] ?? state?.[1] ?? '-'} ${basic ?? '-'}`;
    },
  );
  return { version, isFull, members };
}

const told = (watcher: Watcher): Told[] =>
  watcher.notifies.map(({ request }) => read(request.header(H.ContentType) ?? '', request.body));

describe('a list of the office', () => {
  test('is told whole, and then what changes', () => {
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, at('sales')]);
    expect([watcher.first.statuses, watcher.first.last.header(H.Require)]).toEqual([[200], 'eventlist']);
    expect(watcher.notifies[0]?.request.header(H.Require)).toBe('eventlist');
    watcher.answer();
    exchange.clock.advance(2_000);
    exchange.bind('1003', 'sip:1003@192.0.2.63');
    watcher.answer();
    expect(told(watcher)).toEqual([
      { version: '0', isFull: 'true', members: ['1002 active open', '1003 active closed', '1999 noresource -'] },
      { version: '1', isFull: 'false', members: ['1003 active open'] },
    ]);
    expect(exchange.parts.events.size).toBe(1);
  });

  test('of all users is there by itself, with calls too', () => {
    const watcher = new Watcher(exchange, '1001', 'one', [['Event', 'dialog'], SUPPORTED, at('all-users')]);
    expect(told(watcher)[0]?.members).toEqual(['1001 active full', '1002 active full', '1003 active full']);
  });

  test('says of whom nobody may watch that he is rejected, and shows him when that changes', () => {
    exchange.rules.rules.set(`1002@${DOMAIN}`, { watchers: 'nobody', listed: [], details: false });
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, at('sales')]);
    watcher.answer();
    exchange.rules.rules.clear();
    exchange.parts.events.subscriptions.rulesChanged();
    const members = told(watcher).map((one) => one.members[0]);
    expect(members).toEqual(['1002 rejected -', '1002 active open']);
  });

  test('takes in members that come and go when it is told whole', () => {
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, at('sales')]);
    watcher.answer();
    exchange.lists.lists.set(`sales@${DOMAIN}`, [`1003@${DOMAIN}`]);
    watcher.again([SUPPORTED]);
    watcher.answer();
    exchange.clock.advance(2_000);
    exchange.bind('1002');
    expect(told(watcher).map(({ members }) => members.length)).toEqual([3, 1]);
  });

  test('that is longer than a datagram is told in several', () => {
    const numbers = Array.from({ length: 150 }, (_, i) => `${2000 + i}`);
    for (const number of numbers) exchange.users.add(number, 'x');
    exchange.lists.lists.set(
      `many@${DOMAIN}`,
      numbers.map((number) => `${number}@${DOMAIN}`),
    );
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, at('many')]);
    for (let turn = 0; turn < 10; turn++) {
      watcher.answer();
      exchange.clock.advance(1_000);
    }
    const all = told(watcher);
    expect(all[0]?.members).toHaveLength(150);
    expect(all.length).toBeGreaterThan(1);
    const seen = all.flatMap(({ members }) => members.filter((member) => member.includes('active')));
    expect(new Set(seen).size).toBe(150);
    for (const { request } of watcher.notifies) expect(request.wire.length).toBeLessThan(60_000);
  });

  test('ends with its subscription, and leaves nothing', () => {
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, at('sales')]);
    watcher.answer();
    watcher.again([['Expires', '0']]);
    watcher.answer();
    exchange.bind('1003', 'sip:1003@192.0.2.63');
    expect([exchange.parts.events.size, watcher.notifies.length, exchange.clock.waiting]).toEqual([0, 2, 0]);
  });
});

describe('a list that the phone sends (RFC 5367)', () => {
  const TYPE: HeaderLine = ['Content-Type', 'application/resource-lists+xml'];
  const REQUIRE: HeaderLine = ['Require', 'recipient-list-subscribe'];
  const listOf = (...uris: string[]): string =>
    '<?xml version="1.0"?><resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>' +
    `${uris.map((uri) => `<entry uri="${uri}"/>`).join('')}</list></resource-lists>`;
  const ask = (body: string): Watcher =>
    new Watcher(exchange, '1001', 'one', [PRESENCE, SUPPORTED, TYPE, REQUIRE, at('friends')], body);

  test('is told of its members, by the addresses that it has', () => {
    const watcher = ask(listOf(`sip:1002@${DOMAIN}`, 'sip:1003@192.0.2.1', 'sip:x@elsewhere.example', 'mailto:a'));
    expect(watcher.first.statuses).toEqual([200]);
    expect(told(watcher)[0]?.members).toEqual(['1002 active open', '1003 active closed', 'x noresource -']);
    watcher.answer();
    expect(watcher.again([SUPPORTED]).statuses).toEqual([200]);
  });

  test.each([
    ['that is not XML', 'sip:1002', 400],
    ['of something else', '<a/>', 400],
    ['that is too long', listOf(...Array.from({ length: 401 }, (_, i) => `sip:${i}@h`)), 403],
    ['that is too large', listOf(`sip:${'x'.repeat(40_000)}@h`), 413],
  ])('%s is refused', (_what, body, status) => {
    expect(ask(body).first.statuses).toEqual([status]);
  });
});

describe('refused', () => {
  test.each<[string, HeaderLine[], number, [number, string]?]>([
    ['a phone that knows no lists', [at('sales')], 421, [H.Require, 'eventlist']],
    [
      'a phone that takes no lists',
      [at('sales'), SUPPORTED, ['Accept', 'application/pidf+xml']],
      406,
      [H.Accept, 'multipart/related, application/rlmi+xml, application/pidf+xml'],
    ],
    ['a list that is not there', [at('nowhere'), SUPPORTED], 404],
  ])('%s', (_what, headers, status, header) => {
    const watcher = new Watcher(exchange, '1001', 'one', [PRESENCE, ...headers]);
    expect(watcher.first.statuses).toEqual([status]);
    if (header !== undefined) expect(watcher.first.last.header(header[0] as typeof H.Accept)).toBe(header[1]);
  });

  test('more than four lists of one user, and a list of a thousand', () => {
    const ask = (call: number, name = 'sales'): number =>
      exchange.receiveFrom('1001', 'one', 'SUBSCRIBE', `sip:${name}@${DOMAIN}`, [
        ...[PRESENCE, SUPPORTED, ['Contact', `<sip:1001@192.0.2.50:${call}>`] as const],
      ]).last.status;
    expect([1, 2, 3, 4, 5].map((call) => ask(call))).toEqual([200, 200, 200, 200, 403]);
    exchange.lists.users = Array.from({ length: 1_000 }, (_, i) => `${i}@${DOMAIN}`);
    exchange.sent[0]?.answer(481);
    expect(ask(6, 'all-users')).toBe(403);
  });
});

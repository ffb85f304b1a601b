/** The mode of the exchange, of a domain and of a user: the nearest one decides (RFC 3261 §16.2, §16.11, §8.3). */
import { beforeEach, describe, expect, test } from 'vitest';
import { nodeHashes } from '../../../../proxy-core/node/hashes.ts';
import { noHandling } from '../../../../proxy-core/server/divert/call-handling.ts';
import { ModeSwitch } from '../../../../proxy-core/server/mode-switch.ts';
import type { ExchangeMode } from '../../../../proxy-core/server/settings.ts';
import { StatelessProxy } from '../../../../proxy-core/server/stateless.ts';
import { buildResponse, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../support/exchange-parts.ts';

const URI = `sip:1001@${DOMAIN}`;
const USER = `1001@${DOMAIN}`;
const LIKE_1001 = ['Via', 'Call-ID', 'From'] as const;

let exchange: TestExchange;
let modes: ModeSwitch;
let stateless: SipRequest[];
let stateful: SipRequest[];
let passed: number;

function open(mode: ExchangeMode, own: Readonly<Record<string, ExchangeMode>>, parts: object = {}): void {
  exchange = new TestExchange({ mode }, parts);
  for (const [who, its] of Object.entries(own)) exchange.users.modes.set(who, its);
  exchange.bind('1001', 'sip:1001@192.0.2.61:5066');
  stateless = [];
  stateful = [];
  passed = 0;
  const proxy = new StatelessProxy({
    parts: exchange.parts,
    transport: {
      viaFor: (hop, branch) => `SIP/2.0/${hop.transport} ${SELF};branch=${branch};rport`,
      send: (request) => void stateless.push(request),
      sendResponse: () => void passed++,
    },
    hash: nodeHashes.sha256,
    secret: 'secret',
  });
  modes = new ModeSwitch(exchange.parts, proxy, {
    requestReceived: (request) => void stateful.push(request),
    responseReceived: () => undefined,
    flowClosed: () => undefined,
  });
}

/** Who decides: user, domain, exchange; and whether the call is then stateless. */
const decided: [exchange: ExchangeMode, own: Readonly<Record<string, ExchangeMode>>, isStateless: boolean][] = [
  ['proxy', {}, false],
  ['stateless', {}, true],
  ['proxy', { [USER]: 'stateless' }, true],
  ['proxy', { [DOMAIN]: 'stateless' }, true],
  ['proxy', { [DOMAIN]: 'stateless', [USER]: 'proxy' }, false],
  ['proxy', { [DOMAIN]: 'stateless', [USER]: 'redirect' }, false],
  ['proxy', { [`1002@${DOMAIN}`]: 'stateless' }, false],
  ['stateless', { [USER]: 'proxy' }, false],
  ['stateless', { [DOMAIN]: 'redirect' }, false],
  ['redirect', { [USER]: 'stateless' }, true],
];
test.each(decided)('%s with %o: stateless is %s', (mode, own, isStateless) => {
  open(mode, own);
  modes.requestReceived(exchange.request('INVITE', URI), source);
  expect([stateless.length, stateful.length]).toEqual(isStateless ? [1, 0] : [0, 1]);
});

describe('a stateless user of a stateful exchange', () => {
  beforeEach(() => open('proxy', { [USER]: 'stateless' }));

  test('CANCEL and the ACK to a failure take the same way as their INVITE', () => {
    const invite = exchange.request('INVITE', URI);
    const same = LIKE_1001.map((name): HeaderLine => [name, invite.headers.named(name) ?? '']);
    modes.requestReceived(invite, source);
    modes.requestReceived(exchange.request('CANCEL', URI, same), source);
    modes.requestReceived(exchange.request('ACK', URI, [...same, ['To', `<${URI}>;tag=x`]]), source);
    expect(stateless.map(({ method }) => method)).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(new Set(stateless.map(({ via }) => via.branch)).size).toBe(1);
  });

  test('answers go back the same way', () => {
    modes.requestReceived(exchange.request('INVITE', URI), source);
    const [request] = stateless;
    if (request === undefined) throw new Error('nothing was sent');
    modes.responseReceived(buildResponse(request, 200, { toTag: 'callee' }), source);
    expect(passed).toBe(1);
  });

  test('REGISTER, OPTIONS to us and calls to others take transactions', () => {
    modes.requestReceived(exchange.request('REGISTER', `sip:${DOMAIN}`), source);
    modes.requestReceived(exchange.request('OPTIONS', `sip:${SELF}`), source);
    modes.requestReceived(exchange.request('INVITE', `sip:1002@${DOMAIN}`), source);
    modes.requestReceived(exchange.request('INVITE', 'sip:a@192.0.2.99'), source);
    expect([stateless.length, stateful.length]).toEqual([0, 4]);
  });

  test('calls take transactions while the office routes them itself', () => {
    open('proxy', { [USER]: 'stateless' }, { route: { step: () => undefined } });
    modes.requestReceived(exchange.request('INVITE', URI), source);
    expect([stateless.length, stateful.length]).toEqual([0, 1]);
  });
});

describe('redirection', () => {
  test('of one user only', () => {
    open('proxy', { [USER]: 'redirect' });
    exchange.bind('1002', 'sip:1002@192.0.2.62');
    const { last } = exchange.receive('INVITE', URI);
    expect([last.status, last.list(H.Contact)]).toEqual([302, ['<sip:1001@192.0.2.61:5066>']]);
    expect(exchange.receive('INVITE', `sip:1002@${DOMAIN}`).statuses).toEqual([100]);
  });

  test('not of a user who is carried as ever by an exchange that redirects', () => {
    open('redirect', { [USER]: 'proxy' });
    expect(exchange.receive('INVITE', URI).statuses).toEqual([100]);
    expect(exchange.receive('INVITE', `sip:1002@${DOMAIN}`).statuses).toEqual([480]);
  });
});

test('what is kept, dialled to us or goes elsewhere by somebody’s wish is never stateless', () => {
  open('stateless', {});
  const take = (method: string, uri: string): void => void modes.requestReceived(exchange.request(method, uri), source);
  take('MESSAGE', URI);
  take('INVITE', `sip:*78@${DOMAIN}`);
  take('INVITE', `sip:%2321%23@${DOMAIN}`);
  expect([stateful.length, stateless.length]).toEqual([3, 0]);
  take('INVITE', URI);
  expect([stateful.length, stateless.length]).toEqual([3, 1]);
  exchange.callHandling.set({ number: '1001', domain: DOMAIN }, { ...noHandling, doNotDisturb: true });
  // All that belongs to one call goes the same way.
  for (const method of ['INVITE', 'ACK', 'CANCEL']) take(method, URI);
  expect([stateful.length, stateless.length]).toEqual([6, 1]);
});

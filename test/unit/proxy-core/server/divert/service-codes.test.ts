/** The codes that people dial, as phones send them. */
import { describe, expect, test } from 'vitest';
import { noHandling } from '../../../../../proxy-core/server/divert/call-handling.ts';
import { readServiceCode, tellCode } from '../../../../../proxy-core/server/divert/service-codes.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../../support/exchange-parts.ts';

const forward = (when: string, to: string, seconds?: number) => ({
  kind: 'change',
  change: { kind: 'forward', when, to, seconds },
});
const clear = (when?: string) => ({ kind: 'change', change: { kind: 'clear', when } });
const disturb = (on: boolean) => ({ kind: 'change', change: { kind: 'do-not-disturb', on } });

test.each([
  ['*21*1003#', forward('always', '1003')],
  ['*21*1003', forward('always', '1003')],
  ['**21*1003#', forward('always', '1003')],
  ['*67*+4930123#', forward('busy', '+4930123')],
  ['*61*1003#', forward('no-answer', '1003')],
  ['*61*1003*30#', forward('no-answer', '1003', 30)],
  ['**61*1003**30#', forward('no-answer', '1003', 30)],
  ['*62*1003#', forward('unreachable', '1003')],
  ['#21#', clear('always')],
  ['##67#', clear('busy')],
  ['#61', clear('no-answer')],
  ['##002#', clear()],
  ['*#21#', { kind: 'ask', about: 'always' }],
  ['*#002#', { kind: 'ask', about: 'all' }],
  ['*#26#', { kind: 'ask', about: 'do-not-disturb' }],
  ['*26#', disturb(true)],
  ['#26#', disturb(false)],
  ['*78', disturb(true)],
  ['*79', disturb(false)],
  ['*21#', { kind: 'incomplete' }],
  ['*21*#', { kind: 'incomplete' }],
  ['*002*1003#', { kind: 'incomplete' }],
  ['1003', undefined],
  ['*43', undefined],
  ['*2', undefined],
  ['#', undefined],
  ['*78123', undefined],
  ['21*1003#', undefined],
  [`*21*${'1'.repeat(80)}#`, undefined],
])('%s', (dialled, code) => {
  expect(readServiceCode(dialled)).toEqual(code);
});

test('what stands is told in a few words', () => {
  const now = { ...noHandling, doNotDisturb: true, forwards: { always: '1003', 'no-answer': '1004' } };
  expect(tellCode({ kind: 'ask', about: 'all' }, now)).toBe(
    'Forwarding Always To 1003; Forwarding On No Answer After 20 s To 1004',
  );
  expect(tellCode({ kind: 'ask', about: 'busy' }, now)).toBe('Forwarding When Busy Off');
  expect(tellCode({ kind: 'ask', about: 'all' }, noHandling)).toBe('No Forwarding');
  expect(tellCode({ kind: 'ask', about: 'do-not-disturb' }, now)).toBe('Do Not Disturb On');
});

describe('dialled at a phone', () => {
  const user = { number: '1001', domain: DOMAIN };
  const dial = (exchange: TestExchange, code: string): Incoming =>
    exchange.receiveFrom('1001', 'one', 'INVITE', `sip:${code.replaceAll('#', '%23')}@${DOMAIN}`);

  test('it holds at once, the phone shows it, and a message says the same', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
    const invite = dial(exchange, '*21*1002#');
    expect(invite.last.status).toBe(480);
    expect(invite.last.reason).toBe('Forwarding Always To 1002');
    expect(invite.last.header(H.Warning)).toContain('"Forwarding Always To 1002"');
    expect(exchange.callHandling.find(user)?.forwards).toEqual({ always: '1002' });
    expect(exchange.out(0).request.method).toBe('MESSAGE');
    expect(exchange.out(0).request.body).toBe('Forwarding Always To 1002.');
    expect(dial(exchange, '#21#').last.reason).toBe('Forwarding Always Off');
    expect(exchange.callHandling.find(user)?.forwards).toEqual({});
  });

  test('a program sends it as a message, and nobody is told by one', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
    const send = (code: string) => exchange.receiveFrom('1001', 'one', 'MESSAGE', `sip:${code}@${DOMAIN}`);
    const on = send('*78');
    expect([on.last.status, on.last.reason]).toEqual([200, 'Do Not Disturb On']);
    expect(exchange.callHandling.find(user)?.doNotDisturb).toBe(true);
    expect(send('*79').last.status).toBe(200);
    expect(exchange.callHandling.find(user)?.doNotDisturb ?? false).toBe(false);
    expect(send('*21*1999%23').last.status).toBe(403);
    expect(exchange.sent).toEqual([]);
  });

  test('to ask changes nothing and sends no message', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
    expect(dial(exchange, '*#21#').last.reason).toBe('Forwarding Always Off');
    expect(exchange.sent).toEqual([]);
    expect(exchange.callHandling.isEmpty).toBe(true);
  });

  test.each([
    ['a number that nobody here has', '*21*1999#', 403],
    ['himself', '*21*1001#', 482],
    ['nobody', '*21#', 484],
    ['someone after no time at all', '*61*1002*2#', 484],
  ])('to %s it is refused, and nothing changes', (_whom, code, status) => {
    const exchange = new TestExchange();
    expect(dial(exchange, code).last.status).toBe(status);
    expect(exchange.callHandling.isEmpty).toBe(true);
  });

  test('a circle is refused when it is entered', () => {
    const exchange = new TestExchange();
    exchange.users.add('1003', 'three');
    exchange.callHandling.set({ number: '1002', domain: DOMAIN }, { ...noHandling, forwards: { busy: '1003' } });
    exchange.callHandling.set({ number: '1003', domain: DOMAIN }, { ...noHandling, forwards: { always: '1001' } });
    const invite = dial(exchange, '*21*1002#');
    expect(invite.last.status).toBe(482);
    expect(invite.last.reason).toBe('Calls would go round in a circle: 1001, 1002, 1003, 1001');
    expect(exchange.callHandling.find(user)).toBeUndefined();
  });

  test('what cannot be kept is told', () => {
    const exchange = new TestExchange();
    exchange.callHandling.fault = new Error('the disk is full');
    expect(dial(exchange, '*78').last.status).toBe(500);
  });

  test('strangers, other codes and users of that number go their way', () => {
    const exchange = new TestExchange();
    expect(exchange.receive('INVITE', `sip:*78@${DOMAIN}`).last.status).toBe(404);
    expect(dial(exchange, '*43').last.status).toBe(404);
    exchange.users.add('*78', 'x');
    exchange.bind('*78', 'sip:1001@192.0.2.61:5060');
    dial(exchange, '*78');
    expect(exchange.sent).toHaveLength(1);
    expect(exchange.callHandling.isEmpty).toBe(true);
  });
});

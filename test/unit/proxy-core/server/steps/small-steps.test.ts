/** The steps that need few words: limits, options, cancel. */
import { describe, expect, test } from 'vitest';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, SELF, TestExchange } from '../../../../support/exchange-parts.ts';

describe('limits', () => {
  test('beyond the limit new requests are put off, and what ends a call is not', () => {
    const exchange = new TestExchange({ maxTransactions: 10 });
    exchange.size.open = 11;
    const incoming = exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    expect(incoming.statuses).toEqual([503]);
    expect(Number(incoming.last.header(H.RetryAfter))).toBeGreaterThan(0);
    expect(exchange.receive('BYE', `sip:1001@${DOMAIN}`).statuses).not.toContain(503);
  });

  test('calls that are open go on: their re-INVITE passes', () => {
    const exchange = new TestExchange({ maxTransactions: 10 });
    exchange.bind('1001', 'sip:1001@192.0.2.61');
    exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    const { request } = exchange.out(0);
    exchange.out(0).answer(200, { headers: [['Contact', '<sip:1001@192.0.2.61>']] });
    exchange.size.open = 11;
    exchange.receive('INVITE', 'sip:1001@192.0.2.61', [
      ['Route', request.header(H.RecordRoute) ?? ''],
      ['Call-ID', request.callId],
      ['To', `<sip:1001@${DOMAIN}>;tag=5060`],
      ['CSeq', '2 INVITE'],
    ]);
    expect(exchange.sent).toHaveLength(2);
  });

  test('without memory or time left it is the same', () => {
    const exchange = new TestExchange({}, { isOverloaded: () => true });
    for (const method of ['INVITE', 'REGISTER', 'MESSAGE']) {
      expect(exchange.receive(method, `sip:1001@${DOMAIN}`).statuses).toEqual([503]);
    }
    expect(exchange.receive('BYE', `sip:1001@${DOMAIN}`).statuses).not.toContain(503);
    // Who signs off is not left registered: calls would ring where nobody is.
    expect(exchange.receive('REGISTER', `sip:${DOMAIN}`, [['Expires', '0']]).statuses).not.toContain(503);
  });

  test('a closing exchange begins nothing new', () => {
    const exchange = new TestExchange();
    exchange.exchange.drain();
    expect(exchange.receive('INVITE', `sip:1001@${DOMAIN}`).statuses).toEqual([503]);
  });
});

describe('options', () => {
  test.each([`sip:${DOMAIN}`, `sip:${SELF}`, `sip:${SELF}:5060;transport=udp`])('%s is us', (uri) => {
    const incoming = new TestExchange().receive('OPTIONS', uri);
    expect(incoming.statuses).toEqual([200]);
    expect(incoming.last.header(H.Allow)).toContain('REGISTER');
    expect(incoming.last.header(H.Supported)).toBe('path, outbound, gruu');
  });

  test('one for a user goes to the user', () => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
    expect(exchange.receive('OPTIONS', `sip:1001@${DOMAIN}`).statuses).toEqual([]);
    expect(exchange.out(0).request.method).toBe('OPTIONS');
  });

  test('one that may go no further is answered here', () => {
    const exchange = new TestExchange();
    expect(exchange.receive('OPTIONS', `sip:1001@${DOMAIN}`, [['Max-Forwards', '0']]).statuses).toEqual([200]);
  });
});

describe('cancel', () => {
  test('one of nothing pending is told so', () => {
    expect(new TestExchange().receive('CANCEL', `sip:1001@${DOMAIN}`).statuses).toEqual([481]);
  });

  test('a request that still waits for a step is ended at once', () => {
    const exchange = new TestExchange({}, { resolve: () => new Promise(() => undefined) });
    exchange.bind('1001', 'sip:1001@phone.example');
    const invite = exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    const cancel = exchange.receiveRequest(exchange.request('CANCEL', `sip:1001@${DOMAIN}`), undefined, invite);
    expect(cancel.statuses).toEqual([200]);
    expect(invite.statuses).toEqual([100, 487]);
  });
});

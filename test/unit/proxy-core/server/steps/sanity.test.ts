import { describe, expect, test } from 'vitest';
import { LoopMarks } from '../../../../../proxy-core/server/loop-mark.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, TestExchange } from '../../../../support/exchange-parts.ts';

const refused: [what: string, method: string, uri: string, headers: HeaderLine[], status: number][] = [
  ['a scheme that is not SIP', 'INVITE', 'tel:+4912345', [], 416],
  ['a request that may go no further', 'INVITE', `sip:1001@${DOMAIN}`, [['Max-Forwards', '0']], 483],
  ['a REGISTER for others that may go no further', 'REGISTER', 'sip:192.0.2.99', [['Max-Forwards', '0']], 483],
  ['a malformed Max-Forwards', 'INVITE', `sip:1001@${DOMAIN}`, [['Max-Forwards', 'many']], 400],
  ['a Max-Forwards beyond 255', 'INVITE', `sip:1001@${DOMAIN}`, [['Max-Forwards', '256']], 400],
  ['an extension that the proxy must know', 'INVITE', `sip:1001@${DOMAIN}`, [['Proxy-Require', 'foo, bar']], 420],
];

describe('what nobody can handle is refused', () => {
  test.each(refused)('%s', (_what, method, uri, headers, status) => {
    const exchange = new TestExchange();
    exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
    expect(exchange.receive(method, uri, headers).statuses).toEqual([status]);
    expect(exchange.sent).toEqual([]);
  });

  test('420 names what is not supported', () => {
    const incoming = new TestExchange().receive('INVITE', `sip:1001@${DOMAIN}`, [['Proxy-Require', 'foo, bar']]);
    expect(incoming.last.header(H.Unsupported)).toBe('foo, bar');
  });
});

test('a request that comes back unchanged is a loop; one that comes back for another target goes on', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
  exchange.bind('1002', 'sip:1002@192.0.2.62:5060');
  const invite = exchange.request('INVITE', `sip:1001@${DOMAIN}`);
  exchange.receiveRequest(invite);
  const via = exchange.out(0).request.list(H.Via);
  const again: HeaderLine[] = [
    ...via.map((value): HeaderLine => ['Via', value]),
    ['From', invite.header(H.From) ?? ''],
    ['To', invite.header(H.To) ?? ''],
    ['Call-ID', invite.callId],
    ['CSeq', '1 INVITE'],
  ];
  expect(exchange.receive('INVITE', `sip:1001@${DOMAIN}`, again).statuses).toEqual([482]);
  expect(exchange.receive('INVITE', `sip:1002@${DOMAIN}`, again).statuses).toEqual([100]);
});

test('what another exchange of our make has sent on is no loop', () => {
  const there = new TestExchange({}, { loopMarks: new LoopMarks('another secret') });
  there.receiveFrom('1001', 'one', 'INVITE', 'sip:1001@192.0.2.77');
  const { request } = there.out(0);
  const here = new TestExchange();
  here.bind('1001', 'sip:1001@192.0.2.61:5060');
  expect(here.parts.loopMarks.isLoop(request)).toBe(false);
  expect(there.parts.loopMarks.isLoop(request)).toBe(true);
});

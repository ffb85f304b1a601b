/** The way back in Contacts, request by request: who gets one, who may use one. */
import { beforeEach, describe, expect, test } from 'vitest';
import { FLOW_PARAM } from '../../../../../proxy-core/server/nat/flow-token.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipMessage } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import type { Source } from '../../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, source, TestExchange } from '../../../../support/exchange-parts.ts';

const BEN = `sip:1002@${DOMAIN}`;
const hidden: Source = { ...source, host: '198.51.100.7', port: 40_000 };
const behindNat = { contact: 'sip:1002@10.0.0.9:5060', received: 'udp:203.0.113.9:41000', listener: source.listener };

let exchange: TestExchange;

beforeEach(() => {
  exchange = new TestExchange();
  exchange.bind('1002', behindNat);
});

const contactOf = (message: SipMessage): string => message.header(H.Contact) ?? '';
const from = (contact: string): HeaderLine[] => [
  ['Via', 'SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKx;rport'],
  ['Contact', contact],
];

describe('a request from behind a NAT', () => {
  test.each(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY', 'UPDATE'])('%s tells the way it came', (method) => {
    exchange.receive(method, BEN, from('"Anna" <sip:1001@10.0.0.7:5060;ob>;expires=60'), hidden);
    const token = exchange.parts.nat.flows.make(hidden);
    expect(contactOf(exchange.out(0).request)).toBe(
      `"Anna" <sip:1001@10.0.0.7:5060;ob;${FLOW_PARAM}=${token}>;expires=60`,
    );
  });

  test('keeps a GRUU, and a Contact that is a list or none, as they are', () => {
    for (const contact of [`<sip:1001@${DOMAIN};gr=x>`, '<sip:a@10.0.0.7>, <sip:b@10.0.0.7>', '*', 'rubbish <']) {
      exchange.receive('INVITE', BEN, from(contact), hidden);
      expect(contactOf(exchange.out(exchange.sent.length - 1).request)).toBe(contact);
    }
  });

  test('is told apart from another port of ours only by what nobody can make up', () => {
    exchange.receive('INVITE', BEN, from('<sip:1001@10.0.0.7;nat=udp~192.0.2.99~9~~~0123456789abcdef>'), hidden);
    expect(contactOf(exchange.out(0).request)).toContain('nat=udp~198.51.100.7~40000~');
    expect(contactOf(exchange.out(0).request)).not.toContain('192.0.2.99');
  });
});

describe('a response from behind a NAT', () => {
  const answered = (status: number, contact: string): string => {
    const call = exchange.receive('INVITE', BEN);
    exchange.out(exchange.sent.length - 1).answer(status, { headers: [['Contact', contact]] });
    return contactOf(call.last);
  };

  test.each([180, 183, 200, 202])('%i tells the way to the phone', (status) => {
    expect(answered(status, '<sip:1002@10.0.0.9:5060>')).toContain(`;${FLOW_PARAM}=udp~203.0.113.9~41000~`);
  });

  test('a redirection names others and is left alone', () => {
    expect(answered(302, '<sip:1003@10.0.0.12>')).toBe('<sip:1003@10.0.0.12>');
  });

  test('a public Contact elsewhere is deliberate', () => {
    expect(answered(200, '<sip:1002@192.0.2.200>')).toBe('<sip:1002@192.0.2.200>');
  });
});

describe('a Request-URI with a way of ours', () => {
  const uri = (host = '203.0.113.9'): string => {
    const token = exchange.parts.nat.flows.make({ ...hidden, host, port: 41_000 });
    return `sip:1002@10.0.0.9:5060;${FLOW_PARAM}=${token}`;
  };

  test('may be used by a user of ours outside the dialog: an attended transfer names it', () => {
    exchange.receiveFrom('1001', 'one', 'INVITE', uri());
    expect(exchange.out(0).hop).toMatchObject({ host: '203.0.113.9', port: 41_000, listener: source.listener });
    expect(exchange.out(0).request.uriText).toBe('sip:1002@10.0.0.9:5060');
  });

  test('is no door for TCP, however long the request: only its own datagrams made it', () => {
    exchange.receiveFrom('1001', 'one', 'INVITE', uri(), [['X-Long', 'x'.repeat(2_000)]]);
    expect(exchange.out(0).hop).toMatchObject({ transport: 'UDP', host: '203.0.113.9' });
  });

  test('is no way for strangers', () => {
    expect(exchange.receive('INVITE', uri()).statuses).toEqual([403]);
    expect(exchange.sent).toEqual([]);
  });

  test('changed by a single digit leads only where the address itself does', () => {
    exchange.receiveFrom('1001', 'one', 'INVITE', uri().replace('203.0.113.9', '203.0.113.8'));
    expect(exchange.out(0).hop).toMatchObject({ host: '10.0.0.9', port: 5060 });
  });

  test('goes on unread while there are other routes to visit', () => {
    exchange.receiveFrom('1001', 'one', 'INVITE', uri(), [['Route', '<sip:192.0.2.77;lr>']]);
    expect(exchange.out(0).hop.host).toBe('192.0.2.77');
    expect(exchange.out(0).request.uriText).toBe(uri());
  });
});

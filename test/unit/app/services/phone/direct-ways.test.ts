/** Where an account without a registrar sends to, and that strangers cannot aim it at this computer. */
import { expect, test } from 'vitest';
import { DirectWays } from '../../../../../app/services/phone/direct-ways.ts';
import { buildRequest } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import type { Source } from '../../../../../proxy-core/sip/transport/port.ts';

const request = (method: string, uri: string, to = '<sip:b@there>', contact?: string) =>
  buildRequest({
    method,
    uri,
    via: 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1',
    from: '<sip:a@here>;tag=1',
    to,
    callId: 'call',
    cseq: 1,
    headers: contact === undefined ? [] : [[H.Contact, contact]],
  });
const from = (host: string): Source => ({ transport: 'UDP', host, port: 5060, listener: 'x' }) as Source;

test('what begins something goes to the address that was called, a REGISTER nowhere', () => {
  const ways = new DirectWays();
  expect(ways.destination(request('INVITE', 'sip:b@192.0.2.7:5070'))).toMatchObject({
    to: 'uri',
    uri: { host: '192.0.2.7', port: 5070 },
  });
  expect(ways.destination(request('REGISTER', 'sip:192.0.2.7'))).toMatchObject({ to: 'nowhere' });
  expect(ways.destination(request('INVITE', 'tel:+4930'))).toMatchObject({ to: 'nowhere' });
});

test('in a call only to where the other side asked to be reached', () => {
  const ways = new DirectWays();
  ways.heard(request('INVITE', 'sip:a@x', undefined, '<sip:b@192.0.2.7:5070>'), from('192.0.2.7'), false);
  expect(ways.destination(request('BYE', 'sip:b@192.0.2.7:5070', '<sip:b@there>;tag=2'))).toMatchObject({ to: 'uri' });
  expect(ways.destination(request('BYE', 'sip:b@192.0.2.8', '<sip:b@there>;tag=2'))).toMatchObject({ to: 'nowhere' });
});

test('a stranger elsewhere cannot have anything sent to this computer; somebody on it can, and so can the person', () => {
  const bye = request('BYE', 'sip:b@127.0.0.1:631', '<sip:b@there>;tag=2');
  const ways = new DirectWays();
  ways.heard(request('INVITE', 'sip:a@x', undefined, '<sip:b@127.0.0.1:631>'), from('192.0.2.7'), false);
  ways.sending('call');
  expect(ways.mayStayHere(bye)).toBe(false);
  ways.heard(request('INVITE', 'sip:a@x', undefined, '<sip:b@127.0.0.1:631>'), from('127.0.0.1'), false);
  expect(ways.mayStayHere(bye)).toBe(true);
  expect(new DirectWays().mayStayHere(request('INVITE', 'sip:b@127.0.0.1:5062'))).toBe(true);
});

/** Who is behind a NAT, from Via, Contact and where the message came from. */
import { expect, test } from 'vitest';
import { senderOf } from '../../../../../proxy-core/server/nat/detect.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import type { FlowId, Source, TransportName } from '../../../../../proxy-core/sip/transport/port.ts';

function sourceOf(text: string): Source {
  const [, name = '', host = '', port = ''] = /^(\w+) \[?([^\]]+)\]?:(\d+)$/.exec(text) ?? [];
  return {
    transport: name as TransportName,
    host,
    port: Number(port),
    flow: 'flow' as FlowId,
    listener: 'udp://192.0.2.1:5060',
  };
}

function request(via: string, contact: string): SipRequest {
  const parsed = parseMessage(
    `INVITE sip:1002@office.example SIP/2.0\r\nVia: ${via}\r\nFrom: <sip:a@b.example>;tag=1\r\nTo: <sip:c@d.example>\r\n` +
      `Call-ID: 1\r\nCSeq: 1 INVITE\r\n${contact === '' ? '' : `Contact: ${contact}\r\n`}Content-Length: 0\r\n\r\n`,
  );
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value as SipRequest;
}

const udp = (sentBy: string, rport = true): string => `SIP/2.0/UDP ${sentBy};branch=z9hG4bK1${rport ? ';rport' : ''}`;

const cases: [what: string, source: string, via: string, contact: string, isNated: boolean, isHidden: boolean][] = [
  ['says what is so', 'UDP 192.0.2.7:5060', udp('192.0.2.7'), '<sip:a@192.0.2.7>', false, false],
  [
    'says what is so, with its port',
    'UDP 192.0.2.7:5066',
    udp('192.0.2.7:5066'),
    '<sip:a@192.0.2.7:5066>',
    false,
    false,
  ],
  ['in one network with us', 'UDP 10.0.0.7:5060', udp('10.0.0.7'), '<sip:a@10.0.0.7>', false, false],
  [
    'over IPv6, written differently',
    'UDP [2001:db8::7]:5060',
    udp('[2001:DB8:0::7]'),
    '<sip:a@[2001:db8:0:0::7]>',
    false,
    false,
  ],
  ['behind a NAT', 'UDP 192.0.2.7:40001', udp('10.0.0.7'), '<sip:a@10.0.0.7:5060>', true, true],
  ['behind a NAT inside our network', 'UDP 192.168.1.77:40001', udp('10.0.0.7'), '<sip:a@10.0.0.7>', true, true],
  ['behind carrier grade NAT', 'UDP 192.0.2.7:40001', udp('100.64.0.7'), '<sip:a@100.64.0.7>', true, true],
  ['whose router rewrote the Via only', 'UDP 192.0.2.7:40001', udp('192.0.2.7:40001'), '<sip:a@10.0.0.7>', true, true],
  [
    'that asked STUN for another port',
    'UDP 192.0.2.7:40001',
    udp('192.0.2.7:40000'),
    '<sip:a@192.0.2.7:40000>',
    true,
    true,
  ],
  [
    'that listens on another port of its own network',
    'UDP 10.0.0.7:40001',
    udp('10.0.0.7:5060'),
    '<sip:a@10.0.0.7>',
    false,
    false,
  ],
  [
    'that sends from another port and says so',
    'UDP 192.0.2.7:40001',
    udp('192.0.2.7:5060', false),
    '<sip:a@192.0.2.7>',
    false,
    false,
  ],
  ['behind a NAT without a Contact', 'UDP 192.0.2.7:40001', udp('10.0.0.7'), '', true, false],
  ['with a GRUU', 'UDP 192.0.2.7:40001', udp('10.0.0.7'), '<sip:a@office.example;gr=1>', true, false],
  [
    'that has calls answered by another server',
    'UDP 192.0.2.7:5060',
    udp('192.0.2.7'),
    '<sip:a@192.0.2.8>',
    false,
    false,
  ],
  ['a longer address that begins alike', 'UDP 192.0.2.7:5060', udp('192.0.2.7'), '<sip:a@192.0.2.77>', false, false],
  ['by a name', 'UDP 192.0.2.7:5060', udp('phone.example'), '<sip:a@phone.example>', false, false],
  [
    'behind another proxy',
    'UDP 192.0.2.7:5060',
    `${udp('192.0.2.7')}, ${udp('10.0.0.7')}`,
    '<sip:a@10.0.0.7>',
    false,
    false,
  ],
  [
    'over TCP from its network',
    'TCP 10.0.0.7:40001',
    'SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bK1',
    '<sip:a@10.0.0.7;transport=tcp>',
    false,
    false,
  ],
  [
    'over TCP from behind a NAT',
    'TCP 192.0.2.7:40001',
    'SIP/2.0/TCP 10.0.0.7;branch=z9hG4bK1',
    '<sip:a@10.0.0.7;transport=tcp>',
    true,
    true,
  ],
  [
    'over WebSocket',
    'WSS 192.0.2.7:40001',
    'SIP/2.0/WSS x.invalid;branch=z9hG4bK1',
    '<sip:a@x.invalid;transport=ws>',
    false,
    true,
  ],
];

test.each(cases)('a sender %s', (_what, source, via, contact, isNated, isHidden) => {
  const sender = senderOf(request(via, contact), sourceOf(source));
  expect([sender.isNated, sender.hidden !== undefined]).toEqual([isNated, isHidden]);
});

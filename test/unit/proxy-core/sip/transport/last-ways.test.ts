/** Answers whose connection is gone: which get a last try, how many of them at once, and what is told in the end. */
import { expect, test } from 'vitest';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { parseVia } from '../../../../../proxy-core/sip/message/via.ts';
import { TransportLayer, wayBack } from '../../../../../proxy-core/sip/transport/layer.ts';
import type { FlowId, Hop, TransportFailure, TransportName } from '../../../../../proxy-core/sip/transport/port.ts';

const parsed = parseMessage(
  'INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/TCP pbx.example;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
);
if (!parsed.ok) throw new Error(parsed.error.reason);
const request = parsed.value as SipRequest;

const at = (host: string, transport: TransportName = 'TCP'): Hop => ({ transport, host, port: 5060 });

/** @param alive hosts that take what is sent to them. */
function layer(known: readonly Hop[], alive: readonly string[]) {
  const sent: string[] = [];
  const asked: ((hops: readonly Hop[]) => void)[] = [];
  const subject = new TransportLayer({
    port: {
      send: ({ host }, _wire, failed) => {
        sent.push(host);
        if (!alive.includes(host)) failed({ reason: `${host} is gone` });
      },
      sentBy: ({ transport }) => ({ transport, sentBy: '192.0.2.1' }),
      isReliable: (transport) => transport !== 'UDP',
    },
    random: (bytes) => 'ab'.repeat(bytes),
    sink: { requestReceived: () => undefined, responseReceived: () => undefined, flowClosed: () => undefined },
    findSentBy: (_via, _tried, found) => void asked.push(found),
  });
  const faults: string[] = [];
  const failed = ({ reason }: TransportFailure): void => void faults.push(reason);
  const answer = (status: number, hop = at('one')): void =>
    subject.sendBack(buildResponse(request, status, { toTag: 'x' }), hop, failed);
  const find = (): void => {
    for (const found of asked.splice(0)) found(known);
  };
  return { sent, faults, asked, answer, find };
}

test('one after another, two at most', () => {
  const { sent, faults, answer, find } = layer([at('two'), at('three'), at('four')], ['four']);
  answer(200);
  find();
  expect(sent).toEqual(['one', 'two', 'three']);
  expect(faults).toEqual(['three is gone']);
});

test('the first that takes it is enough', () => {
  const { sent, faults, answer, find } = layer([at('two'), at('three')], ['two']);
  answer(486);
  find();
  expect(sent).toEqual(['one', 'two']);
  expect(faults).toEqual([]);
});

test.each<[what: string, status: number, hop: Hop]>([
  ['a ringing', 180, at('one')],
  ['a datagram: its source may be forged', 200, at('one', 'UDP')],
  ['a WebSocket: nobody else opens one', 200, at('one', 'WSS')],
])('not for %s', (_what, status, hop) => {
  const { asked, faults, answer } = layer([at('two')], []);
  answer(status, hop);
  expect(asked).toEqual([]);
  expect(faults).toEqual(['one is gone']);
});

test('over TLS a new connection must prove the name that its sender gave, an address that address', () => {
  const source = { ...at('203.0.113.9', 'TLS'), flow: 'tls-1' as FlowId, listener: 'tls://192.0.2.1:5061' };
  expect(wayBack(request.via, source)).toMatchObject({ host: '203.0.113.9', port: 5061, name: 'pbx.example' });
  const numeric = parseVia('SIP/2.0/TLS [2001:db8::9]:5071;branch=z9hG4bK1');
  if (!numeric.ok) throw new Error(numeric.error);
  expect(wayBack(numeric.value, source)).toEqual({ ...source, port: 5071 });
});

test('no more at once than we can bear', () => {
  const { asked, faults, answer, find } = layer([], []);
  for (let count = 0; count < 100; count++) answer(200);
  expect(asked).toHaveLength(64);
  expect(faults).toHaveLength(36);
  find();
  expect(faults).toHaveLength(100);
  answer(200);
  expect(asked).toHaveLength(1);
});

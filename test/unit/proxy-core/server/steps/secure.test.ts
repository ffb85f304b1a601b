/** `sips:` means TLS on every hop, or no call (RFC 3261 §16.6 step 4, §26.2.2; RFC 5630 §5.3). */
import { expect, test } from 'vitest';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import type { Source, TransportName } from '../../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../../support/exchange-parts.ts';

const URI = `sips:1001@${DOMAIN}`;
const over = (transport: TransportName): Source => ({ ...source, transport });

test('only devices that registered a sips contact over TLS ring', () => {
  const exchange = new TestExchange();
  exchange.bind(
    '1001',
    'sip:1001@192.0.2.61:5061;transport=tls',
    'sip:1001@192.0.2.62',
    { contact: 'sips:1001@192.0.2.63:5063', received: 'tls:192.0.2.63:40000' },
    { contact: 'sips:1001@192.0.2.64', received: 'udp:192.0.2.64:5060' },
  );
  expect(exchange.receive('INVITE', URI, [], over('TLS')).statuses).toEqual([100]);
  expect(exchange.sent.map(({ hop }) => `${hop.transport} ${hop.host}`)).toEqual(['TLS 192.0.2.63']);
});

test('who has none is not available, and is told why', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5061;transport=tls', 'sip:1001@192.0.2.62');
  const incoming = exchange.receive('INVITE', URI, [], over('TLS'));
  expect(incoming.last.status).toBe(480);
  expect(incoming.last.header(H.Warning)).toBe(`380 ${SELF} "SIPS Not Allowed"`);
  expect(exchange.sent).toEqual([]);
});

test('a plain call reaches devices of either kind', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.62', { contact: 'sips:1001@192.0.2.63', received: 'tls:192.0.2.63:40000' });
  exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
  expect(exchange.sent).toHaveLength(2);
});

test.each<[TransportName, string[]]>([
  ['TLS', [`<sips:${SELF};lr`]],
  ['UDP', [`<sips:${SELF};lr`]],
  ['WSS', [`<sips:${SELF};lr`, `<sips:${SELF};transport=ws;lr`]],
])('the dialog stays with sips, also for one who came in over %s', (transport, routes) => {
  const exchange = new TestExchange();
  exchange.bind('1001', { contact: 'sips:1001@192.0.2.63', received: 'tls:192.0.2.63:40000' });
  exchange.receive('INVITE', URI, [], over(transport));
  const said = exchange.out(0).request.list(H.RecordRoute);
  expect(said.map((route) => route.replace(/;lr.*/, ';lr'))).toEqual(routes);
});

test('sips over UDP leads nowhere', () => {
  const exchange = new TestExchange();
  exchange.receiveFrom('1001', 'one', 'INVITE', 'sips:bob@192.0.2.80;transport=udp', []);
  expect(exchange.sent).toEqual([]);
});

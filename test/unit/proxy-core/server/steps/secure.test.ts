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

test('who is called by sip: hears that, whatever scheme he registered by: nobody promised more', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', { contact: 'sips:1001@192.0.2.63:5063', received: 'tls:192.0.2.63:40000' });
  exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
  expect([exchange.out(0).request.uriText, exchange.out(0).hop.transport]).toEqual(['sip:1001@192.0.2.63:5063', 'TLS']);
  expect(exchange.out(0).request.list(H.RecordRoute).join()).not.toContain('sips:');
});

test('who has none is not available, and is told why', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5061;transport=tls', 'sip:1001@192.0.2.62');
  const incoming = exchange.receive('INVITE', URI, [], over('TLS'));
  expect(incoming.last.status).toBe(480);
  expect(incoming.last.header(H.Warning)).toBe(`380 ${SELF} "SIPS Not Allowed"`);
  expect(exchange.sent).toEqual([]);
});

test('the other flows of a device are no way round it', () => {
  const exchange = new TestExchange();
  const flow = { contact: 'sips:1001@192.0.2.63:5063', instance: 'urn:uuid:1' };
  exchange.bind(
    '1001',
    { ...flow, regId: 1, received: 'tls:192.0.2.63:40000' },
    { ...flow, regId: 2, received: 'udp:192.0.2.63:5060' },
    { ...flow, regId: 3, received: 'tls:192.0.2.63:40001' },
  );
  exchange.receive('INVITE', URI, [], over('TLS'));
  exchange.out(0).listener.failed({ reason: 'gone' });
  expect(exchange.sent.map(({ hop }) => `${hop.transport} ${hop.port}`)).toEqual(['TLS 40000', 'TLS 40001']);
});

test('an edge proxy is to be reached by sips too', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', { contact: 'sips:1001@192.0.2.63', path: ['<sip:192.0.2.9;lr>'] });
  expect(exchange.receive('INVITE', URI, [], over('TLS')).statuses).toEqual([480]);
});

test('a redirection within the office is none either', () => {
  const exchange = new TestExchange();
  exchange.bind('1001', { contact: 'sips:1001@192.0.2.63:5063', received: 'tls:192.0.2.63:40000' });
  exchange.bind('1002', { contact: 'sips:1002@192.0.2.64', received: 'udp:192.0.2.64:5060' });
  const invite = exchange.receive('INVITE', URI, [], over('TLS'));
  exchange.out(0).answer(302, { headers: [[H.Contact, `<sips:1002@${DOMAIN}>`]] });
  expect(exchange.sent).toHaveLength(1);
  expect(invite.statuses).toEqual([100, 480]);
});

test('a step of the office keeps the call secure', () => {
  const exchange = new TestExchange({}, { route: { step: (request) => ({ send: request.headers('X-To')[0] ?? '' }) } });
  exchange.bind('1001', 'sip:1001@192.0.2.62', { contact: 'sips:1001@192.0.2.63', received: 'tls:192.0.2.63:40000' });
  const to = (where: string) => exchange.receive('INVITE', `sips:1002@${DOMAIN}`, [['X-To', where]], over('TLS'));
  expect(to('sip:bob@192.0.2.80').statuses).toEqual([480]);
  expect(to(`sip:1001@${DOMAIN}`).statuses).toEqual([100]);
  expect(to('1001').statuses).toEqual([100]);
  expect(exchange.sent.map(({ hop }) => hop.transport)).toEqual(['TLS', 'TLS']);
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

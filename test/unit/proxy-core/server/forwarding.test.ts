/** What leaves the exchange: routes, Record-Route, Max-Forwards, and bytes that stay as they were (RFC 3261 §16.4, §16.6). */
import { describe, expect, test } from 'vitest';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { FlowId, Hop, Source, TransportName } from '../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../support/exchange-parts.ts';

const URI = `sip:1001@${DOMAIN}`;

function forwarded(
  headers: HeaderLine[] = [],
  uri = URI,
  from: Source = source,
): { request: SipRequest; host: string } {
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5066');
  // Strangers have no say in the way.
  if (headers.some(([name]) => name === 'Route')) exchange.receiveFrom('1002', 'two', 'INVITE', uri, headers);
  else exchange.receive('INVITE', uri, headers, from);
  const { request, hop } = exchange.out(0);
  return { request, host: `${hop.host}:${hop.port}` };
}

test('the target takes the place of the address, and one hop is spent', () => {
  const { request, host } = forwarded();
  expect([request.uriText, request.header(H.MaxForwards), host]).toEqual([
    'sip:1001@192.0.2.61:5066',
    '69',
    '192.0.2.61:5066',
  ]);
  expect(request.list(H.Via)).toHaveLength(2);
});

test('a request without Max-Forwards is given one', () => {
  const text = new TestExchange().request('INVITE', URI).wire;
  expect(text).toContain('Max-Forwards');
  const exchange = new TestExchange();
  exchange.bind('1001', 'sip:1001@192.0.2.61:5066');
  const bare = exchange.request('INVITE', URI, [['Max-Forwards', '70']]);
  expect(exchange.receiveRequest(bare).statuses).toEqual([100]);
  expect(exchange.out(0).request.header(H.MaxForwards)).toBe('69');
});

test('what we do not know passes untouched', () => {
  const { request } = forwarded([
    ['X-Odd', 'a ;b ,  "c"'],
    ['Subject', '\xc3\xa9t\xc3\xa9'],
  ]);
  expect(request.wire).toContain('X-Odd: a ;b ,  "c"\r\nSubject: \xc3\xa9t\xc3\xa9\r\n');
});

describe('routes', () => {
  test('ours goes, the next one decides the way', () => {
    const { request, host } = forwarded([['Route', `<sip:${SELF};lr>, <sip:192.0.2.80:5070;lr>`]]);
    expect([request.list(H.Route), host]).toEqual([['<sip:192.0.2.80:5070;lr>'], '192.0.2.80:5070']);
  });

  test('two of ours in a row both go', () => {
    const { request } = forwarded([
      ['Route', `<sip:${SELF};lr>`],
      ['Route', `<sip:${SELF};transport=tcp;lr>`],
    ]);
    expect(request.list(H.Route)).toEqual([]);
  });

  test('a strict router after us gets itself in the request line', () => {
    const { request, host } = forwarded([['Route', `<sip:${SELF};lr>, <sip:192.0.2.80:5070>, <sip:192.0.2.81;lr>`]]);
    expect(request.uriText).toBe('sip:192.0.2.80:5070');
    expect(request.list(H.Route)).toEqual(['<sip:192.0.2.81;lr>', '<sip:1001@192.0.2.61:5066>']);
    expect(host).toBe('192.0.2.80:5070');
  });

  test('what a strict router before us did is undone', () => {
    const routes: HeaderLine[] = [['Route', `<sip:192.0.2.81;lr>, <${URI}>`]];
    const { request, host } = forwarded(routes, `sip:${SELF};lr`);
    expect([request.uriText, request.list(H.Route), host]).toEqual([
      'sip:1001@192.0.2.61:5066',
      ['<sip:192.0.2.81;lr>'],
      '192.0.2.81:5060',
    ]);
  });

  test('a maddr that names us has done its work', () => {
    expect(forwarded([], `sip:1001@${DOMAIN};maddr=${SELF}`).request.uriText).toBe('sip:1001@192.0.2.61:5066');
  });

  test('a malformed one is refused', () => {
    const exchange = new TestExchange();
    expect(exchange.receive('INVITE', URI, [['Route', 'nonsense <']]).statuses).toEqual([400]);
  });
});

describe('Record-Route', () => {
  test('one where both sides are alike, marked so that nobody can make it up', () => {
    const { request } = forwarded();
    expect(request.list(H.RecordRoute)).toEqual([
      expect.stringMatching(/^<sip:192\.0\.2\.1;lr;dlg=[0-9a-f]{16}~[-.~0-9a-z]+>$/),
    ]);
  });

  test('two where the transport changes, each side its own', () => {
    const tcp: Source = { ...source, transport: 'TCP', flow: 'tcp:1' as FlowId, listener: `tcp:${SELF}:5060` };
    const values = forwarded([], URI, tcp).request.list(H.RecordRoute);
    expect(values).toEqual([expect.not.stringContaining('transport'), expect.stringContaining(';transport=tcp;')]);
  });

  test('a secure WebSocket is `ws` in a URI (RFC 7118 §5.2.2)', () => {
    const wss: Source = { ...source, transport: 'WSS', flow: 'wss:1' as FlowId, listener: `wss:${SELF}:443` };
    const [, inward] = forwarded([], URI, wss).request.list(H.RecordRoute);
    expect(inward).toContain(`<sip:${SELF};transport=ws;lr`);
  });

  test.each(['ws', 'wss'])('our own Route with transport=%s is taken away', (transport) => {
    const { request } = forwarded([['Route', `<sip:${SELF};transport=${transport};lr>`]]);
    expect(request.list(H.Route)).toEqual([]);
  });

  /** Our address as each side sees it. */
  const sentBy = ({ transport, host }: Hop): { transport: TransportName; sentBy: string } => ({
    transport,
    sentBy: host.includes(':') ? '[2001:db8::1]:5060' : `${SELF}:5060`,
  });

  test.each([
    ['IPv4', 'IPv6', '192.0.2.50', 'sip:1001@[2001:db8::7]:5066'],
    ['IPv6', 'IPv4', '2001:db8::50', 'sip:1001@192.0.2.61:5066'],
  ])('two where %s becomes %s', (_from, to, host, contact) => {
    const exchange = new TestExchange({}, { sentBy });
    exchange.bind('1001', contact);
    exchange.receive('INVITE', URI, [], { ...source, host });
    const [outward = '', inward = '', ...more] = exchange.out(0).request.list(H.RecordRoute);
    const [six, four] = to === 'IPv6' ? [outward, inward] : [inward, outward];
    expect(six).toMatch(/^<sip:\[2001:db8::1\]:5060;lr;/);
    expect(four).toMatch(/^<sip:192\.0\.2\.1:5060;lr;/);
    expect(more).toEqual([]);
  });

  test.each([
    ['TLS', 'TLS', ['<sips:192.0.2.1;lr;']],
    ['WSS', 'TLS', ['<sips:192.0.2.1;lr;', '<sips:192.0.2.1;transport=ws;lr;']],
  ] as const)('of sips where the call is: %s to %s', (from, to, begins) => {
    const hop: Hop = { transport: to, host: '192.0.2.61', port: 5061 };
    const exchange = new TestExchange({}, { resolve: () => [hop] });
    exchange.bind('1001', 'sips:1001@phone.example');
    exchange.receive('INVITE', `sips:1001@${DOMAIN}`, [], { ...source, transport: from });
    const values = exchange.out(0).request.list(H.RecordRoute);
    expect(values).toEqual(begins.map((begin) => expect.stringContaining(begin)));
  });

  test('none inside a dialog', () => {
    const { request } = forwarded([['To', `<${URI}>;tag=there`]]);
    expect(request.list(H.RecordRoute)).toEqual([]);
  });
});

describe('an ACK to a 2xx', () => {
  function acknowledged(
    change: (lines: HeaderLine[]) => HeaderLine[],
    target: (exchange: TestExchange) => string = () => 'sip:1001@192.0.2.61:5066',
  ): TestExchange {
    const exchange = new TestExchange();
    exchange.bind('1001', { contact: 'sip:1001@192.0.2.61:5066', instance: 'urn:uuid:1' });
    const invite = exchange.receive('INVITE', URI);
    exchange.out(0).answer(200, { toTag: 'callee' });
    const lines: HeaderLine[] = [
      ['Route', invite.last.header(H.RecordRoute) ?? ''],
      ['To', `<${URI}>;tag=callee`],
      ['Call-ID', invite.request.callId],
    ];
    exchange.exchange.ack(exchange.request('ACK', target(exchange), change(lines)), source);
    return exchange;
  }

  test('follows the route of its dialog', () => {
    const [ack] = acknowledged((lines) => lines).acks;
    expect(ack?.hop).toMatchObject({ host: '192.0.2.61', port: 5066 });
    expect(ack?.request.list(H.Route)).toEqual([]);
  });

  test('finds the phone whose Contact is a GRUU of ours, where it hears every other request', () => {
    const gruu = ({ parts, users }: TestExchange): string => {
      const user = users.find('1001', URI.replace(/.*@/, ''));
      if (user === undefined) throw new Error('nobody has this number');
      return parts.gruus.publicOf(user, 'urn:uuid:1');
    };
    const [ack] = acknowledged((lines) => lines, gruu).acks;
    expect(ack?.hop).toMatchObject({ host: '192.0.2.61', port: 5066 });
    expect(ack?.request.uriText).toBe('sip:1001@192.0.2.61:5066');
  });

  test.each(['0', 'many'])('with Max-Forwards %s goes nowhere', (left) => {
    expect(acknowledged((lines) => [...lines, ['Max-Forwards', left]]).acks).toEqual([]);
  });

  test('of no dialog of ours goes nowhere', () => {
    expect(acknowledged((lines) => lines.slice(1)).acks).toEqual([]);
    expect(acknowledged((lines) => lines.map(([n, v]) => [n, n === 'Call-ID' ? 'x' : v])).acks).toEqual([]);
  });
});

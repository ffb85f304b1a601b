import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { aorOf } from '../../../../../../proxy-core/server/stores.ts';
import type { HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, source, TestExchange } from '../../../../../support/exchange-parts.ts';

const AOR = aorOf('1001', DOMAIN);
const PIDF: HeaderLine = ['Content-Type', 'application/pidf+xml'];
const presence = (inside: string): string =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@${DOMAIN}">${inside}</presence>`;
const OPEN = presence('<tuple id="a"><status><basic>open</basic></status></tuple>');
const NOTE = (note: string): string => presence(`<note>${note}</note>`);

function publish(
  exchange: TestExchange,
  headers: readonly HeaderLine[] = [],
  body = OPEN,
  { from = '1001', to = '', password = 'one' } = {},
): Incoming {
  const event: HeaderLine[] = headers.some(([name]) => name === 'Event') ? [] : [['Event', 'presence']];
  const type = body === '' || headers.some(([name]) => name === 'Content-Type') ? [] : [PIDF];
  return exchange.receiveFrom(
    from,
    password,
    'PUBLISH',
    `sip:${to === '' ? from : to}@${DOMAIN}`,
    [...event, ...type, ...headers],
    source,
    body,
  );
}

const tagOf = (incoming: Incoming): string => incoming.last.header(H.SipEtag) ?? '';
const noteOf = (exchange: TestExchange): string => exchange.parts.events.presenceOf(AOR).note;

const packed = (text: string): string => deflateSync(text).toString('latin1');

/** With a phone, without which nobody is there. */
function office(settings = {}): TestExchange {
  const exchange = new TestExchange(settings);
  exchange.bind('1001', 'sip:1001@192.0.2.60');
  return exchange;
}

describe('a publication', () => {
  test('is challenged as by a server, taken under a tag, and ends by itself', () => {
    const exchange = office();
    const asked = exchange.receive('PUBLISH', `sip:1001@${DOMAIN}`, [['From', `<sip:1001@${DOMAIN}>;tag=p`]]);
    expect(asked.statuses).toEqual([401]);
    const first = publish(exchange, [['Expires', '600']], NOTE('here'));
    expect([first.statuses, first.last.header(H.Expires)]).toEqual([[200], '600']);
    expect([tagOf(first) !== '', noteOf(exchange)]).toEqual([true, 'here']);
    exchange.clock.advance(600_000);
    expect([exchange.parts.events.publications, noteOf(exchange), exchange.clock.waiting]).toEqual([0, '', 0]);
  });

  test('is refreshed, changed and removed by its tag, which is another each time', () => {
    const exchange = office();
    const first = publish(exchange, [['Expires', '600']], NOTE('one'));
    exchange.clock.advance(500_000);
    const second = publish(exchange, [['SIP-If-Match', tagOf(first)]], '');
    expect([second.statuses, second.last.header(H.Expires)]).toEqual([[200], '3600']);
    exchange.clock.advance(500_000);
    expect(noteOf(exchange)).toBe('one');
    const third = publish(exchange, [['SIP-If-Match', tagOf(second)]], NOTE('two'));
    expect([third.statuses, noteOf(exchange)]).toEqual([[200], 'two']);
    const removed = [
      ['SIP-If-Match', tagOf(third)],
      ['Expires', '0'],
    ] as const;
    expect(publish(exchange, removed, '').last.header(H.Expires)).toBe('0');
    expect([exchange.parts.events.publications, noteOf(exchange)]).toEqual([0, '']);
    expect(new Set([first, second, third].map(tagOf)).size).toBe(3);
  });

  test('under a tag that was replaced, ran out or is another user’s is 412', () => {
    const exchange = office();
    const first = tagOf(publish(exchange));
    const second = tagOf(publish(exchange, [['SIP-If-Match', first]], ''));
    expect(publish(exchange, [['SIP-If-Match', first]], '').statuses).toEqual([412]);
    const other = { from: '1002', password: 'two' };
    expect(publish(exchange, [['SIP-If-Match', second]], '', other).statuses).toEqual([412]);
    exchange.clock.advance(3_600_000);
    expect(publish(exchange, [['SIP-If-Match', second]], NOTE('late')).statuses).toEqual([412]);
  });

  test('may be packed', () => {
    const exchange = office();
    expect(publish(exchange, [['Content-Encoding', 'deflate']], packed(NOTE('small'))).statuses).toEqual([200]);
    expect(noteOf(exchange)).toBe('small');
  });

  test('stands beside those of other devices', () => {
    const exchange = office();
    publish(exchange, [], NOTE('at the desk'));
    const mobile = publish(exchange, [], NOTE('on the road'));
    expect([exchange.parts.events.publications, noteOf(exchange)]).toEqual([2, 'on the road']);
    publish(
      exchange,
      [
        ['SIP-If-Match', tagOf(mobile)],
        ['Expires', '0'],
      ],
      '',
    );
    expect(noteOf(exchange)).toBe('at the desk');
  });
});

describe('refused', () => {
  const cases: [what: string, headers: HeaderLine[], body: string, status: number, header?: [number, string]][] = [
    ['a time too short', [['Expires', '30']], OPEN, 423, [H.MinExpires, '60']],
    [
      'an event for which nobody publishes',
      [['Event', 'dialog']],
      OPEN,
      489,
      [H.AllowEvents, 'presence, message-summary'],
    ],
    ['an extension', [['Require', 'magic']], OPEN, 420, [H.Unsupported, 'magic']],
    ['another type', [['Content-Type', 'text/plain']], OPEN, 415, [H.Accept, 'application/pidf+xml']],
    [
      'a document packed in a way of its own',
      [['Content-Encoding', 'br']],
      OPEN,
      415,
      [H.AcceptEncoding, 'identity, deflate, gzip'],
    ],
    ['a packed document that is none', [['Content-Encoding', 'gzip']], OPEN, 400],
    ['a packed document that is huge', [['Content-Encoding', 'deflate']], packed(' '.repeat(1_000_000)), 413],
    ['no document', [], '', 400],
    ['a tag that is none', [['SIP-If-Match', 'a b']], OPEN, 400],
    ['what is not XML', [], 'busy', 400],
    ['a document of something else', [], '<presence/>', 400],
    ['elements too deep', [], '<a>'.repeat(2_000), 400],
    ['a billion laughs', [], '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>', 400],
    ['a long document', [], presence(' '.repeat(9_000)), 413],
  ];
  test.each(cases)('%s', (_what, headers, body, status, header) => {
    const exchange = office();
    const incoming = publish(exchange, headers, body);
    expect(incoming.statuses).toEqual([status]);
    if (header !== undefined) expect(incoming.last.header(header[0] as typeof H.Accept)).toBe(header[1]);
    expect(exchange.parts.events.publications).toBe(0);
  });

  test('for another user, be he there or not', () => {
    const exchange = office();
    expect(publish(exchange, [], OPEN, { to: '1002', from: '1001' }).statuses).toEqual([403]);
    expect(publish(exchange, [], OPEN, { to: '1999', from: '1001' }).statuses).toEqual([403]);
  });

  test('more than fits, of one user and of all', () => {
    const one = office({ publicationsPerUser: 2 });
    expect([1, 2, 3].map(() => publish(one).last.status)).toEqual([200, 200, 403]);
    const all = office({ maxPublications: 1 });
    expect([1, 2].map(() => publish(all).last.status)).toEqual([200, 503]);
  });

  test('a PUBLISH to somebody else’s domain passes on', () => {
    const exchange = office();
    exchange.receiveFrom('1001', 'one', 'PUBLISH', 'sip:x@192.0.2.99', [['To', '<sip:x@192.0.2.99>']]);
    expect(exchange.out(0).request.method).toBe('PUBLISH');
  });
});

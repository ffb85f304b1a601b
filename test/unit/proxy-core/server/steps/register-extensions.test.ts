import { describe, expect, test } from 'vitest';
import type { Settings } from '../../../../../proxy-core/server/settings.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { parseNameAddr } from '../../../../../proxy-core/sip/grammar/name-addr.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';

const UUID = 'urn:uuid:00000000-0000-1000-8000-aabbccddeeff';
const contact = (place: string, params = ''): HeaderLine => [
  'Contact',
  `<sip:1001@${place}>;+sip.instance="<${UUID}>"${params}`,
];
const supported = (tags: string): HeaderLine => ['Supported', tags];

async function register(exchange: TestExchange, ...headers: HeaderLine[]): Promise<Incoming> {
  const incoming = exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, headers);
  await until('an answer', () => !incoming.isOpen);
  return incoming;
}

const bindings = (exchange: TestExchange) => exchange.locations.lookup(aorOf('1001', DOMAIN), exchange.clock.now());

describe('required extensions', () => {
  test('what we do not know is refused before anyone is asked who he is', () => {
    const incoming = new TestExchange().receive('REGISTER', `sip:${DOMAIN}`, [['Require', 'gruu, telepathy']]);
    expect([incoming.last.status, incoming.last.header(H.Unsupported)]).toEqual([420, 'telepathy']);
  });

  const office: Partial<Settings> = { requiredExtensions: ['outbound', 'path'] };
  test('what an office demands and a phone does not know is a 421', () => {
    const incoming = new TestExchange(office).receive('REGISTER', `sip:${DOMAIN}`, [supported('path, gruu')]);
    expect([incoming.last.status, incoming.last.header(H.Require)]).toEqual([421, 'outbound']);
  });

  test('and no obstacle to a phone that knows it', async () => {
    const { last } = await register(new TestExchange(office), contact('h', ';reg-id=1'), supported('Path, outbound'));
    expect(last.status).toBe(200);
  });
});

describe('Path', () => {
  test('several are kept and given back in their order', async () => {
    const exchange = new TestExchange();
    const paths = ['<sip:p2.example;lr>', '<sip:p1.example;lr>'];
    const { last } = await register(exchange, contact('h'), ['Path', paths.join(', ')], ['Require', 'path']);
    expect(last.list(H.Path)).toEqual(paths);
    expect(bindings(exchange)[0]?.path).toEqual(paths);
  });

  test.each(['<mailto:p1>', 'nonsense <', '<sip:>'])('%s is refused', async (path) => {
    expect((await register(new TestExchange(), contact('h'), ['Path', path])).statuses).toEqual([400]);
  });
});

test('a Service-Route is told where the office has one', async () => {
  const route = '<sip:edge.example;lr>';
  const { last } = await register(new TestExchange({ serviceRoutes: [route] }), contact('h'));
  expect(last.list(H.ServiceRoute)).toEqual([route]);
  expect((await register(new TestExchange(), contact('h'))).last.list(H.ServiceRoute)).toEqual([]);
});

describe('Outbound', () => {
  const outbound = supported('outbound, path');
  /** As from behind another proxy. */
  const behind: HeaderLine = [
    'Via',
    'SIP/2.0/UDP 192.0.2.70;branch=z9hG4bKedge;rport=5060;received=192.0.2.70, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKphone',
  ];

  test('a flow is registered, required in the answer, and the keep-alive time told', async () => {
    const { last } = await register(new TestExchange(), contact('h', ';reg-id=1;ob'), outbound);
    expect([last.status, last.header(H.Require), last.header(H.FlowTimer)]).toEqual([200, 'outbound', '25']);
    expect(last.header(H.Contact)).toContain(';reg-id=1');
  });

  test('several flows of a device stand side by side, and each takes its own place', async () => {
    const exchange = new TestExchange();
    await register(exchange, contact('192.0.2.50:1', ';reg-id=1'), outbound);
    await register(exchange, contact('192.0.2.50:2', ';reg-id=2'), outbound);
    await register(exchange, contact('192.0.2.50:3', ';reg-id=1'), outbound);
    expect(bindings(exchange).map(({ contact: uri, regId }) => [uri, regId])).toEqual([
      ['sip:1001@192.0.2.50:3', 1],
      ['sip:1001@192.0.2.50:2', 2],
    ]);
    exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
    expect(exchange.sent.map(({ request }) => request.uriText)).toEqual(['sip:1001@192.0.2.50:3']);
    await register(exchange, contact('192.0.2.50:3', ';reg-id=1;expires=0'), outbound);
    expect(bindings(exchange).map(({ regId }) => regId)).toEqual([2]);
  });

  describe('a call to a device with two flows', () => {
    async function ringing(): Promise<[TestExchange, Incoming]> {
      const exchange = new TestExchange();
      for (const flow of [2, 1]) await register(exchange, contact(`192.0.2.50:${flow}`, `;reg-id=${flow}`), outbound);
      const incoming = exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
      expect(exchange.sent).toHaveLength(1);
      return [exchange, incoming];
    }
    const called = (exchange: TestExchange) => exchange.sent.map(({ request }) => request.uri.port);

    test.each(['430', 'failed', 'timeout'])('goes the other way when the first one has failed (%s)', async (how) => {
      const [exchange, incoming] = await ringing();
      if (how === '430') exchange.out(0).answer(430);
      else if (how === 'failed') exchange.out(0).listener.failed({ reason: 'closed' });
      else exchange.out(0).listener.timeout();
      expect(called(exchange)).toEqual([1, 2]);
      exchange.out(1).answer(200);
      expect(incoming.last.status).toBe(200);
    });

    test('is not made twice when the device has answered', async () => {
      const [exchange, incoming] = await ringing();
      exchange.out(0).answer(486);
      expect([called(exchange), incoming.last.status]).toEqual([[1], 486]);
    });

    test('finds nobody when both have failed: a 430 is not for callers', async () => {
      const [exchange, incoming] = await ringing();
      exchange.out(0).answer(430);
      exchange.out(1).answer(430);
      expect(incoming.last.status).toBe(480);
    });
  });

  test('what is sent later in a dialog comes by the flow of who asks for it with ob, at both ends', async () => {
    const exchange = new TestExchange();
    await register(exchange, contact('192.0.2.50:5060', ';reg-id=1'), outbound);
    const caller = '<sip:guest@192.0.2.50;ob>';
    const incoming = exchange.receive('INVITE', `sip:1001@${DOMAIN}`, [['Contact', caller]]);
    exchange.out(0).answer(200, { headers: [['Contact', '<sip:1001@192.0.2.50:5060;ob>']] });
    for (const message of [exchange.out(0).request, incoming.last]) {
      expect(message.header(H.Contact)).toMatch(/^<sip:[^;]+@192\.0\.2\.50(:5060)?;ob;nat=udp~192\.0\.2\.50~5060~/);
    }
  });

  test('a phone that does not say to know Outbound gets no Require', async () => {
    const { last } = await register(new TestExchange(), contact('h', ';reg-id=1'));
    expect([last.status, last.header(H.Require)]).toEqual([200, undefined]);
  });

  test('a reg-id without an instance is no flow', async () => {
    const exchange = new TestExchange();
    const { last } = await register(exchange, ['Contact', '<sip:1001@h>;reg-id=1'], outbound);
    expect([last.status, last.header(H.Require), bindings(exchange)[0]?.regId]).toEqual([200, undefined, 0]);
  });

  test('two new contacts with a flow among them are refused', async () => {
    const two: HeaderLine = ['Contact', `${contact('h', ';reg-id=1')[1]}, <sip:1001@i>`];
    expect((await register(new TestExchange(), two, outbound)).statuses).toEqual([400]);
    const leaving: HeaderLine = ['Contact', `${contact('h', ';reg-id=1')[1]}, <sip:1001@i>;expires=0`];
    expect((await register(new TestExchange(), leaving, outbound)).statuses).toEqual([200]);
  });

  const hops: [what: string, path: string | undefined, tags: string, result: [number, number | undefined]][] = [
    ['no Path', undefined, 'outbound', [439, undefined]],
    ['a Path without ob', '<sip:edge.example;lr>', 'outbound', [439, undefined]],
    ['ob at the wrong end', '<sip:inner.example;lr;ob>, <sip:edge.example;lr>', 'outbound', [439, undefined]],
    ['ob of the first hop', '<sip:inner.example;lr>, <sip:edge.example;lr;ob>', 'outbound', [200, 7]],
    ['no Path, and a phone that does not ask', undefined, 'path', [200, 0]],
  ];
  test.each(hops)('behind another proxy with %s', async (_what, path, tags, [status, regId]) => {
    const exchange = new TestExchange();
    const lines = [behind, contact('h', ';reg-id=7'), supported(tags), ...(path ? [['Path', path] as const] : [])];
    const { last } = await register(exchange, ...lines);
    expect([last.status, bindings(exchange)[0]?.regId]).toEqual([status, regId]);
    if (status === 439) expect(last.reason).toBe('First Hop Lacks Outbound Support');
    expect(last.header(H.FlowTimer)).toBeUndefined();
  });
});

describe('GRUU', () => {
  const gruu = supported('gruu');

  async function gruusOf(exchange: TestExchange, ...headers: HeaderLine[]): Promise<[pub: string, temp: string]> {
    const { last } = await register(exchange, gruu, ...headers);
    const address = parseNameAddr(last.header(H.Contact) ?? '');
    if (!address.ok) throw new Error(address.error);
    return [address.value.param('pub-gruu') ?? '', address.value.param('temp-gruu') ?? ''];
  }

  const called = (exchange: TestExchange, uri: string): string[] | number[] => {
    const before = exchange.sent.length;
    const incoming = exchange.receive('INVITE', uri);
    const sent = exchange.sent.slice(before).map(({ request }) => request.uriText);
    return sent.length > 0 ? sent : incoming.statuses;
  };

  test('both are given to phones that ask, for contacts with an instance', async () => {
    const [pub, temp] = await gruusOf(new TestExchange(), contact('192.0.2.50'));
    expect(pub).toBe(`sip:1001@${DOMAIN};gr=${UUID}`);
    expect(temp).toMatch(/^sip:tgruu\.[0-9a-f]+@office\.example;gr$/);
    expect(await gruusOf(new TestExchange(), ['Contact', '<sip:1001@192.0.2.50>'])).toEqual(['', '']);
    const { last } = await register(new TestExchange(), contact('192.0.2.50'));
    expect(last.header(H.Contact)).not.toContain('gruu');
  });

  test('both reach that device and no other', async () => {
    const exchange = new TestExchange();
    await register(exchange, ['Contact', '<sip:1001@192.0.2.51>']);
    const [pub, temp] = await gruusOf(exchange, contact('192.0.2.50'));
    expect(called(exchange, pub)).toEqual(['sip:1001@192.0.2.50']);
    expect(called(exchange, temp)).toEqual(['sip:1001@192.0.2.50']);
    expect(called(exchange, `sip:1001@${DOMAIN}`)).toHaveLength(2);
    expect(called(exchange, `sip:1001@${DOMAIN};gr=urn:uuid:2`)).toEqual([480]);
    expect(called(exchange, `sip:1001@${DOMAIN};gr`)).toEqual([404]);
    expect(called(exchange, `sip:tgruu.00@${DOMAIN};gr`)).toEqual([404]);
  });

  test('a temporary one is another each time, and ends with its Call-ID; the public one stays', async () => {
    const exchange = new TestExchange();
    // The helper counts up from 1: each call here is one REGISTER before and one after the challenge.
    const [pub, first] = await gruusOf(exchange, contact('192.0.2.50'), ['Call-ID', 'one'], ['CSeq', '1 REGISTER']);
    const [again, second] = await gruusOf(exchange, contact('192.0.2.50'), ['Call-ID', 'one'], ['CSeq', '2 REGISTER']);
    expect(again).toBe(pub);
    expect(second).not.toBe(first);
    expect(called(exchange, first)).toEqual(['sip:1001@192.0.2.50']);
    await gruusOf(exchange, contact('192.0.2.50'), ['Call-ID', 'two']);
    expect([called(exchange, first), called(exchange, second)]).toEqual([[404], [404]]);
    expect(called(exchange, pub)).toEqual(['sip:1001@192.0.2.50']);
  });

  test.each([`sip:1001@${DOMAIN}`, `sip:1001@192.0.2.1`, `sip:1001@${DOMAIN};gr=${UUID}`, `sip:tgruu.00@${DOMAIN};gr`])(
    'a device cannot be reached at %s',
    async (uri) => {
      const itself: HeaderLine = ['Contact', `<${uri}>;+sip.instance="<${UUID}>"`];
      expect((await register(new TestExchange(), itself, gruu)).statuses).toEqual([403]);
    },
  );
});

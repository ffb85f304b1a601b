/** The office's own step among the others: what it sees, what it may do, and that its mistakes break nothing else. */
import { describe, expect, test } from 'vitest';
import type { RouteRequest, RouteStep } from '../../../../../proxy-core/server/route/api.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, TestExchange } from '../../../../support/exchange-parts.ts';
import { until } from '../../../../support/until.ts';

const URI = `sip:1001@${DOMAIN}`;

function office(step: unknown): TestExchange {
  const exchange = new TestExchange({}, { route: { step: step as RouteStep } });
  exchange.bind('1001', 'sip:1001@192.0.2.61:5060');
  exchange.bind('1002', 'sip:1002@192.0.2.62:5060', { contact: 'sip:1002@192.0.2.63:5060', q: 500 });
  return exchange;
}

const uris = (exchange: TestExchange): string[] => exchange.sent.map(({ request }) => request.uriText);

describe('what it sees', () => {
  function seen<T>(look: (request: RouteRequest) => T, headers: HeaderLine[] = [], uri = URI): T | undefined {
    let found: T | undefined;
    const exchange = office((request: RouteRequest) => {
      found = look(request);
    });
    exchange.receive('INVITE', uri, headers);
    expect(exchange.faults).toEqual([]);
    return found;
  }

  test('method, addresses and source', () => {
    const facts = seen(
      ({ method, uri, from, to, callId, domain, user, source, time }) => {
        return { method, uri, from, to, callId, domain, user, source, time };
      },
      [['From', '"Gr\xc3\xb6\xc3\x9fe" <sip:%61da@Abroad.example:5070;transport=tcp>;tag=1']],
    );
    expect(facts).toMatchObject({
      method: 'INVITE',
      uri: { text: URI, scheme: 'sip', user: '1001', host: DOMAIN, port: undefined },
      from: { name: 'Größe', uri: { user: 'ada', host: 'abroad.example', port: 5070 } },
      to: { name: '', uri: { user: '1001' } },
      domain: DOMAIN,
      user: undefined,
      source: { transport: 'UDP', address: '192.0.2.50', port: 5060 },
    });
    expect(facts?.time).toBeInstanceOf(Date);
    expect(facts?.from.uri.param('transport')).toBe('tcp');
  });

  test('headers by any spelling of their name', () => {
    const headers: HeaderLine[] = [
      ['X-Queue', 'a'],
      ['x-queue', 'b'],
      ['s', 'hello'],
    ];
    expect(seen((request) => request.headers('X-QUEUE'), headers)).toEqual(['a', 'b']);
    expect(seen((request) => request.header('Subject'), headers)).toBe('hello');
    expect(seen((request) => [request.header('X-None'), request.headers('X-None')], headers)).toEqual([undefined, []]);
  });

  test('who of ours is calling', () => {
    let user: RouteRequest['user'];
    const exchange = office((request: RouteRequest) => {
      user = request.user;
    });
    exchange.receiveFrom('1002', 'two', 'INVITE', URI);
    expect(user).toEqual({ number: '1002', domain: DOMAIN, name: '' });
  });

  test.each([
    ['<sip:ada@abroad.example>;tag=1', undefined, false],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', undefined, true],
    ['<sip:Anonymous@abroad.example>;tag=1', undefined, true],
    ['<sip:ada@abroad.example>;tag=1', 'header; id', true],
    ['<sip:ada@abroad.example>;tag=1', 'none', false],
    ['<tel:+4912345>;tag=1', undefined, false],
  ])('%s with Privacy %s: anonymous is %s', (from, privacy, anonymous) => {
    const headers: HeaderLine[] = [['From', from], ...(privacy === undefined ? [] : [['Privacy', privacy] as const])];
    expect(seen((request) => request.isAnonymous, headers)).toBe(anonymous);
  });

  test('nothing of REGISTER, of OPTIONS to the exchange, nor of what is under way', () => {
    let asked = 0;
    const exchange = office(() => {
      asked++;
    });
    exchange.receive('REGISTER', `sip:${DOMAIN}`, [['To', `<${URI}>`]]);
    exchange.receive('OPTIONS', `sip:${DOMAIN}`);
    exchange.receive('BYE', URI, [['To', `<${URI}>;tag=there`]]);
    expect(asked).toBe(0);
  });
});

describe('what it may do', () => {
  test('nothing', () => {
    const exchange = office(() => undefined);
    exchange.receive('INVITE', URI);
    expect(uris(exchange)).toEqual(['sip:1001@192.0.2.61:5060']);
  });

  test('refuse', () => {
    const exchange = office(() => ({ reject: 603, reason: 'Closed', headers: { 'Retry-After': '3600' } }));
    const { last } = exchange.receive('INVITE', URI);
    expect([last.status, last.reason, last.header(H.RetryAfter)]).toEqual([603, 'Closed', '3600']);
    expect(exchange.sent).toEqual([]);
  });

  test('redirect', () => {
    const exchange = office(() => ({ redirect: ['1002', { uri: 'sip:a@b.example', q: 0.5 }, 'tel:+4912345'] }));
    const { last } = exchange.receive('INVITE', URI);
    expect([last.status, last.list(H.Contact)]).toEqual([
      302,
      [`<sip:1002@${DOMAIN}>`, '<sip:a@b.example>;q=0.5', '<tel:+4912345>'],
    ]);
  });

  test.each([
    ['a number', '1002', ['sip:1002@192.0.2.62:5060']],
    ['an address of ours', `sip:1002@${DOMAIN}`, ['sip:1002@192.0.2.62:5060']],
    ['an address without its scheme', `1002@${DOMAIN}`, ['sip:1002@192.0.2.62:5060']],
    ['an address abroad', 'sip:ada@192.0.2.99', ['sip:ada@192.0.2.99']],
    [
      'several, those of lower q later',
      ['1001', { uri: 'sip:ada@192.0.2.99', q: 0.5 }],
      ['sip:1001@192.0.2.61:5060', 'sip:ada@192.0.2.99'],
    ],
    ['several at once', ['1001', '1999', 'sip:ada@192.0.2.99'], ['sip:1001@192.0.2.61:5060', 'sip:ada@192.0.2.99']],
  ])('send to %s', (_what, send, expected) => {
    const exchange = office(() => ({ send }));
    const call = exchange.receive('INVITE', `sip:1999@${DOMAIN}`);
    while (exchange.sent.length < expected.length) exchange.out(exchange.sent.length - 1).answer(486);
    expect(uris(exchange)).toEqual(expected);
    exchange.out(expected.length - 1).answer(200);
    expect(call.last.status).toBe(200);
  });

  test.each([
    ['to nobody', '1999', 404],
    ['to several who are nobody', ['1999', '1998'], 404],
    ['to several who are not there', ['1003', '1003'], 480],
  ])('send %s', (_what, send, status) => {
    const exchange = office(() => ({ send }));
    exchange.users.add('1003', 'three');
    expect(exchange.receive('INVITE', URI).statuses).toEqual([status]);
  });

  test('change headers, of what it sends elsewhere and of what just goes on', () => {
    for (const send of [{}, { send: '1001' }]) {
      const headers = { remove: ['alert-info', 'X-Old'], add: { 'X-Queue': ['sales', 'Größe'] } };
      const exchange = office(() => ({ ...send, headers }));
      exchange.receive('INVITE', URI, [
        ['Alert-Info', '<http://a>'],
        ['x-old', '1'],
        ['X-Kept', '2'],
      ]);
      const { wire } = exchange.out(0).request;
      expect(wire).toContain('X-Kept: 2\r\n');
      expect(wire).toContain('X-Queue: sales\r\nX-Queue: Gr\xc3\xb6\xc3\x9fe\r\n');
      expect(wire).not.toMatch(/alert-info|x-old/i);
    }
  });

  test('take its time', async () => {
    let answer: (value: object) => void = () => undefined;
    const exchange = office(() => new Promise((resolve) => (answer = resolve)));
    const call = exchange.receive('INVITE', URI);
    expect(call.statuses).toEqual([]);
    answer({ send: '1002' });
    await until('the call to go on', () => exchange.sent.length > 0);
    exchange.clock.advance(2_000);
    expect(uris(exchange)).toEqual(['sip:1002@192.0.2.62:5060']);
    expect(call.statuses).toEqual([100]);
  });

  test('be cancelled while it thinks', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const exchange = office(() => new Promise((resolve) => (answer = resolve)));
    const call = exchange.receive('INVITE', URI);
    exchange.receiveRequest(exchange.request('CANCEL', URI), undefined, call);
    expect(call.statuses).toEqual([487]);
    answer(undefined);
    await exchange.parts.openWork.idle();
    expect(exchange.sent).toEqual([]);
  });
});

const throwing = {
  get reject(): number {
    throw new Error('a getter of its own');
  },
};
const mistakes: [what: string, step: unknown, why: string][] = [
  [
    'throws',
    () => {
      throw new Error('oops');
    },
    'threw an error',
  ],
  ['rejects', () => Promise.reject(new Error('oops')), 'was rejected'],
  ['throws nothing at all', () => Promise.reject(undefined), 'was rejected'],
  ['answers nonsense', () => ({ rejekt: 486 }), 'without reject'],
  ['answers nonsense later', () => Promise.resolve(42), 'answered 42'],
  ['answers what cannot be read', () => throwing, 'cannot be read'],
  ['names a target that is none', () => ({ send: 'sip:a b@c' }), 'neither a number'],
  ['sends to a telephone network', () => ({ send: 'tel:+4912345' }), 'neither a number nor a SIP URI'],
  ['redirects to nonsense', () => ({ redirect: 'sip:[' }), 'neither a number'],
  [
    'has a then of its own that throws',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the mistake.
      then() {
        throw new Error('oops');
      },
    }),
    'was rejected',
  ],
  ['is no function', 42, 'threw an error'],
];
test.each(mistakes)(
  'a step that %s is a 500 with its reason in the log, and the next call is as ever',
  async (_what, step, why) => {
    const exchange = office(step);
    const call = exchange.receive('INVITE', URI);
    await exchange.parts.openWork.idle();
    expect(call.statuses).toEqual([500]);
    expect(exchange.faults).toHaveLength(1);
    expect(exchange.faults[0]).toContain(why);
    expect(exchange.clock.waiting).toBe(0);
    if (exchange.parts.route !== undefined) exchange.parts.route.step = () => undefined;
    expect(exchange.receive('INVITE', URI).statuses).toEqual([100]);
  },
);

test('a step that never answers is a 500 after its time, and what it says later is not heard', async () => {
  let answer: (value: object) => void = () => undefined;
  const exchange = office(() => new Promise((resolve) => (answer = resolve)));
  const call = exchange.receive('INVITE', URI);
  exchange.clock.advance(1_999);
  expect(call.statuses).toEqual([]);
  exchange.clock.advance(1);
  await exchange.parts.openWork.idle();
  expect(call.statuses).toEqual([500]);
  expect(exchange.faults[0]).toContain('no answer within 2000 ms');
  answer({ send: '1002' });
  await Promise.resolve();
  expect(exchange.sent).toEqual([]);
});

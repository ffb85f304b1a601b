import { describe, expect, test } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { DigestAuthenticator } from '../../../../../proxy-core/server/authenticator.ts';
import { Identity } from '../../../../../proxy-core/server/identity.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { answerChallenge } from '../../../../../proxy-core/sip/auth/answer.ts';
import { parseChallenges } from '../../../../../proxy-core/sip/auth/challenge.ts';
import { NonceMaker } from '../../../../../proxy-core/sip/auth/nonce.ts';
import { buildRequest, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, SELF, TestExchange } from '../../../../support/exchange-parts.ts';
import { MemoryUsers } from '../../../../support/memory-stores.ts';

const office = (number: string): HeaderLine => ['From', `<sip:${number}@${DOMAIN}>;tag=f`];
const abroad: HeaderLine = ['From', '<sip:bob@elsewhere.example>;tag=f'];

function exchangeWithPhones(): TestExchange {
  const exchange = new TestExchange();
  exchange.bind('1002', 'sip:1002@192.0.2.62:5060');
  return exchange;
}

describe('who is asked', () => {
  const cases: [what: string, uri: string, from: HeaderLine, status: number | 'sent'][] = [
    ['one of ours, to one of ours', `sip:1002@${DOMAIN}`, office('1001'), 407],
    ['one of ours, abroad', 'sip:alice@192.0.2.99', office('1001'), 407],
    [
      'one who claims to be ours with a port added',
      `sip:1002@${DOMAIN}`,
      ['From', `<sip:1001@${DOMAIN}:9>;tag=f`],
      407,
    ],
    ['a stranger, to one of ours', `sip:1002@${DOMAIN}`, abroad, 'sent'],
    ['a stranger, to a stranger', 'sip:alice@192.0.2.99', abroad, 403],
  ];
  test.each(cases)('%s', (_what, uri, from, expected) => {
    const exchange = exchangeWithPhones();
    const incoming = exchange.receive('INVITE', uri, [from]);
    if (expected === 'sent') expect(exchange.sent).toHaveLength(1);
    else expect(incoming.statuses).toEqual([expected]);
  });
});

test('whoever is refused is told of, as whom and why', () => {
  const exchange = exchangeWithPhones();
  exchange.receive('INVITE', 'sip:alice@192.0.2.99', [abroad]);
  exchange.receive('INVITE', `sip:1009@${DOMAIN}`, [abroad]);
  exchange.receiveFrom('1001', 'wrong', 'INVITE', `sip:1002@${DOMAIN}`);
  exchange.receiveFrom('1099', 'wrong', 'INVITE', `sip:1002@${DOMAIN}`);
  expect(exchange.parts.guard.refusals.all().map(({ as, why }) => `${as}: ${why}`)).toEqual([
    'bob@elsewhere.example: It wanted to call through this exchange to somewhere else, and is nobody of this office.',
    'bob@elsewhere.example: It asked for a number that nobody has here.',
    `1001@${DOMAIN}: The password was wrong.`,
    `1099@${DOMAIN}: Nobody here has that number.`,
  ]);
});

test('a stranger does not choose the way to one of ours: it might lead to anyone', () => {
  const exchange = exchangeWithPhones();
  const by = (route: string): number[] =>
    exchange.receive('INVITE', `sip:1002@${DOMAIN}`, [abroad, ['Route', route]]).statuses;
  expect(by('<sip:192.0.2.99;lr>')).toEqual([403]);
  expect(by(`<sip:${SELF};lr>, <sip:192.0.2.99>`)).toEqual([403]);
  expect(exchange.sent).toHaveLength(0);
  by(`<sip:${SELF};lr>`);
  expect(exchange.sent).toHaveLength(1);
});

test.each([
  ['its own domain', 'sip:two.example', 401],
  ['an address of the exchange', `sip:${SELF}`, 401],
  ['another domain', 'sip:one.example', 404],
])('a user of one of two domains registers at %s', (_what, uri, status) => {
  const users = new MemoryUsers('one.example', 'two.example');
  const identity = new Identity(users, { hosts: [SELF], ports: [5060] });
  const exchange = new TestExchange({}, { users, identity });
  expect(exchange.receive('REGISTER', uri, [['To', '<sip:1001@two.example>']]).statuses).toEqual([status]);
});

test('both hashes are offered under one nonce, and only the old one to phones that know no other', () => {
  const { last } = exchangeWithPhones().receive('INVITE', `sip:1002@${DOMAIN}`, [office('1001')]);
  const challenges = parseChallenges(last.headers.lines(H.ProxyAuthenticate));
  expect(challenges.map(({ algorithm, realm }) => [algorithm, realm])).toEqual([
    ['MD5', DOMAIN],
    ['SHA-256', DOMAIN],
  ]);
  expect(new Set(challenges.map(({ nonce }) => nonce)).size).toBe(1);
  const old: HeaderLine[] = [office('1001'), ['User-Agent', 'baresip v1.0.0 (x86_64/linux)']];
  const alone = exchangeWithPhones().receive('INVITE', `sip:1002@${DOMAIN}`, old).last;
  expect(alone.headers.lines(H.ProxyAuthenticate)).toEqual([expect.stringContaining('algorithm=MD5')]);
});

test('the right password lets a call through, and our credentials stay here', () => {
  const exchange = exchangeWithPhones();
  expect(exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1002@${DOMAIN}`).statuses).toEqual([100]);
  expect(exchange.out(0).request.header(H.ProxyAuthorization)).toBeUndefined();
});

test('a wrong password and an unknown user look the same', () => {
  const exchange = exchangeWithPhones();
  const wrong = exchange.receiveFrom('1001', 'guess', 'INVITE', `sip:1002@${DOMAIN}`).last;
  const unknown = exchange.receiveFrom('1999', 'guess', 'INVITE', `sip:1002@${DOMAIN}`).last;
  const shape = (text: string): string => text.replaceAll(/"[0-9a-f]{60}"/g, 'NONCE').replaceAll(/1999/g, '1001');
  const words = (response: typeof wrong): string[] => [
    `${response.status} ${response.reason}`,
    ...response.headers.lines(H.ProxyAuthenticate).map(shape),
  ];
  expect(words(unknown)).toEqual(words(wrong));
  expect(wrong.status).toBe(407);
});

test('one user does not call, and does not register, under the name of another', () => {
  const exchange = exchangeWithPhones();
  const asOther = exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1002@${DOMAIN}`, [office('1002')]);
  expect(asOther.statuses).toEqual([403]);
  const to: HeaderLine = ['To', `<sip:1002@${DOMAIN}>`];
  expect(exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, [to]).statuses).toEqual([403]);
});

test('a challenge need not be remembered, and is the same when it comes again; a wrong password is one offence', () => {
  const exchange = exchangeWithPhones();
  const headers: HeaderLine[] = [['To', `<sip:1001@${DOMAIN}>`]];
  const first = exchange.receive('REGISTER', `sip:${DOMAIN}`, headers);
  const again = exchange.receive('REGISTER', `sip:${DOMAIN}`, headers);
  expect([first.statuses, first.isForgotten]).toEqual([[401], true]);
  expect(again.last.to.tag).toBe(first.last.to.tag);
  // A phone of ours is to know whom it tells which computer it is on.
  expect(first.last.header(H.Server)).toBe('Tandem');
  const wrong = exchange.receiveFrom('1001', 'guess', 'REGISTER', `sip:${DOMAIN}`, headers);
  expect([wrong.statuses, wrong.isForgotten]).toEqual([[401], false]);
});

describe('several passwords and numbers', () => {
  const call = (exchange: TestExchange, password: string, from = '1001') =>
    exchange.receiveFrom('1001', password, 'INVITE', `sip:1002@${DOMAIN}`, [office(from)]).statuses;

  test('a device has its own beside the user, and may send under the user’s name', () => {
    const exchange = exchangeWithPhones();
    exchange.users.addDevice('1001', 'desk', 'desk-pass').addDevice('1001', 'mobile', 'mobile-pass');
    expect(['one', 'desk-pass', 'mobile-pass', 'guess'].map((password) => call(exchange, password))).toEqual([
      [100],
      [100],
      [100],
      [407],
    ]);
    expect(call(exchange, 'desk-pass', '1002')).toEqual([403]);
  });

  test('a binding tells which device made it', async () => {
    const exchange = exchangeWithPhones();
    exchange.users.addDevice('1001', 'desk', 'desk-pass');
    const contact: HeaderLine = ['Contact', '<sip:1001@192.0.2.50>'];
    exchange.receiveFrom('1001', 'desk-pass', 'REGISTER', `sip:${DOMAIN}`, [contact]);
    const found = exchange.locations.lookup(aorOf('1001', DOMAIN), exchange.clock.now());
    expect(found.map(({ device }) => device)).toEqual(['desk']);
  });

  test('a failure takes the same work for everyone, however many passwords there are', () => {
    let hashed = 0;
    const count = (bytes: string): string => {
      hashed++;
      return nodeHashes.md5(bytes);
    };
    const users = new MemoryUsers(DOMAIN).add('1001', 'one').add('1002', 'two').addDevice('1002', 'desk', 'desk');
    const nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now: Date.now });
    const hashes = { md5: count, sha256: nodeHashes.sha256 };
    const exchange = new TestExchange({}, { users, authenticator: new DigestAuthenticator({ users, nonces, hashes }) });
    const work = ['1001', '1002', '1999'].map((number) => {
      hashed = 0;
      const from: HeaderLine[] = [office(number), ['User-Agent', 'baresip v1.0.0 (x86_64/linux)']];
      expect(exchange.receiveFrom(number, 'guess', 'INVITE', `sip:1002@${DOMAIN}`, from).statuses).toEqual([407]);
      return hashed;
    });
    expect(work[0]).toBeGreaterThan(2);
    expect(new Set(work).size).toBe(1);
  });

  test('an alias is the user’s own name, to call from, to register and to be called at', () => {
    const exchange = exchangeWithPhones();
    exchange.users.addAlias('1001', '+4930900').addAlias('1002', '+4930901');
    expect(call(exchange, 'one', '+4930900')).toEqual([100]);
    expect(call(exchange, 'one', '+4930901')).toEqual([403]);
    const headers: HeaderLine[] = [
      ['To', `<sip:+4930900@${DOMAIN}>`],
      ['Contact', '<sip:1001@192.0.2.50>'],
    ];
    exchange.receiveFrom('1001', 'one', 'REGISTER', `sip:${DOMAIN}`, headers);
    expect(exchange.locations.lookup(aorOf('1001', DOMAIN), exchange.clock.now())).toHaveLength(1);
    exchange.receive('INVITE', `sip:+4930901@${DOMAIN}`);
    expect(exchange.sent.at(-1)?.request.uriText).toBe('sip:1002@192.0.2.62:5060');
  });
});

test('a body is proved by who chooses to, and not another in its place', () => {
  const users = new MemoryUsers(DOMAIN).add('1001', 'one');
  const nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now: Date.now });
  const authenticator = new DigestAuthenticator({ users, nonces, hashes: nodeHashes });
  const uri = `sip:1002@${DOMAIN}`;
  const verify = (body: string): string => {
    const challenges = parseChallenges([`Digest realm="${DOMAIN}", nonce="${nonces.make(DOMAIN)}", qop="auth-int"`]);
    const asked = {
      method: 'MESSAGE',
      uri,
      username: '1001',
      password: 'one',
      cnonce: 'c',
      nonceCount: 1,
      body: 'hello',
    };
    const answer = answerChallenge({ ...asked, challenges, hashes: nodeHashes });
    const request = buildRequest({
      ...{ method: 'MESSAGE', uri, via: 'SIP/2.0/UDP h;branch=z9hG4bKa', from: '<sip:a@h>;tag=1', to: `<${uri}>` },
      ...{ callId: 'c', cseq: 1, headers: [['Proxy-Authorization', answer?.value ?? '']] },
      body: { type: 'text/plain', content: body },
    });
    return authenticator.verify(request, H.ProxyAuthorization, DOMAIN).result;
  };
  expect([verify('hello'), verify('something else')]).toEqual(['ok', 'wrong']);
});

test('an old nonce is told from a wrong password', () => {
  const exchange = exchangeWithPhones();
  const first = exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1002@${DOMAIN}`).request;
  exchange.clock.advance(3_600_000);
  const credentials = first.header(H.ProxyAuthorization) ?? '';
  const late = exchange.receive('INVITE', `sip:1002@${DOMAIN}`, [office('1001'), ['Proxy-Authorization', credentials]]);
  expect(late.statuses).toEqual([407]);
  expect(parseChallenges(late.last.headers.lines(H.ProxyAuthenticate))[0]?.stale).toBe(true);
});

test('credentials caught on the wire are worth nothing: the next count is taken, the same one is not', () => {
  const exchange = exchangeWithPhones();
  const uri = `sip:1002@${DOMAIN}`;
  const challenges = parseChallenges(
    exchange.receive('INVITE', uri, [office('1001')]).last.headers.lines(H.ProxyAuthenticate),
  );
  const send = (nonceCount: number) => {
    const asked = { method: 'INVITE', uri, username: '1001', password: 'one', cnonce: 'c', hashes: nodeHashes };
    const answer = answerChallenge({ ...asked, challenges, nonceCount });
    return exchange.receive('INVITE', uri, [office('1001'), ['Proxy-Authorization', answer?.value ?? '']]);
  };
  expect([send(1), send(2)].map(({ statuses }) => statuses)).toEqual([[100], [100]]);
  const caught = send(2);
  expect(caught.statuses).toEqual([407]);
  expect(parseChallenges(caught.last.headers.lines(H.ProxyAuthenticate))[0]?.stale).toBe(true);
  expect(exchange.sent).toHaveLength(2);
});

describe('credentials that were made for', () => {
  const cases: [what: string, made: string, uri: string, status: number][] = [
    ['the same, written differently', `sip:%31002@${DOMAIN.toUpperCase()};x=y`, `sip:1002@${DOMAIN}`, 100],
    ['the same by an address of ours', `sip:1002@${SELF}:5060`, `sip:1002@${DOMAIN}`, 100],
    ['the server alone', `sip:${SELF}:5060`, `sip:1002@${DOMAIN}`, 100],
    ['another number', `sip:1003@${DOMAIN}`, `sip:1002@${DOMAIN}`, 400],
    ['the same number elsewhere', 'sip:1002@192.0.2.99', `sip:1002@${DOMAIN}`, 400],
    ['ours, sent abroad', `sip:${DOMAIN}`, 'sip:1002@192.0.2.99', 400],
    ['another port abroad', 'sip:a@192.0.2.99:5070', 'sip:a@192.0.2.99', 400],
    ['nothing that is a URI', '*', `sip:1002@${DOMAIN}`, 400],
  ];
  test.each(cases)('%s', (_what, made, uri, status) => {
    const exchange = exchangeWithPhones();
    const challenges = parseChallenges(
      exchange.receive('INVITE', uri, [office('1001')]).last.headers.lines(H.ProxyAuthenticate),
    );
    const asked = { method: 'INVITE', username: '1001', password: 'one', cnonce: 'c', nonceCount: 1 };
    const answer = answerChallenge({ ...asked, uri: made, challenges, hashes: nodeHashes })?.value ?? '';
    const { last } = exchange.receive('INVITE', uri, [office('1001'), ['Proxy-Authorization', answer]]);
    expect(last.status).toBe(status);
  });
});

describe('inside a dialog', () => {
  const token = (exchange: TestExchange): string => {
    const route = exchange.out(0).request.header(H.RecordRoute) ?? '';
    return /;dlg=([^;>]+)/.exec(route)?.[1] ?? '';
  };
  const route = (value: string): HeaderLine => ['Route', `<sip:192.0.2.1;lr;dlg=${value}>`];

  function talking(): { exchange: TestExchange; dialog: HeaderLine[] } {
    const exchange = exchangeWithPhones();
    const invite = exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1002@${DOMAIN}`);
    exchange.out(0).answer(200, { toTag: 'callee' });
    const dialog: HeaderLine[] = [
      ['From', `<sip:1001@${DOMAIN}>;tag=${invite.request.from.tag}`],
      ['To', `<sip:1002@${DOMAIN}>;tag=callee`],
      ['Call-ID', invite.request.callId],
    ];
    return { exchange, dialog };
  }

  test('the mark of our Record-Route stands in for a password, on both sides', () => {
    const { exchange, dialog } = talking();
    const mark = route(token(exchange));
    exchange.receive('BYE', 'sip:1002@192.0.2.62:5060', [...dialog, mark]);
    expect(exchange.out(1).request.method).toBe('BYE');
    expect(exchange.out(1).request.header(H.Route)).toBeUndefined();
    const back: HeaderLine[] = [['From', dialog[1]?.[1] ?? ''], ['To', dialog[0]?.[1] ?? ''], dialog[2] ?? ['', '']];
    exchange.receive('BYE', 'sip:1001@192.0.2.50:5060', [...back, mark]);
    expect(exchange.out(2).hop.host).toBe('192.0.2.50');
  });

  /** A stranger calls 1002, and sends `method` in that dialog to `uri`, by `more` routes. */
  function stranger(method: string, uri: string, more = '', contact = '<sip:bob@192.0.2.50>') {
    const exchange = exchangeWithPhones();
    const bob: HeaderLine[] = [abroad, ['Contact', contact]];
    const { request } = exchange.receive('INVITE', `sip:1002@${DOMAIN}`, bob);
    exchange.out(0).answer(200, { toTag: 'callee' });
    const mark = route(token(exchange));
    const incoming = exchange.receive(method, uri, [
      abroad,
      ['To', `<sip:1002@${DOMAIN}>;tag=callee`],
      ['Call-ID', request.callId],
      ['Route', `${mark[1]}${more}`],
    ]);
    return { exchange, statuses: incoming.statuses, mark, callId: request.callId };
  }

  test.each([
    ['the phone that answered', 'INVITE', 'sip:1002@192.0.2.62:5060', ''],
    ['another one of ours', 'REFER', `sip:1001@${DOMAIN}`, ''],
    ['wherever it ends the call', 'BYE', 'sip:x@192.0.2.99', ''],
    ['wherever it says what began nothing', 'UPDATE', 'sip:x@192.0.2.99', ', <sip:192.0.2.98;lr>'],
  ])('a stranger reaches %s', (_what, method, uri, more) => {
    const exchange = stranger(method, uri, more);
    expect(exchange.statuses.filter((status) => status !== 100 && status !== 480)).toEqual([]);
  });

  test.each([
    ['another address', 'sip:0900@192.0.2.99', ''],
    ['another name', 'sip:0900@pstn.example', ''],
    ['another address behind the right name', 'sip:1002@192.0.2.62:5060;maddr=192.0.2.99', ''],
    ['an address that ends alike', 'sip:1002@92.0.2.62', ''],
    ['another proxy', 'sip:1002@192.0.2.62:5060', ', <sip:192.0.2.99;lr>'],
    ['one of ours by another proxy', `sip:1002@${DOMAIN}`, ', <sip:192.0.2.99;lr>'],
  ])('a stranger with a mark reaches not %s', (_what, uri, more) => {
    for (const method of ['INVITE', 'MESSAGE', 'NOTIFY', 'REFER']) {
      const { exchange, statuses } = stranger(method, uri, more);
      expect(statuses).toEqual([403]);
      expect(exchange.sent).toHaveLength(1);
    }
  });

  test.each([
    ['his Contact', '<sip:bob@192.0.2.50>', [], 'sip:bob@192.0.2.50'],
    ['his Contact elsewhere', '"B" <sip:bob@192.0.2.5>', [], 'sip:bob@192.0.2.5'],
    ['his Contact by name', '<sip:bob@[2001:DB8::5]>', [], 'sip:bob@[2001:db8::5]'],
    [
      'the proxy before him',
      '<sip:bob@10.0.0.9>',
      [['Record-Route', '<sip:192.0.2.77;lr>, <sip:192.0.2.78>']],
      'sip:x@y.example',
    ],
  ] as [string, string, HeaderLine[], string][])(
    'our phone reaches a stranger who called by %s',
    (_what, contact, more, uri) => {
      const exchange = exchangeWithPhones();
      const { request } = exchange.receive('INVITE', `sip:1002@${DOMAIN}`, [abroad, ['Contact', contact], ...more]);
      exchange.out(0).answer(200, { toTag: 'callee' });
      const onward = more.length > 0 ? ', <sip:192.0.2.77;lr>' : '';
      const incoming = exchange.receive('INVITE', uri, [
        ['From', `<sip:1002@${DOMAIN}>;tag=callee`],
        ['To', abroad[1]],
        ['Call-ID', request.callId],
        ['Route', `${route(token(exchange))[1]}${onward}`],
      ]);
      expect(incoming.statuses).toEqual([100]);
    },
  );

  test('who is one of ours is asked who he is, and gets anywhere, also by the name that was called', () => {
    const { exchange, dialog } = talking();
    const lines: HeaderLine[] = [
      ['From', dialog[1]?.[1] ?? ''],
      ['To', dialog[0]?.[1] ?? ''],
      dialog[2] ?? ['', ''],
      route(token(exchange)),
    ];
    const invite = exchange.receiveFrom('1001', 'one', 'INVITE', 'sip:alice@192.0.2.99', lines);
    expect(invite.statuses).toEqual([100]);
  });

  test.each([
    ['made up', (_mark: string) => '0123456789abcdef', {}],
    ['of another call', (mark: string) => mark, { 'Call-ID': 'another' }],
    ['outside a dialog', (mark: string) => mark, { To: `<sip:1002@${DOMAIN}>` }],
  ])('a mark that is %s opens nothing', (_what, change, replaced: Record<string, string>) => {
    const { exchange, dialog } = talking();
    const lines = dialog.map(([name, value]): HeaderLine => [name, replaced[name] ?? value]);
    const incoming = exchange.receive('BYE', 'sip:alice@192.0.2.99', [...lines, route(change(token(exchange)))]);
    expect(incoming.statuses).toEqual([407]);
    expect(exchange.sent).toHaveLength(1);
  });
});

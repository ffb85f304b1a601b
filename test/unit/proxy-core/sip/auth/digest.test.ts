import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { answerChallenge } from '../../../../../proxy-core/sip/auth/answer.ts';
import { parseAuthValues } from '../../../../../proxy-core/sip/auth/auth-params.ts';
import { buildChallenge, parseChallenges } from '../../../../../proxy-core/sip/auth/challenge.ts';
import { checkCredentials } from '../../../../../proxy-core/sip/auth/check.ts';
import { parseCredentials } from '../../../../../proxy-core/sip/auth/credentials.ts';
import { digestResponse, userHash } from '../../../../../proxy-core/sip/auth/digest.ts';
import { NonceMaker } from '../../../../../proxy-core/sip/auth/nonce.ts';

const mufasa = { username: 'Mufasa', method: 'GET', uri: '/dir/index.html', hashes: nodeHashes, nonceCount: 1 };
const rfc2617 = {
  realm: 'testrealm@host.com',
  nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  opaque: '5ccc069c403ebaf9f0171e9517f40e41',
};
const rfc7616 = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
};
const cnonce7616 = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

const challenge = (of: { realm: string; nonce: string; opaque: string }, more: string): string =>
  `Digest realm="${of.realm}", ${more}nonce="${of.nonce}", opaque="${of.opaque}"`;

const fields = (value: string): Record<string, string> => {
  const parsed = parseAuthValues(value);
  return Object.fromEntries((parsed.ok ? parsed.value[0]?.params : undefined) ?? []);
};

const bytes = () => fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets).toString('latin1'));

describe('an answer', () => {
  it.each([
    [
      'RFC 2617 §3.5',
      [challenge(rfc2617, 'qop="auth,auth-int", ')],
      { password: 'Circle Of Life', cnonce: '0a4f113b' },
      '6629fae49393a05397450978507c4ef1',
    ],
    [
      'RFC 2069, without qop',
      [challenge(rfc2617, '')],
      { password: 'Circle Of Life', cnonce: 'x' },
      '670fd8c2df070c60b045671b8b24ff02',
    ],
    [
      'RFC 7616 §3.9.1 with MD5',
      [challenge(rfc7616, 'qop="auth, auth-int", algorithm=MD5, ')],
      { password: 'Circle of Life', cnonce: cnonce7616 },
      '8ca523f5e9506fed4657c9700eebdbec',
    ],
    [
      'RFC 7616 §3.9.1 with SHA-256',
      [challenge(rfc7616, 'qop="auth, auth-int", algorithm=SHA-256, ')],
      { password: 'Circle of Life', cnonce: cnonce7616 },
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'RFC 8760 §2.4: SHA-256 before MD5, whichever stands first, unknown ones passed over',
      [
        challenge(rfc7616, 'qop="auth", algorithm=SHA-512-256, '),
        challenge(rfc7616, 'qop="auth", algorithm=MD5, '),
        challenge(rfc7616, 'qop="auth", algorithm=SHA-256, '),
      ],
      { password: 'Circle of Life', cnonce: cnonce7616 },
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
  ])('%s', (_name, values, { password, cnonce }, response) => {
    const answer = answerChallenge({ ...mufasa, challenges: parseChallenges(values), password, cnonce });
    const got = fields(answer?.value ?? '');
    expect(got.response).toBe(response);
    expect([got.username, got.uri, got.realm, got.opaque]).toEqual([
      'Mufasa',
      '/dir/index.html',
      answer?.challenge.realm,
      answer?.challenge.opaque,
    ]);
    const parsed = parseCredentials(answer?.value ?? '');
    expect(parsed.ok && parsed.value.response).toBe(response);
  });

  it('uses auth-int where nothing else is offered, and the session kinds (RFC 7616 §3.4.2, §3.4.3)', () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const values = ['Digest realm="r", nonce="n", qop="auth-int", algorithm=MD5-sess'];
    const parts = { ...mufasa, challenges: parseChallenges(values), password: 'p', cnonce: 'c', body: 'v=0' };
    const a1 = md5(`${md5('Mufasa:r:p')}:n:c`);
    const a2 = md5(`GET:/dir/index.html:${md5('v=0')}`);
    expect(fields(answerChallenge(parts)?.value ?? '')).toMatchObject({
      response: md5(`${a1}:n:00000001:c:auth-int:${a2}`),
      algorithm: 'MD5-sess',
      qop: 'auth-int',
      nc: '00000001',
    });
  });

  it('writes name and password as UTF-8 and quotes what must be quoted', () => {
    const challenges = parseChallenges(['Digest realm="caf\xe9 \\"x\\"", nonce="n", qop="auth"']);
    const answer = answerChallenge({ ...mufasa, challenges, username: 'Zoë "Z"', password: 'pässword', cnonce: 'c' });
    expect(answer?.value).toContain('username="Zo\xc3\xab \\"Z\\""');
    expect(answer?.value).toContain('realm="caf\xe9 \\"x\\""');
    // The realm is hashed as its bytes, which are not UTF-8 here.
    const bytes = Buffer.concat([
      Buffer.from('Zoë "Z":'),
      Buffer.from('caf\xe9 "x"', 'latin1'),
      Buffer.from(':pässword'),
    ]);
    const ha1 = createHash('md5').update(bytes).digest('hex');
    const ha2 = createHash('md5').update('GET:/dir/index.html').digest('hex');
    const response = createHash('md5').update(`${ha1}:n:00000001:c:auth:${ha2}`).digest('hex');
    expect(fields(answer?.value ?? '').response).toBe(response);
  });

  it('counts the nonce in eight hex digits', () => {
    const challenges = parseChallenges([challenge(rfc2617, 'qop="auth", ')]);
    const answer = answerChallenge({ ...mufasa, challenges, password: 'p', cnonce: 'c', nonceCount: 300 });
    expect(fields(answer?.value ?? '').nc).toBe('0000012c');
  });

  it.each([
    ['no challenge', []],
    ['another scheme', ['Basic realm="x"', 'Bearer abc=']],
    ['unknown hashes', [challenge(rfc7616, 'algorithm=SHA-512-256, qop="auth", ')]],
    ['an unknown qop', [challenge(rfc7616, 'qop="token", ')]],
    ['no nonce', ['Digest realm="x"']],
    ['torn quotes', ['Digest realm="x, nonce="y']],
    ['noise', ['', ',,,', '=', 'Digest', '\x00']],
  ])('is not given to %s', (_name, values) => {
    expect(
      answerChallenge({ ...mufasa, challenges: parseChallenges(values), password: 'p', cnonce: 'c' }),
    ).toBeUndefined();
  });
});

describe('challenges', () => {
  it('are read from one line or from several', () => {
    const first = 'Digest realm="a", nonce="1", qop="auth", algorithm=SHA-256';
    const second = 'digest  realm="b, c" , nonce="2",stale=TRUE';
    const read = (values: string[]) =>
      parseChallenges(values).map(({ realm, nonce, algorithm, stale }) => [realm, nonce, algorithm, stale]);
    const both = [
      ['a', '1', 'SHA-256', false],
      ['b, c', '2', 'MD5', true],
    ];
    expect(read([first, second])).toEqual(both);
    expect(read([`${first}, ${second}`])).toEqual(both);
  });

  it('that we make can be read by us', () => {
    const made = buildChallenge({ realm: 'office "x"', nonce: 'n1', algorithm: 'SHA-256', stale: true });
    expect(parseChallenges([made])).toEqual([
      {
        realm: 'office "x"',
        nonce: 'n1',
        opaque: undefined,
        algorithm: 'SHA-256',
        session: false,
        algorithmText: 'SHA-256',
        qop: ['auth'],
        stale: true,
      },
    ]);
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(bytes(), (noise) => {
        parseChallenges([noise, `Digest ${noise}`]);
        parseCredentials(`Digest ${noise}`);
      }),
    );
  });
});

describe('a server', () => {
  let now = 1_000_000;
  const nonces = new NonceMaker({ hashes: nodeHashes, secret: 's'.repeat(32), now: () => now, lifetimeMs: 60_000 });
  const ha1 = userHash(nodeHashes, 'SHA-256', 'bob', 'office', 'zürich');
  const credentialsFor = (nonce: string, password = 'zürich') => {
    const challenges = parseChallenges([buildChallenge({ realm: 'office', nonce, algorithm: 'SHA-256' })]);
    const parts = { challenges, method: 'REGISTER', uri: 'sip:office', username: 'bob', password };
    const answer = answerChallenge({ ...parts, cnonce: 'c', nonceCount: 1, hashes: nodeHashes });
    const parsed = parseCredentials(answer?.value ?? '');
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  };
  const check = (nonce: string, more: object = {}, password?: string) =>
    checkCredentials({
      credentials: credentialsFor(nonce, password),
      method: 'REGISTER',
      ha1,
      nonces,
      hashes: nodeHashes,
      ...more,
    });

  it('takes what our own client answers', () => {
    expect(check(nonces.make())).toBe('ok');
  });

  it('refuses another password, user, method or uri', () => {
    const nonce = nonces.make();
    expect(check(nonce, {}, 'zurich')).toBe('wrong');
    expect(check(nonce, { ha1: undefined })).toBe('wrong');
    expect(check(nonce, { method: 'INVITE' })).toBe('wrong');
    expect(check(nonce, { credentials: { ...credentialsFor(nonce), uri: 'sip:else' } })).toBe('wrong');
    expect(check(nonce, { credentials: { ...credentialsFor(nonce), nc: '00000002' } })).toBe('wrong');
  });

  it('knows a user nobody knows not even by the answer to an empty hash', () => {
    const nonce = nonces.make();
    const credentials = credentialsFor(nonce);
    const response = digestResponse(nodeHashes, '', { ...credentials, method: 'REGISTER' });
    expect(check(nonce, { ha1: undefined, credentials: { ...credentials, response } })).toBe('wrong');
  });

  it('says stale for a right password with an old or a foreign nonce', () => {
    const nonce = nonces.make();
    expect(check('not-ours')).toBe('stale');
    expect(check(nonce.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).toBe('stale');
    now += 59_999;
    expect(check(nonce)).toBe('ok');
    now += 1;
    expect(check(nonce)).toBe('stale');
    expect(check(nonce, {}, 'guess')).toBe('wrong');
  });

  it('ties a nonce to what it was made for', () => {
    const nonce = nonces.make('10.0.0.1');
    expect(nonces.read(nonce, '10.0.0.1')?.issuedAt).toBe(now);
    expect(nonces.read(nonce, '10.0.0.2')).toBeUndefined();
    expect(nonces.read(nonce)).toBeUndefined();
  });

  it('takes no nonce from the future, nor of another secret', () => {
    now += 10_000;
    const nonce = nonces.make();
    now -= 10_000;
    expect(nonces.read(nonce)).toBeUndefined();
    const other = new NonceMaker({ hashes: nodeHashes, secret: 't'.repeat(32), now: () => now });
    expect(nonces.read(other.make())).toBeUndefined();
    expect(() => new NonceMaker({ hashes: nodeHashes, secret: 'short', now: () => now })).toThrow(RangeError);
  });

  it.each([
    ['another scheme', 'Basic Zm9v'],
    ['no response', 'Digest username="a", realm="r", nonce="n", uri="sip:x"'],
    ['a torn response', 'Digest username="a", realm="r", nonce="n", uri="sip:x", response="12"'],
    [
      'qop without cnonce',
      `Digest username="a", realm="r", nonce="n", uri="sip:x", response="${'0'.repeat(32)}", qop=auth, nc=00000001`,
    ],
    [
      'a torn nc',
      `Digest username="a", realm="r", nonce="n", uri="sip:x", response="${'0'.repeat(32)}", qop=auth, nc=1, cnonce="c"`,
    ],
    [
      'two usernames',
      `Digest username="a", username="b", realm="r", nonce="n", uri="sip:x", response="${'0'.repeat(32)}"`,
    ],
    [
      'an unknown algorithm',
      `Digest username="a", realm="r", nonce="n", uri="sip:x", response="${'0'.repeat(32)}", algorithm=ROT13`,
    ],
  ])('refuses to read credentials with %s', (_name, text) => {
    expect(parseCredentials(text).ok).toBe(false);
  });
});

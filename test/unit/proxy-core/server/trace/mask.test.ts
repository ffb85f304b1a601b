import { describe, expect, test } from 'vitest';
import { masked } from '../../../../../proxy-core/server/trace/mask.ts';
import { request, response } from '../../../../support/trace-script.ts';

const SECRET = 'c0ffee'.repeat(6);

const digest = (name: string): string =>
  `Digest username="1002", realm="office.example", nonce="n${SECRET}", uri="sip:office.example", ` +
  `response="${SECRET}", cnonce="c${SECRET}", qop=auth, nc=00000001, algorithm=MD5${name}`;

/** Every kind of secret, wherever it may stand. */
const secrets: readonly (readonly [what: string, wire: string])[] = [
  ['Authorization', request({ method: 'REGISTER', headers: { Authorization: digest('') } })],
  ['Proxy-Authorization', request({ headers: { 'Proxy-Authorization': digest('') } })],
  ['small letters, and a blank before the colon', request({ headers: { 'authorization ': digest('') } })],
  [
    'without quotes',
    request({ headers: { Authorization: `Digest username=1002,response=${SECRET},cnonce=${SECRET}` } }),
  ],
  [
    'folded',
    request({
      headers: { Authorization: `Digest username="1002",\r\n response="${SECRET}",\r\n\tcnonce="${SECRET}"` },
    }),
  ],
  ['behind a lone CR', request({ headers: { Authorization: `Digest username="1002",\rresponse="${SECRET}"` } })],
  ['a quote that never ends', request({ headers: { Authorization: `Digest response="${SECRET}` } })],
  ['another scheme', request({ headers: { Authorization: `Basic ${SECRET}` } })],
  ['Bearer', request({ headers: { Authorization: `Bearer ${SECRET}` } })],
  [
    'Authentication-Info',
    response(200, 'OK', { headers: { 'Authentication-Info': `rspauth="${SECRET}", cnonce="${SECRET}"` } }),
  ],
  ['SDES', request({ body: `v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${SECRET}|2^20|1:32\r\n` })],
  ['several SDES keys', request({ body: `v=0\na=crypto:1 F8_128 inline:${SECRET}|1:4;inline:x${SECRET}|2:4 KDR=1\n` })],
  ['SDES by another method', request({ body: `v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 other:${SECRET}\r\n` })],
  ['the old key line', request({ body: `v=0\r\nk=clear:${SECRET}\r\nm=audio 4 RTP/AVP 0\r\n` })],
  ['MIKEY', request({ body: `v=0\r\na=key-mgmt:mikey ${SECRET}\r\n` })],
  ['the ICE password', request({ body: `v=0\r\na=ice-pwd:${SECRET}\r\n` })],
  ['a password in a URI', request({ headers: { Contact: `<sip:1002:${SECRET}@192.0.2.7>` } })],
  [
    'credentials in a URI',
    request({ headers: { 'Refer-To': `<sip:x@y?Authorization=Digest%20response%3D${SECRET}>` } }),
  ],
  ['the text of a MESSAGE', request({ method: 'MESSAGE', body: `meet me ${SECRET}`, type: 'text/plain' })],
  ['what answers a MESSAGE', response(200, 'OK', { method: 'MESSAGE', body: SECRET, type: 'text/plain' })],
  ['digits of INFO', request({ method: 'INFO', body: `Signal=${SECRET}`, type: 'application/dtmf-relay' })],
  ['an encoded body', request({ headers: { 'Content-Encoding': 'gzip' }, body: SECRET, type: 'application/sdp' })],
  ['credentials without a colon', `INVITE sip:a SIP/2.0\r\nAuthorization Digest response="${SECRET}"\r\n\r\n`],
  ['a message that nobody can read', `nonsense\r\nAuthorization: Digest response="${SECRET}"\r\n\r\n`],
];

describe('a secret', () => {
  test.each(secrets)('goes: %s', (_what, wire) => {
    expect(wire).toContain(SECRET);
    const shown = masked(wire);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toMatch(/c0ffee/);
    expect(shown).toHaveLength(wire.length);
    expect(shown.split('\n').map((line) => line.length)).toEqual(
      // Of what people write to each other not even the lines are told.
      /MESSAGE|INFO|Encoding/.test(wire) ? expect.anything() : wire.split('\n').map((line) => line.length),
    );
  });

  test('is gone twice masked as well as once', () => {
    for (const [, wire] of secrets) expect(masked(masked(wire))).toBe(masked(wire));
  });
});

describe('what is no secret', () => {
  test('stays: who it was, for which realm, how it was hashed', () => {
    const shown = masked(request({ method: 'REGISTER', headers: { Authorization: digest('') } }));
    for (const kept of [
      'username="1002"',
      'realm="office.example"',
      'uri="sip:office.example"',
      'nc=00000001',
      'MD5',
    ]) {
      expect(shown).toContain(kept);
    }
    expect(shown).toMatch(/response="\*{36}"/);
  });

  test('stays as it is to the last byte', () => {
    const wire = request({ body: 'v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\na=fingerprint:sha-256 AA:BB\r\n' });
    expect(masked(wire)).toBe(wire);
    const challenge = response(401, 'Unauthorized', { headers: { 'WWW-Authenticate': 'Digest realm="a", nonce="b"' } });
    expect(masked(challenge)).toBe(challenge);
  });

  test('is a text that is asked for, but never a password', () => {
    const wire = request({
      method: 'MESSAGE',
      body: 'hello',
      type: 'text/plain',
      headers: { Authorization: digest('') },
    });
    const shown = masked(wire, { showsBodies: true });
    expect(shown).toContain('hello');
    expect(shown).not.toContain(SECRET);
  });
});

test('a message made to keep the masker busy is done at once', () => {
  const hostile = [
    `Authorization: ${'response='.repeat(7_000)}`,
    `Authorization: ${'"'.repeat(60_000)}`,
    `Authorization: ${'\n '.repeat(30_000)}`,
    'sip:'.repeat(15_000),
    `sip:${'a:'.repeat(30_000)}`,
    `sip:a:${'b'.repeat(60_000)}`,
    `a=crypto:${'inline:'.repeat(9_000)}`,
    '?authorization='.repeat(4_000),
    'cseq: '.repeat(10_000),
    `cseq:${' '.repeat(60_000)}`,
  ];
  const before = performance.now();
  for (const text of hostile) masked(`MESSAGE sip:a SIP/2.0\r\n${text}\r\n\r\n${text}`);
  expect(performance.now() - before).toBeLessThan(1_000);
});

/** Keys in descriptions: which line is taken, which key answers, and what is refused (RFC 4568). */
import { describe, expect, it } from 'vitest';
import {
  acceptAnswer,
  answerOffer,
  buildOffer,
  type LocalAudio,
  type Protection,
} from '../../../../../proxy-core/sip/sdp/index.ts';
import { plain } from './offers.ts';

const KEY30 = 'A'.repeat(40);
const OTHER30 = 'B'.repeat(40);
const KEY28 = `${'C'.repeat(38)}==`;
const OURS = [
  { suite: 'AEAD_AES_128_GCM', key: `${'D'.repeat(37)}A==` },
  { suite: 'AES_CM_128_HMAC_SHA1_80', key: OTHER30 },
  { suite: 'AES_CM_128_HMAC_SHA1_32', key: 'E'.repeat(40) },
];
const OUR_PRINT = { algorithm: 'sha-256', value: 'AB:'.repeat(31).concat('AB') };
const LINE = `a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${KEY30}`;

const local = (wanted: Protection): LocalAudio => ({
  sessionId: '77',
  version: 1,
  address: '192.0.2.99',
  port: 20000,
  direction: 'sendrecv',
  codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: '' }],
  protection: { wanted, offered: 'sdes', keys: OURS, fingerprint: OUR_PRINT, role: undefined },
});

const twoLines = ['m=audio 4002 RTP/AVP 0', 'm=audio 4000 RTP/SAVP 0', LINE] as const;

describe('an offer that has keys', () => {
  const table: ReadonlyArray<{
    name: string;
    offer: readonly string[];
    wanted: Protection;
    line: RegExp;
    suite?: string;
  }> = [
    { name: 'SAVP', offer: ['m=audio 4000 RTP/SAVP 0', LINE], wanted: 'offered', line: /RTP\/SAVP 0/, suite: '_80' },
    { name: 'SAVPF', offer: ['m=audio 4000 RTP/SAVPF 0', LINE], wanted: 'always', line: /RTP\/SAVPF 0/, suite: '_80' },
    {
      name: 'best effort on AVP',
      offer: ['m=audio 4000 RTP/AVP 0', LINE],
      wanted: 'offered',
      line: /RTP\/AVP 0/,
      suite: '_80',
    },
    {
      name: 'best effort, to one who never protects',
      offer: ['m=audio 4000 RTP/AVP 0', LINE],
      wanted: 'never',
      line: /RTP\/AVP 0/,
    },
    {
      name: 'two lines',
      offer: twoLines,
      wanted: 'offered',
      line: /m=audio 0 RTP\/AVP 0\r\nm=audio 20000 RTP\/SAVP 0/,
      suite: '_80',
    },
    {
      name: 'two lines, to one who never protects',
      offer: twoLines,
      wanted: 'never',
      line: /m=audio 20000 RTP\/AVP 0\r\n(?:a=.*\r\n)*m=audio 0 RTP\/SAVP 0/,
    },
    { name: 'no key', offer: ['m=audio 4000 RTP/AVP 0'], wanted: 'offered', line: /RTP\/AVP 0/ },
  ];

  it.each(table)('$name', ({ offer: [first = '', ...rest], wanted, line, suite }) => {
    const result = answerOffer(plain(first, ...rest), local(wanted));
    if (!result.ok) return expect.fail(result.error.reason);
    const { sdp, agreed } = result.value;
    expect(sdp).toMatch(line);
    expect(agreed.protection?.kind).toBe(suite === undefined ? undefined : 'sdes');
    expect(sdp.match(/a=crypto:.*/g) ?? []).toEqual(
      suite === undefined ? [] : [`a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${OTHER30}`],
    );
    if (suite) expect(agreed.protection).toMatchObject({ localKey: OTHER30, remoteKey: KEY30 });
  });

  it('is answered with the first suite of the peer that we know', () => {
    const offer = plain(
      'm=audio 4000 RTP/SAVP 0',
      `a=crypto:1 F8_128_HMAC_SHA1_80 inline:${KEY30}`,
      `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${KEY30}|2^20|1:4`,
      `a=crypto:3 AEAD_AES_128_GCM inline:${KEY28}`,
    );
    const result = answerOffer(offer, local('offered'));
    expect(result).toMatchObject({
      ok: true,
      value: { agreed: { protection: { suite: 'AES_CM_128_HMAC_SHA1_32', remoteMki: { value: 1, length: 4 } } } },
    });
  });

  it.each([
    ['a key that is too short', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY28}`],
    ['a key that is no base64', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'*'.repeat(40)}`],
    ['several keys', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY30}|1:4;inline:${KEY30}|2:4`],
    ['a suite that nobody knows', `a=crypto:1 ROT13 inline:${KEY30}`],
    ['a wish for no encryption', `${LINE} UNENCRYPTED_SRTP`],
    ['keys that change on the way', `${LINE} KDR=4`],
    ['a tag that is no number', `a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:${KEY30}`],
    ['an identifier of no length', `${LINE}|2^20|1:0`],
    ['none at all', 'a=sendrecv'],
  ])('is refused where nothing else is there: %s', (_, line) => {
    const refused = answerOffer(plain('m=audio 4000 RTP/SAVP 0', line), local('offered'));
    expect(refused).toMatchObject({
      ok: false,
      error: { status: 488, reason: expect.stringContaining('not one that we know') },
    });
  });

  it('is passed over by a call that must be protected, when it has no key', () => {
    const refused = answerOffer(plain('m=audio 4000 RTP/AVP 0'), local('always'));
    expect(refused).toMatchObject({
      ok: false,
      error: { status: 488, reason: expect.stringContaining('Only protected audio') },
    });
  });
});

describe('an offer of ours', () => {
  it('names every suite with a key, and the answer says which it took', () => {
    const offer = buildOffer(local('always'));
    expect(offer.sdp).toContain('m=audio 20000 RTP/SAVP 0\r\n');
    expect(offer.sdp.match(/a=crypto:.*/g)).toEqual(
      OURS.map(({ suite, key }, index) => `a=crypto:${index + 1} ${suite} inline:${key}`),
    );
    const answer = plain('m=audio 4000 RTP/SAVP 0', `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${KEY30}`);
    expect(acceptAnswer(offer, answer)).toMatchObject({
      ok: true,
      value: {
        protection: { suite: 'AES_CM_128_HMAC_SHA1_80', localKey: OTHER30, remoteKey: KEY30 },
        layout: { keyExchange: 'sdes' },
      },
    });
  });

  it.each([
    ['a plain line', 'm=audio 4000 RTP/AVP 0', 'a=sendrecv'],
    ['no key', 'm=audio 4000 RTP/SAVP 0', 'a=sendrecv'],
    [
      'a suite under the tag of another',
      'm=audio 4000 RTP/SAVP 0',
      `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY30}`,
    ],
    ['a tag that was not offered', 'm=audio 4000 RTP/SAVP 0', `a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:${KEY30}`],
  ])('refuses an answer with %s', (_, media, line) => {
    expect(acceptAnswer(buildOffer(local('always')), plain(media, line))).toMatchObject({
      ok: false,
      error: { status: 488 },
    });
  });

  it('stays what the call was when it is made again', () => {
    const answered = answerOffer(plain('m=audio 4000 RTP/SAVP 0', LINE), local('offered'));
    if (!answered.ok) return expect.fail(answered.error.reason);
    expect(buildOffer(local('offered'), answered.value.agreed.layout).sdp).toMatch(/RTP\/SAVP 0[\s\S]*a=crypto:1 AEAD/);
    expect(buildOffer(local('offered')).sdp).not.toContain('crypto');
  });
});

describe('DTLS', () => {
  const PRINT = `a=fingerprint:SHA-256 ${'0a:'.repeat(31)}0a`;
  const THEIRS = [{ algorithm: 'sha-256', value: `${'0A:'.repeat(31)}0A` }];

  it.each([
    ['UDP/TLS/RTP/SAVPF', 'a=setup:actpass', 'active', 'client'],
    ['UDP/TLS/RTP/SAVP', 'a=setup:active', 'passive', 'server'],
    ['RTP/SAVPF', 'a=setup:passive', 'active', 'client'],
    ['UDP/TLS/RTP/SAVP', 'a=sendrecv', 'active', 'client'],
  ])('offered on %s with %s is answered as %s', (profile, setup, answer, role) => {
    const result = answerOffer(plain(`m=audio 4000 ${profile} 0`, PRINT, setup), local('offered'));
    if (!result.ok) return expect.fail(result.error.reason);
    expect(result.value.sdp).toContain(`a=fingerprint:sha-256 ${OUR_PRINT.value}\r\na=setup:${answer}\r\n`);
    expect(result.value.agreed.protection).toEqual({ kind: 'dtls', role, fingerprints: THEIRS });
  });

  it('is taken before keys in the description, and both before nothing', () => {
    const offer = plain(
      'm=audio 4000 RTP/AVP 0',
      'm=audio 4002 RTP/SAVP 0',
      LINE,
      'm=audio 4004 UDP/TLS/RTP/SAVP 0',
      PRINT,
    );
    expect(answerOffer(offer, local('offered'))).toMatchObject({
      ok: true,
      value: { agreed: { layout: { audioIndex: 2 } } },
    });
    expect(answerOffer(offer, local('never'))).toMatchObject({
      ok: true,
      value: { agreed: { layout: { audioIndex: 0 } } },
    });
  });

  it.each([
    ['a hash that nobody takes', `a=fingerprint:md5 ${'0A:'.repeat(15)}0A`, 'a=setup:active'],
    ['a fingerprint of no form', 'a=fingerprint:sha-256 hello', 'a=setup:active'],
    ['a setup that waits', PRINT, 'a=setup:holdconn'],
  ])('is refused with %s', (_, print, setup) => {
    const offer = plain('m=audio 4000 UDP/TLS/RTP/SAVP 0', print, setup);
    expect(answerOffer(offer, local('offered'))).toMatchObject({ ok: false, error: { status: 488 } });
  });

  it('is refused as an answer to keys, and keys as an answer to it', () => {
    const keys = buildOffer(local('always'));
    expect(acceptAnswer(keys, plain('m=audio 4000 UDP/TLS/RTP/SAVP 0', PRINT, 'a=setup:active'))).toMatchObject({
      ok: false,
    });
    const byDtls = local('always');
    const offer = buildOffer({ ...byDtls, protection: byDtls.protection && { ...byDtls.protection, offered: 'dtls' } });
    expect(acceptAnswer(offer, plain('m=audio 4000 RTP/SAVP 0', LINE))).toMatchObject({ ok: false });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeUser,
  parseHostPort,
  parseUri,
  type SipUri,
  sameUri,
  unescapeUri,
} from '../../../../../proxy-core/sip/grammar/uri.ts';

const uri = (text: string): SipUri => {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return parsed.value;
};

describe('a URI (RFC 3261 §19.1.3 and more)', () => {
  it.each([
    ['sip:alice@atlanta.com', { scheme: 'sip', user: 'alice', host: 'atlanta.com', params: '', headers: '' }],
    [
      'sip:alice:secretword@atlanta.com;transport=tcp',
      { user: 'alice', password: 'secretword', params: ';transport=tcp' },
    ],
    [
      'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
      { scheme: 'sips', headers: '?subject=project%20x&priority=urgent' },
    ],
    ['sip:+1-212-555-1212:1234@gateway.com;user=phone', { user: '+1-212-555-1212', password: '1234' }],
    ['sips:1212@gateway.com', { user: '1212' }],
    ['sip:alice@192.0.2.4', { host: '192.0.2.4' }],
    [
      'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
      { user: '', host: 'atlanta.com', params: ';method=REGISTER' },
    ],
    ['sip:alice;day=tuesday@atlanta.com', { user: 'alice;day=tuesday', params: '' }],
    ['sip:[2001:db8::10]:5070;lr', { user: '', host: '[2001:db8::10]', port: 5070, params: ';lr' }],
    ['sip:a@[::1]', { host: '[::1]', port: undefined }],
    ['sip:a?b@x.com?Route=%3Csip:y%3E', { user: 'a?b', headers: '?Route=%3Csip:y%3E' }],
    ['sip:x.com?to=a%40b@c', { user: 'x.com?to=a%40b', host: 'c', headers: '' }],
    ['sip:user;par=u%40example.net@example.com', { user: 'user;par=u%40example.net', host: 'example.com' }],
    ['SIP:a@X.com', { scheme: 'sip', host: 'X.com' }],
    ['tel:+358-555-1234567;postd=pp22', { scheme: 'tel', user: '+358-555-1234567', host: '', params: ';postd=pp22' }],
    ['urn:service:sos', { scheme: 'urn', user: 'service:sos' }],
    ['nobodyKnowsThisScheme:totallyopaquecontent', { scheme: 'nobodyknowsthisscheme' }],
  ])('%s', (text, parts) => {
    const parsed = uri(text);
    expect(parsed).toMatchObject(parts);
    expect(parsed.toString().toLowerCase()).toBe(text.toLowerCase());
  });

  it.each([
    '',
    ':',
    'sip:',
    'alice@atlanta.com',
    'sip:alice@',
    'sip:a b@c',
    'sip:a@b c',
    'sip:a@b;',
    'sip:a@b;;x',
    'sip:a@b;x=y=z',
    'sip:a@b:',
    'sip:a@b:99999',
    'sip:a@b:-1',
    'sip:a@b:50 60',
    'sip:a#b@c',
    'sip:a%4@c',
    'sip:a%zz@c',
    'sip:a@[::1',
    'sip:a@[::1]5060',
    'sip:a@[zz]',
    'sip:a@exa_mple!.com',
    'sip:<a@b>',
    'sip:"a"@b',
    'tel:',
    '1sip:a@b',
  ])('refuses %j', (text) => {
    expect(parseUri(text).ok).toBe(false);
  });

  it('never throws, and reads again what it writes', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'sip:',
        'sips:',
        'tel:',
        'a',
        'B',
        '@',
        ':',
        ';',
        '=',
        '?',
        '&',
        '%41',
        '%',
        '[::1]',
        '.',
        '5060',
        'lr',
        ' ',
        '<',
        '"',
        '\xe9',
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const parsed = parseUri(parts.join(''));
        if (!parsed.ok) return;
        const written = parsed.value.toString();
        const again = parseUri(written);
        expect(again.ok && again.value).toEqual(parsed.value);
        expect(sameUri(parsed.value, parsed.value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any user once it is escaped', () => {
    const bytes = fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .map((octets) => Buffer.from(octets).toString('latin1'));
    fc.assert(
      fc.property(bytes, (user) => {
        expect(uri(`sip:${escapeUser(user)}@x`).userDecoded).toBe(user);
        expect(unescapeUri(escapeUser(user))).toBe(user);
      }),
    );
  });

  it('derives others and leaves itself', () => {
    const one = uri('sip:a@b;transport=tcp;lr');
    expect(one.withParam('transport', 'udp').toString()).toBe('sip:a@b;transport=udp;lr');
    expect(one.withParam('ob').toString()).toBe('sip:a@b;transport=tcp;lr;ob');
    expect(one.withoutParam('LR').toString()).toBe('sip:a@b;transport=tcp');
    expect(one.with({ user: '', port: 7 }).toString()).toBe('sip:b:7;transport=tcp;lr');
    expect([one.param('Transport'), one.has('lr'), one.param('none')]).toEqual(['tcp', true, undefined]);
    expect(one.toString()).toBe('sip:a@b;transport=tcp;lr');
  });
});

describe('two URIs (RFC 3261 §19.1.4)', () => {
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
  ])('are the same: %s and %s', (a, b) => {
    expect(sameUri(uri(a), uri(b))).toBe(true);
    expect(sameUri(uri(b), uri(a))).toBe(true);
  });

  it.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b', 'sips:a@b'],
    ['sip:a@b', 'sip:b'],
    ['sip:a:p@b', 'sip:a@b'],
  ])('are not: %s and %s', (a, b) => {
    expect(sameUri(uri(a), uri(b))).toBe(false);
    expect(sameUri(uri(b), uri(a))).toBe(false);
  });
});

it.each([
  ['a.com', 'a.com', undefined],
  ['1.2.3.4:5', '1.2.3.4', 5],
  ['[::1]:5', '[::1]', 5],
  ['[::ffff:1.2.3.4]', '[::ffff:1.2.3.4]', undefined],
  ['[2001:db8:::192.0.2.1]:5', '[2001:db8::192.0.2.1]', 5],
])('the address %s', (text, host, port) => {
  expect(parseHostPort(text)).toEqual({ ok: true, value: { host, port } });
});

it.each([
  ['::', true],
  ['::1', true],
  ['1::', true],
  ['1:2:3:4:5:6:7:8', true],
  ['2001:db8::10:5070', true],
  ['::ffff:192.0.2.10', true],
  ['1:2:3:4:5:6:192.0.2.1', true],
  ['2001:db8:::192.0.2.1', true],
  [':::192.0.2.1', true],
  ['2001:db8:::10', false],
  ['2001:db8::1:::192.0.2.1', false],
  ['2001:db8::::192.0.2.1', false],
  ['1::2::3', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1:2:3:4::5:6:7:8', false],
  ['12345::', false],
  ['192.0.2.1::', false],
  ['::192.0.2.256', false],
  ['::192.0.2', false],
  ['::1.2.3.4.', false],
  ['1:2', false],
])('[%s] as an IPv6 address: %s (RFC 5954, RFC 5118 §4.10)', (text, expected) => {
  expect(parseUri(`sip:[${text}]`).ok).toBe(expected);
});

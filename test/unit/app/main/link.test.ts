/** Links of strangers: whom they mean, and what is refused. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutLink, isLink, readLink } from '../../../../app/main/link.ts';

it.each([
  ['tel:+420-221-000-007', '+420221000007'],
  ['TEL:1002', '1002'],
  ['tel:*97', '*97'],
  ['tel:%2B49%2030%20901820', '+4930901820'],
  ['tel://+49(30)901820', '+4930901820'],
  ['tel:863-1234;phone-context=+1-914-555', '+19145558631234'],
  ['tel:7042;phone-context=example.com', '7042'],
  ['tel:+15551234;ext=12;isub=7', '+15551234'],
  ['callto:+420221000007', '+420221000007'],
  ['callto://221 000 007', '221000007'],
  ['callto:ada@office.example', 'sip:ada@office.example'],
  ['callto:ada.lovelace?call', 'ada.lovelace'],
  ['sip:1002@office.example', 'sip:1002@office.example'],
  ['SIP://ada@office.example:5070;transport=tcp', 'sip:ada@office.example:5070;transport=tcp'],
  ['sips:ada@office.example', 'sips:ada@office.example'],
  ['sip:+420221000007@office.example;user=phone', 'sip:+420221000007@office.example'],
  ['sip:1002', '1002'],
  ['sip:office.example', 'sip:office.example'],
  ['sip:100@[2001:db8::7]:5080', 'sip:100@[2001:db8::7]:5080'],
  ['sip:J%C3%BCrgen@office.example', 'sip:J%C3%BCrgen@office.example'],
])('%s means %s', (link, meant) => {
  expect(isLink(link)).toBe(true);
  expect(readLink(link)).toEqual({ ok: true, value: meant });
});

it.each([
  ['sip:1002@office.example?Replaces=a%3Bto-tag%3Db', 'wants more'],
  ['sip:1002@office.example?Subject=Hello', 'wants more'],
  ['sip:1002@office.example;method=REFER', 'wants more'],
  ['sip:1002@office.example;maddr=203.0.113.9', 'wants more'],
  ['sip:1002@office.example;transport=tcp;x=1', 'wants more'],
  ['sip:ada:secret@office.example', 'wants more'],
  ['callto:ada@office.example;lr', 'wants more'],
  ['tel:+420%0d%0a221', 'cannot be seen'],
  ['tel:221\u0007', 'cannot be seen'],
  ['sip:1002%00@office.example', 'cannot be seen'],
  ['sip:1002@office.example\r\nVia: x', 'cannot be seen'],
  ['tel:\u202e700000122', 'cannot be seen'],
  ['callto:1002\u200b', 'cannot be seen'],
  ['tel:', 'no number'],
  ['tel:ada', 'no number'],
  ['tel:%E0%A4%A', 'no number'],
  ['sip:', 'no number'],
  ['sip:a b@office.example', 'no number'],
  ['sip:a@b@c', 'no number'],
  ['callto:<script>', 'no number'],
  [`tel:${'1'.repeat(41)}`, 'no number'],
  [`tel:${'1'.repeat(65_536)}`, 'too long'],
  [`sip:${'a'.repeat(65_536)}@office.example`, 'too long'],
  ['https://office.example', 'no number'],
])('%j is refused: %s', (link, why) => {
  expect(readLink(link)).toEqual({ ok: false, reason: expect.stringContaining(why) });
});

it('a link that is cut on its way is refused as well', () => {
  expect(readLink(cutLink(`tel:${'1'.repeat(65_536)}`))).toMatchObject({ reason: expect.stringContaining('too long') });
});

it('whatever comes, what is taken is one visible line without headers, and never longer than a link', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'tel:',
      'sip:',
      'callto:',
      '//',
      '@',
      ';',
      '?',
      '%00',
      '%0d',
      'maddr=',
      'a',
      '1',
      '+',
      '[::1]',
      '%',
    ),
    fc.string({ maxLength: 5, unit: 'binary' }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('tel:', 'sip:', 'sips:', 'callto:'),
      fc.array(piece, { maxLength: 12 }),
      (scheme, rest) => {
        const read = readLink(scheme + rest.join(''));
        if (read.ok) expect(read.value).toMatch(/^[\x21-\x3e\x40-\x7e]{1,1000}$/);
        else expect(read.reason).toMatch(/^The link .*\.$/);
      },
    ),
    { numRuns: 2_000 },
  );
});

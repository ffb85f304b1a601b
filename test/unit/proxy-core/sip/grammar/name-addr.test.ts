import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findOutside,
  parseNumber,
  quote,
  splitList,
  trim,
  unquote,
} from '../../../../../proxy-core/sip/grammar/chars.ts';
import { nameAddr, parseNameAddr } from '../../../../../proxy-core/sip/grammar/name-addr.ts';
import {
  eachParam,
  getParam,
  hasParam,
  withoutParam,
  withParam,
} from '../../../../../proxy-core/sip/grammar/params.ts';
import { toBytes, toText } from '../../../../../proxy-core/sip/grammar/text.ts';

const bytes = fc.uint8Array({ maxLength: 30 }).map((octets) => Buffer.from(octets).toString('latin1'));

describe('an address in a header (RFC 3261 §20.10)', () => {
  it.each([
    ['<sip:a@b>', '', 'sip:a@b', ''],
    ['sip:a@b', '', 'sip:a@b', ''],
    ['sip:a@b;tag=x', '', 'sip:a@b', ';tag=x'],
    ['<sip:a@b;lr>;tag=x', '', 'sip:a@b;lr', ';tag=x'],
    ['Alice <sip:a@b>', 'Alice', 'sip:a@b', ''],
    ['Mr  Watson<sip:a@b>', 'Mr  Watson', 'sip:a@b', ''],
    ['"Alice \\"A\\" <x>" <sip:a@b> ;tag=1', 'Alice "A" <x>', 'sip:a@b', ';tag=1'],
    ['""<sip:a@b>', '', 'sip:a@b', ''],
    ['< sip:a@b >', '', 'sip:a@b', ''],
    ['<sip:a@b?x=y,z>', '', 'sip:a@b?x=y,z', ''],
    ['<tel:+1;phone-context=x>;q=0.5', '', 'tel:+1;phone-context=x', ';q=0.5'],
  ])('%s', (text, display, uri, params) => {
    const parsed = parseNameAddr(text);
    expect(parsed.ok && [parsed.value.display, parsed.value.uriText, parsed.value.params]).toEqual([
      display,
      uri,
      params,
    ]);
    const again = parseNameAddr(parsed.ok ? parsed.value.toString() : '');
    expect(again.ok && [again.value.display, again.value.uriText, again.value.params]).toEqual([display, uri, params]);
  });

  it.each([
    '',
    '<>',
    '<sip:a@b',
    '"Alice <sip:a@b>',
    '"Alice" sip:a@b',
    '"Alice" x <sip:a@b>',
    'Bell, A <sip:a@b>',
    'sip:a@b?x=y',
    'sip:a@b,c',
    '<sip:a@b> tag=x',
    '<sip:a@b>;;',
    '<sip:a@b>;t g=x',
  ])('refuses %j', (text) => {
    expect(parseNameAddr(text).ok).toBe(false);
  });

  it('reads its URI when it is asked, and says what is wrong with it then', () => {
    const parsed = parseNameAddr('<sip:a b@c>');
    expect(parsed.ok && parsed.value.uri.ok).toBe(false);
  });

  it('can be written with any display name', () => {
    fc.assert(
      fc.property(bytes, (display) => {
        const parsed = parseNameAddr(nameAddr('sip:a@b', display, ';tag=1').toString());
        expect(parsed.ok && [parsed.value.display, parsed.value.tag]).toEqual([display.replace(/[\r\n]+/g, ' '), '1']);
      }),
    );
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(bytes, (text) => void parseNameAddr(text)));
  });
});

describe('parameters', () => {
  const params = ';a=1 ; B = "x;y\\"" ;c;a2=;d="';
  it('are found whatever their case, quotes and spaces', () => {
    expect([...eachParam(params)].map(({ name, value }) => [name, value])).toEqual([
      ['a', '1'],
      ['B', '"x;y\\""'],
      ['c', undefined],
      ['a2', ''],
      ['d', '"'],
    ]);
    expect(['A', 'b', 'c', 'a2', 'x', 'd'].map((name) => getParam(params, name))).toEqual([
      '1',
      'x;y"',
      '',
      '',
      undefined,
      '',
    ]);
    expect([hasParam(params, 'C'), hasParam(params, 'y')]).toEqual([true, false]);
  });

  it('are set in their place, added at the end, and taken away', () => {
    expect(withParam(';a=1;b=2', 'A', '3')).toBe(';A=3;b=2');
    expect(withParam(';a=1', 'c')).toBe(';a=1;c');
    expect(withoutParam(';a=1;b=2;c', 'b')).toBe(';a=1;c');
    expect(withoutParam(';a=1', 'x')).toBe(';a=1');
  });
});

describe('characters', () => {
  it('split a list only outside quotes and brackets', () => {
    expect(splitList('a, "b,c" ,, <d,e>;f , ')).toEqual(['a', '"b,c"', '<d,e>;f']);
    expect(splitList(' ')).toEqual([]);
    expect(splitList('"never, closed')).toEqual(['"never, closed']);
    expect(findOutside('a;b', 44)).toBe(3);
  });

  it('give numbers only where they are whole and fit', () => {
    expect(
      ['0', '007', '255', '256', '', '-1', '1 ', '1e2', '99999999999999999999'].map((text) => parseNumber(text, 255)),
    ).toEqual([0, 7, 255, ...Array(6).fill(undefined)]);
  });

  it('come out of quotes as they went in', () => {
    fc.assert(fc.property(bytes, (text) => unquote(quote(text)) === text));
    expect(trim(' \t\r\n a b \n')).toBe('a b');
  });

  it('go from text to bytes and back, Latin-1 of old phones too', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => toText(toBytes(text)) === text));
    fc.assert(fc.property(bytes, (text) => void toText(text)));
    expect(toBytes('Zoë')).toBe('Zo\xc3\xab');
    expect(toText('Zo\xeb')).toBe('Zoë');
    expect(toText(toBytes('a\ud800b'))).toBe('a\ufffdb');
  });
});

/** The same number in every notation is one, and different ones stay different. */
import { describe, expect, it, test } from 'vitest';
import { createNumberIndex, isSameNumber } from '../../../../../app/renderer/store/number-index.ts';

describe('the same', () => {
  test.each([
    ['CZ', '+420 221 555 014', '221555014'],
    ['CZ', '+420221555014', '00420 221 555 014'],
    ['CZ', '+420221555014', '420221555014'],
    ['CZ', '221 555 014', 'tel:+420-221-555-014'],
    ['CZ', 'sip:221555014@office.example;user=phone', 'SIP:221555014@OFFICE.example'],
    ['CZ', '00442079460018', '+44 (0)20 7946 0018'],
    ['GB', '020 7946 0018', '+442079460018'],
    ['GB', '+44 (0)20 7946 0018', '02079460018'],
    ['DE', '030/23125-0', '+49 30 231250'],
    ['US', '(212) 555-0114', '+12125550114'],
    ['US', '1-212-555-0114', '212.555.0114'],
    ['US', '011 44 20 7946 0018', '+442079460018'],
    ['RU', '8 (495) 123-45-67', '+74951234567'],
    [undefined, '+442079460018', '00442079460018'],
    [undefined, '1002', 'sip:1002'],
    [undefined, '*97', '*97'],
    [undefined, 'anna@office.example', 'sips:Anna@office.example;transport=tls'],
  ])('in %s: %s and %s', (country, a, b) => {
    expect(isSameNumber(a, b, country)).toBe(true);
    expect(createNumberIndex([[a, 'him']], country).find(b)).toEqual(['him']);
    expect(createNumberIndex([[b, 'him']], country).find(a)).toEqual(['him']);
  });
});

describe('not the same', () => {
  test.each([
    ['CZ', '014', '+420221555014'],
    ['CZ', '555014', '221555014'],
    ['CZ', '1555014', '221555014'],
    ['CZ', '+420221555014', '+421221555014'],
    ['CZ', '221555014', '+442221555014'],
    ['US', '212-555-0114', '646-555-0114'],
    [undefined, '221555014', '+420221555014'],
    [undefined, '1002@a.example', '1002@b.example'],
    [undefined, '1002', '1002@b.example'],
    [undefined, '', ''],
    ['CZ', '0'.repeat(200), '+420221555014'],
  ])('in %s: %s and %s', (country, a, b) => {
    expect(createNumberIndex([[a, 'him']], country).find(b)).toEqual([]);
  });
});

it('gives all to whom a number belongs, in order', () => {
  const index = createNumberIndex(
    [
      ['+420221555014', 'first'],
      ['221555015', 'other'],
      ['221555014', 'second'],
    ],
    'CZ',
  );
  expect(index.find('00420221555014')).toEqual(['first', 'second']);
});

it('files ten thousand numbers and finds a thousand of them in little time', () => {
  const began = performance.now();
  const index = createNumberIndex(
    Array.from({ length: 10_000 }, (_, i) => [`+420 2${String(20_000_000 + i * 7)}`, i] as const),
    'CZ',
  );
  for (let i = 0; i < 1_000; i += 1) expect(index.find(`2${20_000_000 + i * 70}`)).toEqual([i * 10]);
  // Generous: two busy cores. Comparing each with each would take minutes.
  expect(performance.now() - began).toBeLessThan(2_000);
});

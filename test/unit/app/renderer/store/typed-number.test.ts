import { expect, test } from 'vitest';
import { cleaned, numberIn } from '../../../../../app/renderer/store/typed-number.ts';

test.each([
  ['1002', '1002'],
  [' 10 02 ', '1002'],
  ['+420 221-555.014', '+420221555014'],
  ['(030) 12\u202f34', '0301234'],
  ['tel:+420221555014', '+420221555014'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['٠٣٠ ١٢٣٤', '0301234'],
  ['\u202a+420\u00ad 221\u200b555014\u202c', '+420221555014'],
  ['＋４２０ 221555014', '+420221555014'],
  ['*43#', '*43#'],
])('%j is the number %s', (text, number) => expect(numberIn(text)).toBe(number));

test.each(['anna', '', '+', '( )', '12a', 'anna@office.example'])('%j is no number', (text) =>
  expect(numberIn(text)).toBeUndefined(),
);

test.each([
  ['sip:anna@office.example', 'anna@office.example'],
  ['sips:anna@office.example', 'sips:anna@office.example'],
  ['<sip:+420221555014@office.example;user=phone>', '+420221555014@office.example;user=phone'],
  ['tel:+420-221-555-014;ext=5', '+420221555014'],
  ['callto:%2B420221555014', '+420221555014'],
  ['callto://anna', 'anna'],
  ['tel:%E0%A4%A', '%E0%A4%A'],
  ['„(030) 1234“,', '0301234'],
  ['Jana\r\nDvořáková', 'Jana Dvořáková'],
  ['\u200b\u200e', ''],
])('what was copied as %j is meant as %s', (text, meant) => expect(cleaned(text)).toBe(meant));

test('a whole book is not taken in', () => expect(cleaned('9'.repeat(100_000)).length).toBeLessThan(1_000));

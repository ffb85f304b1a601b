/** What is dialled for a number, by rules alone and together; help is called as it is. */
import { describe, expect, test } from 'vitest';
import { backTo, outgoing } from '../../../../../app/renderer/store/dial-plan.ts';
import { dialled, readable } from '../../../../../app/renderer/store/dial-rules.ts';
import type { DialRule } from '../../../../../app/renderer/store/types.ts';
import { fitsPattern } from '../../../../../app/shared/dialling.ts';

const outside: DialRule = { kind: 'outside', prefix: '0', digits: 7 };
const form = (form: 'plus' | 'abroad' | 'home'): DialRule => ({ kind: 'form', form });
const replace = (prefix: string, by: string): DialRule => ({ kind: 'replace', prefix, by });
const pattern = (pattern: string, by: string): DialRule => ({ kind: 'pattern', pattern, by });
const dials = (number: string, country: string | undefined, ...rules: DialRule[]) =>
  dialled(number, { rules }, country).number;

describe('one rule', () => {
  test.each<[string, string, DialRule, string]>([
    ['221555014', 'CZ', outside, '0221555014'],
    ['1002', 'CZ', outside, '1002'],
    ['+420221555014', 'CZ', outside, '0221555014'],
    ['+4930123456', 'CZ', outside, '0004930123456'],
    ['+4930123456', 'DE', outside, '0030123456'],
    ['+4930123456', 'US', { ...outside, prefix: '9' }, '90114930123456'],
    ['+1234567', '', outside, '0001234567'],
    ['*43#', 'CZ', outside, '*43#'],
    ['221555014', 'CZ', form('plus'), '+420221555014'],
    ['0049 30 123456'.replace(/ /g, ''), 'CZ', form('plus'), '+4930123456'],
    ['84951234567', 'RU', form('plus'), '+74951234567'],
    ['1002', 'CZ', form('plus'), '1002'],
    ['221555014', '', form('plus'), '221555014'],
    ['030123456', 'DE', form('abroad'), '004930123456'],
    ['+4930123456', 'DE', form('home'), '030123456'],
    ['+420221555014', 'DE', form('home'), '+420221555014'],
    ['0221555014', 'CZ', replace('0', ''), '221555014'],
    ['00420', 'CZ', replace('00', '+'), '+420'],
    ['221', 'CZ', replace('0', '9'), '221'],
    ['9123', 'CZ', pattern('9XXX', '+42022155X'), '+420221553'],
    ['9123', 'CZ', pattern('9XXX', '77XXX'), '77123'],
    ['0049301', 'CZ', pattern('00.', '+.'), '+49301'],
    ['00', 'CZ', pattern('00.', '+.'), '00'],
    ['91234', 'CZ', pattern('9XXX', '77XXX'), '91234'],
    ['7', 'CZ', replace('7', ''), '7'],
  ])('%s in %s by %j is dialled as %s', (number, country, rule, made) => {
    expect(dials(number, country || undefined, rule)).toBe(made);
  });
});

test('rules are done one after another', () => {
  expect(dials('221555014', 'CZ', form('abroad'), outside)).toBe('000420221555014');
  expect(dials('221555014', 'CZ', outside, replace('0', '9'))).toBe('9221555014');
});

describe('help', () => {
  const all = [replace('1', '9'), replace('9', '1'), pattern('XXX', '0XXX'), { ...outside, digits: 3 }];
  test.each([
    ['112', 'CZ'],
    ['112', ''],
    ['911', 'DE'],
    ['999', 'GB'],
    ['158', 'CZ'],
    ['110', 'DE'],
    ['103', 'RU'],
    ['0112', 'CZ'],
    ['0155', 'CZ'],
  ])('%s in %s is dialled as it is', (number, country) => {
    expect(dialled(number, { rules: all }, country || undefined)).toEqual({ number, prefix: undefined, asIs: true });
  });
  test('is not called by a rule either', () => {
    expect(dials('9112', 'CZ', replace('9', ''))).toBe('9112');
    expect(dials('158', 'DE', replace('1', '9'))).toBe('958');
  });
});

test('what is put first is told apart from what is changed', () => {
  expect(dialled('221555014', { rules: [outside] }, 'CZ').prefix).toBe('0');
  expect(dialled('+420221555014', { rules: [outside] }, 'CZ').prefix).toBe('0');
  expect(dialled('221555014', { rules: [form('plus')] }, 'CZ').prefix).toBeUndefined();
  expect(dialled('00420221555014', { rules: [replace('00', '+')] }, 'CZ').prefix).toBeUndefined();
});

test('numbers are read as people write them', () => {
  expect(readable('221555014', 'CZ')).toBe('+420 221 555 014');
  expect(readable('1002', 'CZ')).toBe('1002');
  expect(readable('221555014', undefined)).toBe('221555014');
});

test('a pattern takes no more digits than it has', () => {
  expect(fitsPattern('9XX', '8XX')).toBe(true);
  expect(fitsPattern('9XX', '8XXX')).toBe(false);
  expect(fitsPattern('9XX', '8.')).toBe(false);
  expect(fitsPattern('9.X', '8')).toBe(false);
  expect(fitsPattern('', '8')).toBe(false);
});

describe('whoever is called', () => {
  const plan = { rules: [outside], country: 'CZ' };
  test('by a number, by the rules; by an address or a name, as typed', () => {
    expect(outgoing('221 555 014', 'office.internal', plan)).toMatchObject({
      target: '0221555014',
      meant: '221555014',
    });
    expect(outgoing('sip:221555014@b.example', 'office.internal', plan).target).toBe('sip:221555014@b.example');
    expect(outgoing('anna', 'office.internal', plan).target).toBe('anna');
    expect(outgoing('192.0.2.9', '', plan).target).toBe('192.0.2.9');
  });
  test('again, by a number of our server anew, else where he was', () => {
    expect(backTo({ uri: 'sip:0221555014@office.internal', number: '221555014' }, 'office.internal')).toBe('221555014');
    expect(backTo({ uri: 'sip:1002@b.example', number: '1002' }, 'office.internal')).toBe('sip:1002@b.example');
    expect(backTo({ uri: 'sip:anna@office.internal', number: 'anna' }, 'office.internal')).toBe(
      'sip:anna@office.internal',
    );
    expect(backTo({ uri: '', number: '1002' }, '')).toBe('1002');
  });
});

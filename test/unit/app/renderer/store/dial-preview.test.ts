import { describe, expect, test } from 'vitest';
import { previewDial } from '../../../../../app/renderer/store/dial-preview.ts';
import { registered, usersOf } from '../../../../support/window/people.ts';

const preview = (text: string) => previewDial(text, registered(), usersOf(30));

describe('what will be called', () => {
  test.each([
    ['1002', '1002', '1002@office.internal'],
    [' 10 02 ', '1002', '1002@office.internal'],
    ['+420 221-555.014', '+420221555014', '+420221555014@office.internal'],
    ['(030) 12\u202f34', '0301234', '0301234@office.internal'],
    ['tel:+420221555014', '+420221555014', '+420221555014@office.internal'],
    ['*43#', '*43#', '*43#@office.internal'],
    ['anna', 'anna', 'anna@office.internal'],
    ['anna@office.example', 'anna@office.example', 'anna@office.example'],
    [
      'sip:anna@192.0.2.1:5070;transport=tcp',
      'sip:anna@192.0.2.1:5070;transport=tcp',
      'anna@192.0.2.1:5070;transport=tcp',
    ],
    ['olga ivanova', '1004', 'Olga Ivanova, 1004'],
    ['JANA DVORAKOVA', '1002', 'Jana Dvořáková, 1002'],
  ])('%s', (text, target, shown) => {
    const list = text === 'anna' ? [] : usersOf(10);
    expect(previewDial(text, registered(), list)).toEqual({ kind: 'ready', target, shown, from: 'Anna Lindqvist' });
  });
});

test.each([
  ['anna lindqvist x', 'Nobody of that name is known here. Type a number.'],
  ['anna @office', 'An address has no spaces in it.'],
])('%s is unclear', (text, reason) => {
  expect(preview(text)).toEqual({ kind: 'unclear', reason });
});

test('several people of one name are listed, not guessed at', () => {
  expect(preview('mei')).toEqual({
    kind: 'unclear',
    reason: 'Several people match: Mei Lin (1006), Mei Lin 2 (1016), Mei Lin 3 (1026).',
  });
});

test('nothing typed, nothing said; no account, no call', () => {
  expect(preview('  ')).toEqual({ kind: 'empty' });
  expect(previewDial('1002', undefined)).toEqual({ kind: 'unclear', reason: 'Sign in first to make calls.' });
});

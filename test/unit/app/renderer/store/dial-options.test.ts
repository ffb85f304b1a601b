/** What the field offers and what Call does, over contacts, those who are watched, the office and the calls that were. */
import { describe, expect, test } from 'vitest';
import { createDialBook } from '../../../../../app/renderer/store/dial-book.ts';
import { type DialKnown, offerFor, toldOf } from '../../../../../app/renderer/store/dial-options.ts';
import type { PersonSnapshot } from '../../../../../app/renderer/store/types.ts';
import type { WhoSources } from '../../../../../app/renderer/store/who.ts';
import { contactOf, contactsOf, pastOf, registered, usersOf } from '../../../../support/window/people.ts';

const nobody: WhoSources = { contacts: [], watched: [], users: [], calls: [], domains: [], country: 'CZ' };
const knownOf = (sources: Partial<WhoSources> = {}, more: Partial<DialKnown> = {}): DialKnown => {
  const book = createDialBook(() => ({ ...nobody, ...sources }));
  return {
    account: registered(),
    plan: { rules: [], country: 'CZ' },
    search: book.search,
    nameOf: () => undefined,
    ...more,
  };
};
const called = (text: string, known: DialKnown): string | undefined => {
  const { choice } = offerFor(text, known);
  return choice.kind === 'ready' ? toldOf(choice.option, known).shown : choice.kind === 'unclear' ? choice.reason : '';
};
const names = (text: string, known: DialKnown) =>
  offerFor(text, known).options.map(({ name, number }) => name || number);

describe('what will be called', () => {
  const users = usersOf(10);
  test.each([
    ['1002', 'Jana Dvořáková, 1002'],
    ['1099', '1099'],
    ['+420 221-555.014', '+420 221 555 014'],
    ['(030) 12\u202f34', '0301234'],
    ['*43#', '*43#'],
    ['bob', 'bob@office.internal'],
    ['anna@office.example', 'anna@office.example'],
    ['sip:anna@192.0.2.1:5070;transport=tcp', 'anna@192.0.2.1:5070;transport=tcp'],
    ['olga ivanova', 'Olga Ivanova, 1004'],
    ['JANA DVORAKOVA', 'Jana Dvořáková, 1002'],
    ['anna lindqvist x', 'Nobody of that name is known here. Type a number.'],
    ['anna @office', 'An address has no spaces in it.'],
    ['  ', ''],
  ])('%s', (text, shown) => expect(called(text, knownOf({ users }))).toBe(shown));

  test('of several people of one name nobody is guessed at', () => {
    const known = knownOf({ users: usersOf(30) });
    expect(called('mei', known)).toBe('Several people match: choose one with the arrow keys.');
    expect(names('mei', known)).toEqual(['Mei Lin', 'Mei Lin 2', 'Mei Lin 3']);
    expect(called('mei lin', known)).toBe('Mei Lin, 1006');
  });

  test('several numbers of one person are offered, the first one is called', () => {
    const jana = contactOf('Jana Dvořáková', '+420 221 555 014', {
      numbers: [
        { kind: 'work', value: '+420 221 555 014' },
        { kind: 'mobile', value: '+420 601 234 567' },
      ],
    });
    const known = knownOf({ contacts: [jana] });
    expect(offerFor('dvor', known).options.map(({ number, kind }) => [number, kind])).toEqual([
      ['+420 221 555 014', 'work'],
      ['+420 601 234 567', 'mobile'],
    ]);
    expect(called('dvor', known)).toBe('Jana Dvořáková, +420 221 555 014');
  });

  test('without an account nobody is', () => {
    expect(called('1002', knownOf({}, { account: undefined }))).toBe('Sign in first to make calls.');
  });

  test('without a server whole addresses only', () => {
    const contacts = [contactOf('Jana', 'jana@192.0.2.7'), contactOf('Jan', '1002')];
    const known = knownOf({ contacts }, { account: { ...registered(), domain: '' } });
    expect(called('1002', known)).toMatch(/^This account has no server/);
    expect(called('192.0.2.9:5060', known)).toBe('192.0.2.9:5060');
    expect(called('jan', known)).toBe('Jana, jana@192.0.2.7');
  });
});

describe('a number of a contact is found as', () => {
  const known = knownOf({ contacts: [contactOf('Jana', '+420 221 555 014'), contactOf('Hans', '030 123456')] });
  test.each(['+420 221 5', '00420221', '221 555', '0221', '5014', '+420221555014', '221555014'])('%s', (typed) => {
    expect(names(typed, known)).toContain('Jana');
  });
  test.each([
    ['DE', '+4930123'],
    ['DE', '030 12'],
    ['CZ', '030 12'],
  ])('in %s %s', (country, typed) => {
    const contacts = [contactOf('Hans', '030 123456')];
    expect(names(typed, knownOf({ contacts, country }))).toContain('Hans');
  });
  test('once, in whatever notation it was typed', () => {
    expect(offerFor('221 555 014', known).options).toMatchObject([{ name: 'Jana', isTyped: true }]);
  });
  test('and by the prefix of its country, 8 in Russia', () => {
    const contacts = [contactOf('Иван Петров', '+7 495 123-45-67')];
    expect(names('8495', knownOf({ contacts, country: 'RU' }))).toContain('Иван Петров');
    expect(names('петр', knownOf({ contacts, country: 'RU' }))).toEqual(['Иван Петров']);
  });
});

test('everybody is offered once, those who are watched first', () => {
  const watched: PersonSnapshot = {
    ...{ accountId: 'anna', target: '1002', number: '1002', name: 'Jana D.', state: 'in-call', note: '' },
  };
  const sources = {
    watched: [watched],
    contacts: [contactOf('Jana Dvořáková', '1002'), contactOf('Jan Fav', '601234567', { favourite: true })],
    users: usersOf(3),
    calls: [pastOf(), pastOf({ id: 'b', peer: { name: 'Janek', number: '777', uri: '' } })],
  };
  const book = createDialBook(() => ({ ...nobody, ...sources }));
  expect(book.search('jan', 8).map(({ name }) => name)).toEqual(['Jana D.', 'Jan Fav', 'Janek']);
  expect(book.lampOf('1002')?.state).toBe('in-call');
  expect(book.lampOf('1001')).toBeUndefined();
  expect(book.lately(8).map(({ number }) => number)).toEqual(['1002', '777']);
});

test('what rules do is told', () => {
  const known = knownOf({}, { plan: { rules: [{ kind: 'outside', prefix: '0', digits: 7 }], country: 'CZ' } });
  const told = (number: string, known: DialKnown) => {
    const { choice } = offerFor(number, known);
    return choice.kind === 'ready' ? toldOf(choice.option, known) : undefined;
  };
  const shown = '+420 221 555 014';
  expect(told('221555014', known)).toEqual({ shown, prefix: '0', dials: undefined });
  expect(told('112', known)).toEqual({ shown: '112', prefix: undefined, dials: undefined });
  const plus = knownOf({}, { plan: { rules: [{ kind: 'form', form: 'plus' }], country: 'CZ' } });
  expect(told('221555014', plus)).toEqual({ shown, prefix: undefined, dials: undefined });
  const home = knownOf({}, { plan: { rules: [{ kind: 'form', form: 'home' }], country: 'CZ' } });
  expect(told('+420221555014', home)).toEqual({ shown, prefix: undefined, dials: '221555014' });
});

test('people are filed a little at a time, and found before all of them are', () => {
  const sources = { ...nobody, contacts: contactsOf(1_000), users: usersOf(1_000) };
  const slowly = createDialBook(() => sources);
  let pieces = 1;
  while (!slowly.prepare(() => false)) pieces += 1;
  expect(pieces).toBeGreaterThan(15);
  const early = createDialBook(() => sources);
  expect(early.prepare(() => false)).toBe(false);
  for (const typed of ['a', 'jana', '22', '221 5']) {
    expect(slowly.search(typed, 5)).not.toEqual([]);
    expect(early.search(typed, 5)).toEqual(slowly.search(typed, 5));
  }
});

test('among 10,000 contacts and 4,000 users each key is answered well within a frame', () => {
  const sources = { ...nobody, contacts: contactsOf(10_000), users: usersOf(4_000) };
  const large = createDialBook(() => sources);
  large.prepare(() => true);
  const keys = [
    'a',
    'an',
    'ann',
    'j',
    'jana d',
    'mei lin 3',
    'xyz',
    '2',
    '22',
    '221',
    '0221 5',
    '+42022',
    '014',
    'k s',
  ];
  const known = knownOf({}, { search: large.search });
  for (const typed of keys) offerFor(typed, known);
  const took = keys.map((typed) => {
    const began = performance.now();
    offerFor(typed, known);
    return performance.now() - began;
  });
  expect(Math.max(...took)).toBeLessThan(16);
  expect(large.search('jana', 8)).toHaveLength(8);
});

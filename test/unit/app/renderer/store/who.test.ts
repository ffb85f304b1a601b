/** Who is behind a number: over everything that is known, in the order of what it is worth. */
import { describe, expect, it, test } from 'vitest';
import { createCallNames } from '../../../../../app/renderer/store/call-names.ts';
import type { CallSnapshot } from '../../../../../app/renderer/store/types.ts';
import { createWho, type WhoSources } from '../../../../../app/renderer/store/who.ts';
import { callOf, contactOf, contactsOf, pastOf } from '../../../../support/window/people.ts';

const eva = contactOf('Eva Malá', '+420 221 555 014', { company: 'Kolben' });
const base: WhoSources = {
  contacts: [eva],
  watched: [{ accountId: 'anna', target: '1003', number: '1003', name: 'Ben', state: 'available', note: '' }],
  users: [{ number: '1002', domain: 'office.internal', name: 'Jana Dvořáková' }],
  calls: [pastOf({ id: 'p', peer: { name: 'Some Caller', number: '+420777000111', uri: '' } })],
  domains: ['office.internal'],
  country: 'CZ',
};
const nameOf = (number: string, uri = '', more: Partial<WhoSources> = {}) =>
  createWho(() => ({ ...base, ...more }))({ number, uri })?.name;

test.each([
  ['a contact, as another country writes it', '00420221555014', '', 'Eva Malá'],
  ['a contact, without the country', '221555014', 'sip:221555014@office.internal', 'Eva Malá'],
  ['a contact behind a provider', '+420221555014', 'sip:+420221555014@provider.example;user=phone', 'Eva Malá'],
  ['one who is watched', '1003', 'sip:1003@office.internal', 'Ben'],
  ['a user of the office', '1002', 'sip:1002@office.internal:5060', 'Jana Dvořáková'],
  ['one who called before', '777 000 111', '', 'Some Caller'],
  ['nobody', '+420221555015', '', undefined],
  ['no end of a long number', '014', '', undefined],
  ['no end of a long number of ours', '5014', 'sip:5014@office.internal', undefined],
  ['the same short number elsewhere', '1002', 'sip:1002@other.example', undefined],
  ['nothing', '', '', undefined],
])('%s', (_, number, uri, name) => {
  expect(nameOf(number, uri)).toBe(name);
});

test('a short number of an office that is signed in to by its port', () => {
  const domains = ['192.0.2.10:5070'];
  for (const port of ['', ':5070', ':5060'])
    expect(nameOf('1002', `sip:1002@192.0.2.10${port}`, { domains })).toBe('Jana Dvořáková');
  expect(nameOf('1002', 'sip:1002@192.0.2.11:5070', { domains })).toBeUndefined();
});

describe('what is worth more', () => {
  const book = contactOf('From the book', '221555014', { source: 'book', id: 'b' });
  it('one’s own contact before that of an address book', () => {
    expect(nameOf('221555014', '', { contacts: [book, eva] })).toBe('Eva Malá');
    expect(nameOf('221555014', '', { contacts: [book] })).toBe('From the book');
  });
  it('a contact before a user of the office', () => {
    expect(nameOf('1002', '', { contacts: [contactOf('Jane', '1002')] })).toBe('Jane');
  });
});

it('hears of what changes, and remembers what does not', () => {
  let sources = base;
  let asked = 0;
  const who = createWho(() => {
    asked += 1;
    return sources;
  });
  const first = who({ number: '221555014' });
  expect(who({ number: '221555014' })).toBe(first);
  sources = { ...base, contacts: [{ ...eva, name: 'Eva Nová' }] };
  expect(who({ number: '221555014' })?.name).toBe('Eva Nová');
  expect(asked).toBe(3);
});

it('is quick with ten thousand contacts', () => {
  const sources = { ...base, contacts: contactsOf(10_000) };
  const who = createWho(() => sources);
  who({ number: '1' });
  const began = performance.now();
  for (let i = 0; i < 1_000; i += 1) who({ number: `+420${221_000_000 + i * 70}`, uri: '' });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(who({ number: '221000007' })?.contact?.id).toBe('c1');
});

describe('calls', () => {
  const call = callOf({ peer: { name: 'SALES', number: '221555014', uri: 'sip:221555014@office.internal' } });
  it('bear the names that are known here, and stay the same where nothing changed', () => {
    let sources = base;
    const told: (readonly CallSnapshot[])[] = [];
    const names = createCallNames(
      createWho(() => sources),
      (calls) => told.push(calls),
    );
    names.take([call]);
    expect(told[0]?.[0]?.peer).toEqual({ ...call.peer, name: 'Eva Malá' });
    names.take([call]);
    expect(told[1]?.[0]).toBe(told[0]?.[0]);
    names.again();
    expect(told).toHaveLength(2);
    sources = { ...base, contacts: [] };
    names.again();
    expect(told[2]?.[0]?.peer.name).toBe('SALES');
  });

  it('keep what the caller says where only hearsay is known', () => {
    const sources = { ...base, calls: [pastOf({ peer: { name: 'Old name', number: '777000111', uri: '' } })] };
    const told: (readonly CallSnapshot[])[] = [];
    const names = createCallNames(
      createWho(() => sources),
      (calls) => told.push(calls),
    );
    const from = (name: string) => callOf({ id: name, peer: { name, number: '777000111', uri: '' } });
    names.take([from('Says so'), from('')]);
    expect(told[0]?.map(({ peer }) => peer.name)).toEqual(['Says so', 'Old name']);
  });
});

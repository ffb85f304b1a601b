/** Who was refused: counted, bounded, and forgotten after a day. */
import { beforeEach, expect, test } from 'vitest';
import { Refusals } from '../../../../../proxy-core/server/guard/refusals.ts';

const DAY_MS = 86_400_000;

let now: number;
let told: string[];
let refusals: Refusals;
beforeEach(() => {
  now = 1_000_000_000_000;
  told = [];
  refusals = new Refusals({ now: () => now, changed: (key, change) => void told.push(`${change} ${key}`) });
});

test('the same again is counted, with the first and the last time', () => {
  refusals.add('192.0.2.7', 'password', '1002@office.example');
  now += 5_000;
  refusals.add('192.0.2.7', 'password', '1002@office.example');
  expect(refusals.all()).toEqual([
    {
      ...{ key: '192.0.2.7 password 1002@office.example', address: '192.0.2.7', as: '1002@office.example' },
      ...{ why: 'The password was wrong.', first: now - 5_000, last: now, count: 2 },
    },
  ]);
  expect(told).toEqual([
    'added 192.0.2.7 password 1002@office.example',
    'changed 192.0.2.7 password 1002@office.example',
  ]);
});

test('whoever was refused last stands last, and IPv6 counts by its network', () => {
  refusals.add('192.0.2.7', 'scanner');
  refusals.add('2001:db8:0:1::7', 'relay', 'a@b');
  now += 1;
  refusals.add('192.0.2.7', 'scanner');
  expect(refusals.all().map(({ address, count }) => [address, count])).toEqual([
    ['2001:db8:0:1::/64', 1],
    ['192.0.2.7', 2],
  ]);
});

test('an address that tries all names takes a few rows, however many it tries', () => {
  refusals.add('192.0.2.9', 'password', '1001@office.example');
  for (let at = 0; at < 5_000; at++)
    refusals.add('192.0.2.7', at % 2 ? 'password' : 'stranger', `${at}@office.example`);
  const ofOne = refusals.all().filter(({ address }) => address === '192.0.2.7');
  expect(ofOne.length).toBeLessThanOrEqual(10);
  expect(ofOne.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  expect(ofOne.filter(({ as }) => as === '').map(({ why }) => why)).toContain('Nobody here has that number.');
  expect(refusals.find('192.0.2.9 password 1001@office.example')?.count).toBe(1);
});

test('however many addresses come, only so many are remembered', () => {
  for (let at = 0; at < 5_000; at++) refusals.add(`10.${at >> 8}.${at & 255}.1`, 'malformed');
  expect(refusals.all()).toHaveLength(2_000);
  expect(refusals.all()[0]?.address).toBe('10.11.184.1');
  expect(told.at(-1)).toBe('removed 10.11.183.1 malformed ');
});

test('after a day it is forgotten', () => {
  refusals.add('192.0.2.7', 'missing', 'x@y');
  now += DAY_MS;
  refusals.add('192.0.2.8', 'missing', 'x@y');
  expect(refusals.find('192.0.2.7 missing x@y')).toBeUndefined();
  expect(refusals.all().map(({ address }) => address)).toEqual(['192.0.2.8']);
  expect(told).toContain('removed 192.0.2.7 missing x@y');
});

test('what a stranger calls himself is short and in one line', () => {
  refusals.add('192.0.2.7', 'password', `a\r\nb\u0000${'c'.repeat(5_000)}`);
  expect(refusals.all()[0]?.as).toMatch(/^a {2}b c{95}$/);
});

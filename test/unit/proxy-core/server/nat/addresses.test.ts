import { expect, test } from 'vitest';
import { isNumeric, realmOf, sameAddress } from '../../../../../proxy-core/server/nat/addresses.ts';

test.each([
  ['10.1.2.3', 'private'],
  ['172.15.0.1', 'public'],
  ['172.16.0.1', 'private'],
  ['172.31.255.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['192.169.1.1', 'public'],
  ['169.254.3.4', 'private'],
  ['100.63.0.1', 'public'],
  ['100.64.0.1', 'private'],
  ['100.127.0.1', 'private'],
  ['100.128.0.1', 'public'],
  ['127.0.0.1', 'loopback'],
  ['8.8.8.8', 'public'],
  ['phone.example', 'public'],
  ['[::1]', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['fe80::1', 'private'],
  ['FD00:1::2', 'private'],
  ['fec0::1', 'public'],
  ['[2001:db8::1]', 'public'],
  ['::ffff:10.0.0.1', 'private'],
  ['::ffff:192.0.2.1', 'public'],
])('%s is %s', (host, realm) => {
  expect(realmOf(host)).toBe(realm);
});

test.each([
  ['[2001:DB8::7]', '2001:db8:0:0::0007', true],
  ['2001:db8::7', '2001:db8::8', false],
  ['::1', '0:0:0:0:0:0:0:1', true],
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.10', false],
])('%s and %s are one address: %s', (a, b, same) => {
  expect(sameAddress(a, b)).toBe(same);
});

test.each([
  ['192.0.2.1', true],
  ['[::1]', true],
  ['192.0.2', false],
  ['999.0.2.1', false],
  ['phone.local', false],
])('%s is an address: %s', (host, is) => {
  expect(isNumeric(host)).toBe(is);
});

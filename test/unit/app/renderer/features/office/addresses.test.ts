import { expect, test } from 'vitest';
import { addressesOf } from '../../../../../../app/renderer/features/office/addresses.ts';
import { newUserErrors, nextNumber } from '../../../../../../app/renderer/features/office/users/new-user.ts';
import { usersOf } from '../../../../../support/window/people.ts';

test.each([
  [['udp://192.0.2.10:5060', 'tcp://192.0.2.10:5060'], ['192.0.2.10:5060'], 'UDP and TCP, port 5060'],
  [['udp://[2001:db8::1]:5062'], ['[2001:db8::1]:5062'], 'UDP, port 5062'],
  [['udp://127.0.0.1:5060', 'udp://[::1]:5060', 'tcp://0.0.0.0:5061'], [], 'UDP, port 5060; TCP, port 5061'],
  [['nonsense', 'udp://host'], [], ''],
])('%o', (listeners, others, ways) => expect(addressesOf(listeners)).toEqual({ others, ways }));

test('the next number follows the highest', () => {
  expect(nextNumber([])).toBe('1001');
  expect(nextNumber(usersOf(3))).toBe('1004');
  expect(nextNumber([{ number: 'anna', domain: '', name: '', devices: 0 }])).toBe('1001');
});

test('letters, dots and dashes make a number too', () => {
  expect(newUserErrors({ number: 'front-desk.2', password: 'x' }, [])).toEqual({});
});

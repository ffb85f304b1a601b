import { expect, it } from 'vitest';
import { findStunServer } from '../../../../../app/services/phone/stun-server.ts';

it.each([
  ['127.0.0.1', { address: '127.0.0.1', port: 3478 }],
  [' 127.0.0.1:5000 ', { address: '127.0.0.1', port: 5000 }],
  ['192.0.2.1', undefined],
  ['stun.example', undefined],
  ['', undefined],
  ['a b', undefined],
])('%j, with --loopback', async (typed, found) => {
  expect(await findStunServer(typed, 4, true)).toEqual(found);
});

it('is none where the family is another', async () => {
  expect(await findStunServer('[::1]:5000', 6, true)).toEqual({ address: '::1', port: 5000 });
  expect(await findStunServer('127.0.0.1', 6, true)).toBeUndefined();
});

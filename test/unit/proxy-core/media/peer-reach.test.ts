/** Where sound and reports may go, whatever a description says. */
import { expect, it } from 'vitest';
import { unreachable, withReachableReports } from '../../../../proxy-core/media/peer-reach.ts';

const HERE = '127.0.0.1';
const remote = (address: string, rtcpAddress = address) => ({
  rtp: { address, port: 4000 },
  rtcp: { address: rtcpAddress, port: 4001 },
  rtcpMux: false,
  ice: undefined,
  maxptime: undefined,
});

it.each([
  ['a peer on loopback', '127.0.0.2', HERE, true, true],
  ['a stranger, from loopback alone', '192.0.2.1', HERE, true, false],
  ['a peer on the loopback of IPv6', '::1', '::1', true, true],
  ['a stranger by IPv6, from loopback alone', '2001:db8::1', '::1', true, false],
  ['a stranger, from anywhere', '192.0.2.1', '198.51.100.1', false, true],
  ['IPv6 from IPv4', '2001:db8::1', '198.51.100.1', false, false],
  ['IPv4 from IPv6', '192.0.2.1', '2001:db8::1', false, false],
  ['IPv6 from IPv6', '2001:db8::2', '2001:db8::1', false, true],
] as const)('%s', (_, address, local, keepsToLoopback, isReached) => {
  expect(unreachable(remote(address), local, keepsToLoopback) === undefined).toBe(isReached);
  const reports = withReachableReports(remote(local, address), local, keepsToLoopback).rtcp;
  expect(reports).toEqual(isReached ? { address, port: 4001 } : undefined);
});

it('has nothing against a peer that names no place', () => {
  const held = { ...remote(HERE), rtp: undefined, rtcp: undefined };
  expect(unreachable(held, HERE, true)).toBeUndefined();
  expect(withReachableReports(held, HERE, true)).toEqual(held);
});

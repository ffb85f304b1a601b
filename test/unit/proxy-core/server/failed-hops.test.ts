/** Which addresses are tried last, and for how long (RFC 3263 §4.3). */
import { beforeEach, expect, test } from 'vitest';
import { FailedHops, type ServerHop } from '../../../../proxy-core/server/failed-hops.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const hop = (last: number, server?: string): ServerHop => ({
  ...{ transport: 'UDP', host: `192.0.2.${last}`, port: 5060 },
  ...(server !== undefined && { server }),
});

let clock: FakeClock;
let failed: FailedHops;
beforeEach(() => {
  clock = new FakeClock();
  failed = new FailedHops(clock, 30_000);
});

const order = (...hops: ServerHop[]): string =>
  failed
    .order(hops)
    .map(({ host }) => host.slice(8))
    .join(' ');

test('who failed is tried last, and first again when the time is over', () => {
  failed.failed(hop(1));
  expect(order(hop(1), hop(2), hop(3))).toBe('2 3 1');
  clock.advance(29_999);
  expect(order(hop(1), hop(2))).toBe('2 1');
  clock.advance(1);
  expect(order(hop(1), hop(2))).toBe('1 2');
  expect(failed.size).toBe(0);
});

test('a longer time may be asked for', () => {
  failed.failed(hop(1), 60_000);
  clock.advance(59_000);
  expect(order(hop(1), hop(2))).toBe('2 1');
});

test('where all failed, their order stays', () => {
  failed.failed(hop(2));
  failed.failed(hop(1));
  expect(order(hop(1), hop(2))).toBe('1 2');
});

test('a silent server stands behind with all its addresses, one that refused with that one only', () => {
  failed.silent(hop(1, 'a'));
  expect(order(hop(1, 'a'), hop(2, 'a'), hop(3, 'b'))).toBe('3 1 2');
  failed.failed(hop(3, 'b'));
  expect(order(hop(3, 'b'), hop(4, 'b'))).toBe('4 3');
});

test('an answer clears it', () => {
  failed.silent(hop(1, 'a'));
  failed.worked(hop(1, 'a'));
  expect(order(hop(1, 'a'), hop(3))).toBe('1 3');
  expect(failed.size).toBe(0);
});

test('another transport or port is another address', () => {
  failed.failed({ ...hop(1), transport: 'TCP' });
  failed.failed({ ...hop(1), port: 5070 });
  expect(order(hop(1), hop(2))).toBe('1 2');
});

test('the memory has an end: the oldest goes', () => {
  for (let port = 1; port <= 1_500; port++) failed.failed({ ...hop(9), port });
  expect(failed.size).toBe(1000);
  expect(failed.order([{ ...hop(9), port: 1 }, hop(2)])[0]?.host).toBe('192.0.2.9');
  expect(failed.order([{ ...hop(9), port: 1_500 }, hop(2)])[0]?.host).toBe('192.0.2.2');
});

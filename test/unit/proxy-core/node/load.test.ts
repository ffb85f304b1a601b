import { expect, test } from 'vitest';
import { isTooMuch, roomForRequests } from '../../../../proxy-core/node/load.ts';

test.each([
  [10, 0.5, false],
  [600, 0.5, true],
  [10, 0.9, true],
  // It slept.
  [3_600_000, 0.5, false],
])('timers %d ms late and %d of the heap used: %s', (lateMs, heap, expected) => {
  expect(isTooMuch(lateMs, heap)).toBe(expected);
});

const MB = 1024 * 1024;
test.each([
  // The young generation is no room for what lasts.
  [48, 0],
  [128, 10],
  [304, 32],
  [4144, 256],
])('of a heap of at most %d MB, requests take at most %d', (limit, expected) => {
  expect(roomForRequests(limit * MB)).toBeCloseTo(expected * MB, -1);
});

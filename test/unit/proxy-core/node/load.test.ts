import { expect, test } from 'vitest';
import { isTooMuch, roomForRequests, semiSpace } from '../../../../proxy-core/node/load.ts';

test.each([
  [10, 10, 0.5, false],
  // A hiccup of the computer.
  [10, 600, 0.5, false],
  [600, 10, 0.5, false],
  [600, 600, 0.5, true],
  [10, 10, 0.9, true],
  // It slept.
  [3_600_000, 600, 0.5, false],
])('timers %d, then %d ms late and %d of the heap used: %s', (before, now, heap, expected) => {
  expect(isTooMuch([before, now], heap)).toBe(expected);
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

test.each([
  [[], 16],
  [['--max-semi-space-size=32', '--inspect'], 32],
  [['--min-semi-space-size=32'], 16],
])('the engine started with %j has semi-spaces of %d MB', (options, expected) => {
  expect(semiSpace(options)).toBe(expected);
});

import { expect, test } from 'vitest';
import { isTooMuch } from '../../../../proxy-core/node/load.ts';

test.each([
  [10, 0.5, false],
  [600, 0.5, true],
  [10, 0.9, true],
  // It slept.
  [3_600_000, 0.5, false],
])('timers %d ms late and %d of the heap used: %s', (lateMs, heap, expected) => {
  expect(isTooMuch(lateMs, heap)).toBe(expected);
});

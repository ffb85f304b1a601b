import { expect, it } from 'vitest';
import { RateLimit } from '../../../../proxy-core/media/rate-limit.ts';

it('lets a burst through and then its rate, and gains nothing from a clock that goes back', () => {
  const limit = new RateLimit(10, 3);
  const taken = (now: number) => Array.from({ length: 4 }, () => limit.take(now));
  expect(taken(0)).toEqual([true, true, true, false]);
  expect(taken(200)).toEqual([true, true, false, false]);
  expect(taken(100)).toEqual([false, false, false, false]);
  expect(taken(60_000)).toEqual([true, true, true, false]);
});

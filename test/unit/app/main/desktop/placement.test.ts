import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Area,
  cornerPlace,
  keptInside,
  MARGIN,
  sizeWithin,
  topPlace,
} from '../../../../../app/main/desktop/placement.ts';

const screen: Area = { x: 0, y: 25, width: 1280, height: 875 };
const beside: Area = { x: 1280, y: 0, width: 800, height: 600 };

describe('the size', () => {
  it.each([
    ['as wanted, in whole pixels', { width: 359.2, height: 120.4 }, { width: 360, height: 121 }],
    ['no smaller than a hand can hit', { width: 0, height: 0 }, { width: 200, height: 40 }],
    ['no larger than a small window', { width: 9_000, height: 9_000 }, { width: 520, height: 720 }],
  ])('%s', (_, wanted, size) => expect(sizeWithin(wanted, screen)).toEqual(size));

  it('fits the screen', () => {
    expect(sizeWithin({ width: 500, height: 700 }, { x: 0, y: 0, width: 320, height: 240 })).toEqual({
      ...{ width: 320 - 2 * MARGIN, height: 240 - 2 * MARGIN },
    });
  });
});

test('a corner is where the system has its notices', () => {
  const size = { width: 360, height: 150 };
  expect(cornerPlace(size, screen, 'linux')).toEqual({ x: 904, y: 41, ...size });
  expect(cornerPlace(size, screen, 'darwin')).toEqual({ x: 904, y: 41, ...size });
  expect(cornerPlace(size, screen, 'win32')).toEqual({ x: 904, y: 734, ...size });
  expect(topPlace(size, screen)).toEqual({ x: 460, y: 41, ...size });
});

describe('a window', () => {
  it('stays where it is while all of it is on one screen', () => {
    const bar = { x: 1290, y: 500, width: 400, height: 52 };
    expect(keptInside(bar, [screen, beside])).toEqual(bar);
  });

  it('comes back from a screen that is gone, as near as may be', () => {
    const bar = { x: 1600, y: 300, width: 400, height: 52 };
    expect(keptInside(bar, [screen])).toEqual({ ...bar, x: 880 });
    expect(keptInside({ ...bar, y: -900 }, [screen])).toEqual({ ...bar, x: 880, y: 25 });
  });

  it('goes whole to the screen that has most of it', () => {
    expect(keptInside({ x: 1180, y: 100, width: 400, height: 52 }, [screen, beside]).x).toBe(1280);
    expect(keptInside({ x: 1000, y: 100, width: 400, height: 52 }, [screen, beside]).x).toBe(880);
  });

  it('shows its beginning where it is too large', () => {
    expect(
      keptInside({ x: 50, y: 50, width: 400, height: 52 }, [{ x: 0, y: 0, width: 300, height: 40 }]),
    ).toMatchObject({
      ...{ x: 0, y: 0 },
    });
  });

  it('is never off the screen, wherever it was', () => {
    const place = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(place, place, fc.subarray([screen, beside], { minLength: 1 }), (x, y, areas) => {
        const kept = keptInside({ x, y, width: 420, height: 52 }, areas);
        return areas.some(
          (area) =>
            kept.x >= area.x &&
            kept.y >= area.y &&
            kept.x + kept.width <= area.x + area.width &&
            kept.y + kept.height <= area.y + area.height,
        );
      }),
    );
  });
});

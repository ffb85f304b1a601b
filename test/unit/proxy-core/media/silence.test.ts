import { describe, expect, it } from 'vitest';
import { SilenceWatch } from '../../../../proxy-core/media/silence.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const watched = () => {
  const clock = new FakeClock();
  const told: Array<[string, number]> = [];
  const watch = new SilenceWatch(clock, (cause, silentMs) => told.push([cause, silentMs]));
  return { clock, told, watch };
};

describe('silence', () => {
  it('is told once when nothing ever came, and its end once', () => {
    const { clock, told, watch } = watched();
    watch.arm(true);
    clock.advance(2999);
    expect(told).toEqual([]);
    clock.advance(60_000);
    expect(told).toEqual([['never', 3000]]);
    watch.packet(clock.now());
    watch.packet(clock.now());
    expect(told).toEqual([
      ['never', 3000],
      ['resumed', 62_999],
    ]);
  });

  it('may last for half a minute after comfort noise, and no longer', () => {
    const { clock, told, watch } = watched();
    watch.arm(true);
    watch.comfort(clock.now());
    clock.advance(29_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([['stopped', 30_000]]);
    watch.packet(clock.now());
    clock.advance(3_000);
    expect(told.at(-1)).toEqual(['stopped', 3_000]);
  });

  it('is told 3 s after the last packet', () => {
    const { clock, told, watch } = watched();
    watch.arm(true);
    for (let i = 0; i < 500; i++) {
      clock.advance(20);
      watch.packet(clock.now());
    }
    clock.advance(2999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([['stopped', 3000]]);
  });

  it('is not told on hold, and starts anew after it', () => {
    const { clock, told, watch } = watched();
    watch.arm(true);
    watch.packet(clock.now());
    watch.arm(false);
    clock.advance(60_000);
    expect(told).toEqual([]);
    watch.arm(true);
    clock.advance(3000);
    expect(told).toEqual([['stopped', 3000]]);
  });

  it('leaves no timer behind', () => {
    const { clock, watch } = watched();
    watch.arm(true);
    watch.stop();
    expect(clock.waiting).toBe(0);
  });
});

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel } from '../../../../proxy-core/node/clock.ts';

/** A tick of the wheel, and what the system's own timer may add. */
const LATE = 41;

let wheel: TimerWheel;
let now: () => number;
let faults: unknown[];
beforeEach(() => {
  faults = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
  now = () => performance.now();
  wheel = new TimerWheel((fault) => void faults.push(fault), now);
});
afterEach(() => void vi.useRealTimers());

/** Has `wheel` call back after `ms` and notes how long it took. */
function timed(ms: number, taken: Map<number, number>): ReturnType<TimerWheel['after']> {
  const began = now();
  return wheel.after(ms, () => taken.set(ms, now() - began));
}

describe('the timer wheel', () => {
  it('calls once, never early and hardly late, however far off', () => {
    const taken = new Map<number, number>();
    const waits = [0, 1, 19, 20, 21, 200, 500, 32_000, 40_959, 40_960, 40_961, 81_920, 181_000];
    vi.advanceTimersByTime(7);
    for (const ms of waits) timed(ms, taken);
    vi.advanceTimersByTime(400_000);
    for (const ms of waits) {
      expect(taken.get(ms)).toBeGreaterThanOrEqual(ms);
      expect(taken.get(ms)).toBeLessThanOrEqual(ms + LATE);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is on time whatever was set and cancelled before', () => {
    const step = fc.record({ ms: fc.nat(100_000), cancels: fc.boolean(), passes: fc.nat(3_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        wheel = new TimerWheel((fault) => void faults.push(fault), now);
        const open = new Set<number>();
        steps.forEach(({ ms, cancels, passes }, index) => {
          const due = now() + ms;
          const timer = wheel.after(ms, () => {
            expect(open.delete(index)).toBe(true);
            expect(now()).toBeGreaterThanOrEqual(due);
            expect(now()).toBeLessThanOrEqual(due + LATE);
          });
          if (cancels) timer.cancel();
          else open.add(index);
          vi.advanceTimersByTime(passes);
        });
        vi.advanceTimersByTime(100_100);
        expect(open.size).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('lets the program end when nothing waits', () => {
    const timers = [wheel.after(100, () => {}), wheel.after(181_000, () => {})];
    expect(vi.getTimerCount()).toBe(1);
    for (const timer of timers) timer.cancel();
    for (const timer of timers) timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
    let called = 0;
    wheel.after(10, () => called++);
    vi.advanceTimersByTime(100);
    expect(called).toBe(1);
  });

  it('does not call what another that is due with it has cancelled', () => {
    const called: string[] = [];
    const second = (): void => void called.push('second');
    wheel.after(10, () => {
      called.push('first');
      timer.cancel();
    });
    const timer = wheel.after(10, second);
    vi.advanceTimersByTime(1_000);
    expect(called).toEqual(['first']);
  });

  it('takes what a callback sets', () => {
    const called: number[] = [];
    const again = (): void => {
      called.push(now());
      if (called.length < 5) wheel.after(50, again);
    };
    wheel.after(50, again);
    vi.advanceTimersByTime(1_000);
    expect(called).toHaveLength(5);
  });

  it('goes on after one that throws', () => {
    const called: string[] = [];
    wheel.after(10, () => {
      throw new Error('a fault of somebody');
    });
    wheel.after(10, () => void called.push('neighbour'));
    wheel.after(500, () => void called.push('later'));
    vi.advanceTimersByTime(1_000);
    expect(called).toEqual(['neighbour', 'later']);
    expect(faults).toEqual([new Error('a fault of somebody')]);
  });

  it('does not hide a fault that nobody asked to be told of', () => {
    const unheard = new TimerWheel(undefined, now);
    unheard.after(10, () => {
      throw new Error('a fault of somebody');
    });
    expect(() => vi.advanceTimersByTime(100)).toThrow('a fault of somebody');
  });
});

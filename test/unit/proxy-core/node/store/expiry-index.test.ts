import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryIndex } from '../../../../../proxy-core/node/store/expiry-index.ts';

describe('ExpiryIndex', () => {
  it('never gives a key early, and gives every key at most one bucket late', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 20 }),
      lives: fc.integer({ min: 0, max: 500 }),
      passes: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const index = new ExpiryIndex<number>(10, 0);
        const expiresAt = new Map<number, number>();
        let now = 0;
        for (const { key, lives, passes } of steps) {
          index.move(key, expiresAt.get(key), now + lives);
          expiresAt.set(key, now + lives);
          now += passes;
          for (const due of index.takeDue(now, 1_000)) {
            const at = expiresAt.get(due);
            if (at !== undefined && at > now) index.schedule(due, at);
            else expiresAt.delete(due);
          }
          for (const at of expiresAt.values()) expect(at).toBeGreaterThan(now - 20);
          expect(index.size).toBeGreaterThanOrEqual(expiresAt.size);
        }
        // However often each was moved: once it is due, nothing is left of it.
        for (const due of index.takeDue(now + 1_000, 1_000)) expiresAt.delete(due);
        expect([index.size, expiresAt.size]).toEqual([0, 0]);
      }),
    );
  });

  it('gives no more than asked for at once, and the rest the next time', () => {
    const index = new ExpiryIndex<number>(10, 0);
    for (let key = 0; key < 25; key += 1) index.schedule(key, key);
    expect(index.takeDue(1_000, 10)).toHaveLength(10);
    expect(index.takeDue(1_000, 10)).toHaveLength(10);
    expect(index.takeDue(1_000, 10)).toHaveLength(5);
  });

  it('forgets a key that is moved away', () => {
    const index = new ExpiryIndex<string>(10, 0);
    index.schedule('a', 5);
    index.move('a', 5, undefined);
    expect(index.takeDue(1_000, 10)).toEqual([]);
  });

  it('holds a key once, however often it is moved', () => {
    const index = new ExpiryIndex<string>(10, 0);
    index.schedule('a', 7_200);
    for (let n = 0; n < 1_000; n += 1) {
      index.move('a', 7_200, 60);
      index.move('a', 60, 7_200);
    }
    expect(index.size).toBe(1);
    expect(index.takeDue(7_000, 10)).toEqual([]);
    expect(index.takeDue(8_000, 10)).toEqual(['a']);
  });

  it('jumps over a long time without walking it', () => {
    const index = new ExpiryIndex<string>(1, 0);
    index.schedule('a', 5);
    expect(index.takeDue(4e12, 10)).toEqual(['a']);
  });

  it('goes on when the clock was set back', () => {
    const index = new ExpiryIndex<string>(10, 0);
    index.takeDue(1_000_000, 10);
    index.takeDue(0, 10);
    index.schedule('a', 15);
    expect(index.takeDue(100, 10)).toEqual(['a']);
  });
});

import { describe, expect, it } from 'vitest';
import { Reception } from '../../../../proxy-core/media/reception.ts';
import { packet } from './parts.ts';

const feed = (sequences: readonly number[], ssrc = 1, reception = new Reception()): Reception => {
  for (const sequence of sequences) reception.add(packet({ sequence, ssrc }), 8000, 0);
  return reception;
};

describe('loss', () => {
  it.each<[string, number[], number]>([
    ['none', [1, 2, 3], 0],
    ['a gap', [1, 2, 5], 2],
    ['a late packet takes its loss back', [1, 3, 4, 2], 0],
    ['a packet from before the first', [10, 9, 11], 0],
    ['a duplicate', [1, 2, 2, 4], 1],
    ['the wrap', [65534, 65535, 0, 1], 0],
    ['a gap over the wrap', [65534, 1], 2],
    ['reordering over the wrap', [65535, 1, 0], 0],
    ['one stray number', [1, 2, 40000, 3], 0],
    ['a restart of the count', [1, 2, 40000, 40001, 40003], 1],
    ['a first number of 0', [0, 65535, 1], 0],
  ])('%s', (_name, sequences, lost) => {
    expect(feed(sequences).lost).toBe(lost);
  });

  it('adds up over a change of SSRC', () => {
    const reception = feed([1, 2, 4]);
    feed([9000, 9002], 2, reception);
    expect(reception.lost).toBe(2);
  });

  it('tells duplicates', () => {
    const reception = feed([5]);
    expect(reception.add(packet({ sequence: 5, ssrc: 1 }), 8000, 0)).toBe(false);
    expect(reception.add(packet({ sequence: 6, ssrc: 1 }), 8000, 0)).toBe(true);
  });

  it('reports the fraction since the last report', () => {
    const reception = feed([1, 2, 3, 5]);
    expect(reception.report()).toMatchObject({ ssrc: 1, fractionLost: 51, cumulativeLost: 1, highestSequence: 65541 });
    feed([6, 7], 1, reception);
    expect(reception.report()).toMatchObject({ fractionLost: 0, cumulativeLost: 1 });
    expect(new Reception().report()).toBeUndefined();
  });
});

describe('jitter', () => {
  it('is nothing for an even stream and grows with uneven arrival', () => {
    const even = new Reception();
    const uneven = new Reception();
    for (let i = 0; i < 200; i++) {
      const next = packet({ sequence: i, timestamp: i * 160 });
      even.add(next, 8000, i * 20);
      uneven.add(next, 8000, i * 20 + (i % 2) * 10);
    }
    expect(even.jitterMs).toBe(0);
    expect(uneven.jitterMs).toBeCloseTo(10, 1);
  });

  it('passes over packets of one event and over pauses', () => {
    const reception = new Reception();
    reception.add(packet({ sequence: 1, timestamp: 0 }), 8000, 0);
    for (let i = 0; i < 5; i++) reception.add(packet({ sequence: 2 + i, timestamp: 160 }), 8000, 20 + i * 20);
    reception.add(packet({ sequence: 7, timestamp: 320 }), 8000, 60_000);
    expect(reception.jitterMs).toBe(0);
  });
});

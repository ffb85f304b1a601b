import { describe, expect, it } from 'vitest';
import { StreamRewriter } from '../../../../proxy-core/media/stream-rewriter.ts';
import { middle, packet } from './parts.ts';

const stream = () => new StreamRewriter(middle);
const delta = (a: { sequence: number; timestamp: number }, b: { sequence: number; timestamp: number }) => [
  (b.sequence - a.sequence) & 0xffff,
  (b.timestamp - a.timestamp) >>> 0,
];

describe('a rewritten stream', () => {
  it('keeps gaps and order, maps the type and has one SSRC', () => {
    const s = stream();
    const original = packet({ sequence: 10, timestamp: 0 });
    const first = s.sound(original, 111, 48000, 0);
    const third = s.sound(packet({ sequence: 12, timestamp: 1920 }), 111, 48000, 40);
    const second = s.sound(packet({ sequence: 11, timestamp: 960 }), 111, 48000, 41);
    expect(delta(first, third)).toEqual([2, 1920]);
    expect(delta(first, second)).toEqual([1, 960]);
    expect([first.ssrc, third.ssrc, first.payloadType]).toEqual([s.ssrc, s.ssrc, 111]);
    expect(first.payload).toBe(original.payload);
  });

  it('goes on without a break when the SSRC changes', () => {
    const s = stream();
    const before = s.sound(packet({ sequence: 60000, timestamp: 5 }), 0, 8000, 0);
    const after = s.sound(packet({ ssrc: 2, sequence: 3, timestamp: 0xffff0000 }), 0, 8000, 20);
    const next = s.sound(packet({ ssrc: 2, sequence: 4, timestamp: 0xffff00a0 }), 0, 8000, 40);
    expect(delta(before, after)).toEqual([1, 160]);
    expect(delta(after, next)).toEqual([1, 160]);
    expect([after.marker, next.marker, after.ssrc]).toEqual([true, false, s.ssrc]);
  });

  it('never repeats a timestamp for a new source in the same moment', () => {
    const s = stream();
    const before = s.sound(packet({ sequence: 1 }), 0, 8000, 0);
    expect(delta(before, s.sound(packet({ ssrc: 2 }), 0, 8000, 0))).toEqual([1, 80]);
  });

  it.each([
    ['a wide gap', 5000],
    ['a step back', 65000],
  ])('closes up after %s in the numbers', (_name, step) => {
    const s = stream();
    const before = s.sound(packet({ sequence: 100, timestamp: 0 }), 0, 8000, 0);
    const after = s.sound(packet({ sequence: (100 + step) & 0xffff, timestamp: 77 }), 0, 8000, 1000);
    expect(delta(before, after)).toEqual([1, 8000]);
  });

  it('follows the clock where the source restarts its timestamps, and not where it only paused', () => {
    const s = stream();
    const before = s.sound(packet({ sequence: 1, timestamp: 1000 }), 0, 8000, 0);
    const restarted = s.sound(packet({ sequence: 2, timestamp: 900_000_000 }), 0, 8000, 20);
    expect(delta(before, restarted)).toEqual([1, 160]);
    const paused = s.sound(packet({ sequence: 3, timestamp: 900_000_000 + 80_160 }), 0, 8000, 10_040);
    expect(delta(restarted, paused)).toEqual([1, 80_160]);
  });

  it('lets all packets of an event share their start, then goes on with sound', () => {
    const s = stream();
    const sound = s.sound(packet({ sequence: 1, timestamp: 960 }), 111, 48000, 0);
    const events = [2, 3, 4].map((sequence, i) =>
      s.event(packet({ sequence, timestamp: 1920 }), 110, 48000, 20 + i * 20, false),
    );
    const after = s.sound(packet({ sequence: 5, timestamp: 4800 }), 111, 48000, 80);
    expect(events.map((event) => delta(sound, event))).toEqual([
      [1, 960],
      [2, 960],
      [3, 960],
    ]);
    expect(delta(sound, after)).toEqual([4, 3840]);
  });

  it('takes the start of an event on a foreign clock from its arrival', () => {
    const s = stream();
    const sound = s.sound(packet({ sequence: 1, timestamp: 960 }), 111, 48000, 0);
    const first = s.event(packet({ sequence: 2, timestamp: 160 }), 110, 48000, 20, true);
    const same = s.event(packet({ sequence: 3, timestamp: 160 }), 110, 48000, 40, true);
    const other = s.event(packet({ sequence: 4, timestamp: 960 }), 110, 48000, 120, true);
    expect([first, same, other].map((event) => delta(sound, event))).toEqual([
      [1, 960],
      [2, 960],
      [3, 5760],
    ]);
  });
});

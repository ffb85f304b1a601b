import { describe, expect, test } from 'vitest';
import { type RingEntry, TraceRing } from '../../../../../proxy-core/node/trace/ring.ts';
import type { FlowId, Source } from '../../../../../proxy-core/sip/transport/port.ts';

const source: Source = {
  transport: 'UDP',
  host: '192.0.2.7',
  port: 5060,
  flow: 'udp://198.51.100.1:5060>192.0.2.7:5060' as FlowId,
  listener: 'udp://198.51.100.1:5060',
};

class Time {
  now = 1_000_000;
}

function ringOf(bytes: number, ageMs = 60_000): { ring: TraceRing; time: Time } {
  const time = new Time();
  return { time, ring: new TraceRing({ bytes, ageMs, now: () => time.now }) };
}

function all(ring: TraceRing, after?: number): RingEntry[] {
  const cursor = ring.cursor(after);
  const found: RingEntry[] = [];
  for (;;) {
    const next = ring.next(cursor, () => true);
    if (next === undefined) return found;
    if (next !== 'other') found.push(next);
  }
}

describe('what is kept', () => {
  test('comes back as it was, in both directions', () => {
    const { ring, time } = ringOf(65_536);
    ring.received('REGISTER sip:a SIP/2.0\r\n\xff\xfe', source, true);
    time.now += 0.25;
    const flow = 'tcp-1-2' as FlowId;
    ring.sent('SIP/2.0 200 OK', { transport: 'WSS', host: '2001:db8::7', port: 443, flow, listener: 'wss://[::]:443' });
    ring.sent('INVITE', { transport: 'TCP', host: '192.0.2.9', port: 65_535 });
    const usual = { isRefused: false, isCut: false };
    expect(all(ring)).toEqual([
      {
        ...{ ...usual, id: 1, at: 1_000_000, direction: 'in', transport: 'UDP' },
        ...{ remote: { host: '192.0.2.7', port: 5060 }, listener: 'udp://198.51.100.1:5060', connection: '' },
        wire: 'REGISTER sip:a SIP/2.0\r\n\xff\xfe',
      },
      {
        ...{ ...usual, id: 2, at: 1_000_000.25, direction: 'out', transport: 'WSS' },
        ...{ remote: { host: '2001:db8::7', port: 443 }, listener: 'wss://[::]:443', connection: 'tcp-1-2' },
        wire: 'SIP/2.0 200 OK',
      },
      {
        ...{ ...usual, id: 3, at: 1_000_000.25, direction: 'out', transport: 'TCP' },
        ...{ remote: { host: '192.0.2.9', port: 65_535 }, listener: '', connection: '' },
        wire: 'INVITE',
      },
    ]);
  });

  test('is always the newest, whole and in order, whatever the sizes', () => {
    const { ring } = ringOf(4_096);
    const sent: string[] = [];
    let seed = 7;
    for (let i = 0; i < 3_000; i++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const wire = `${i}:`.padEnd(1 + (seed % 900), 'x');
      sent.push(wire);
      ring.received(wire, source, true);
      if (i % 7 !== 6) continue;
      const found = all(ring);
      expect(found.map(({ wire: kept }) => kept)).toEqual(sent.slice(-found.length));
      expect(found.map(({ id }) => id)).toEqual(found.map((_, at) => i + 2 - found.length + at));
      expect(found.length).toBe(ring.size);
      expect(found.length).toBeGreaterThan(1);
    }
  });

  test('is cut where one message would push out all others', () => {
    const { ring } = ringOf(4_096);
    ring.received('small', source, true);
    ring.received('x'.repeat(60_000), source, true);
    const [small, large] = all(ring);
    expect(small).toMatchObject({ wire: 'small', isCut: false });
    expect(large).toMatchObject({ isCut: true });
    expect(large?.wire).toHaveLength(1_024);
  });

  test('is gone when its time is over, also where nothing new came', () => {
    const { ring, time } = ringOf(65_536, 1_000);
    ring.received('old', source, true);
    time.now += 600;
    ring.received('young', source, true);
    time.now += 600;
    expect(all(ring).map(({ wire }) => wire)).toEqual(['young']);
    ring.received('new', source, true);
    expect(ring.size).toBe(2);
  });

  test('of those who are kept away are a few beginnings a second', () => {
    const { ring, time } = ringOf(65_536);
    for (let i = 0; i < 500; i++) ring.received('x'.repeat(2_000), source, false);
    const refused = all(ring);
    expect(refused).toHaveLength(20);
    expect(refused[0]).toMatchObject({ isRefused: true, isCut: true, wire: 'x'.repeat(256) });
    time.now += 1_000;
    ring.received('later', source, false);
    expect(all(ring).at(-1)).toMatchObject({ isRefused: true, isCut: false, wire: 'later' });
  });
});

describe('a cursor', () => {
  test('goes on behind a message, and at the end waits for the next', () => {
    const { ring } = ringOf(65_536);
    for (const wire of ['a', 'b', 'c']) ring.received(wire, source, true);
    expect(all(ring, 2).map(({ wire }) => wire)).toEqual(['c']);
    expect(all(ring, 99)).toEqual([]);
    const cursor = ring.cursor(3);
    expect(ring.next(cursor, () => true)).toBeUndefined();
    ring.received('d', source, true);
    expect(ring.next(cursor, () => true)).toMatchObject({ id: 4, wire: 'd' });
  });

  test('that was overtaken goes on with the oldest that is left, wherever the ring has turned', () => {
    for (let lead = 0; lead < 40; lead++) {
      const { ring } = ringOf(1_024);
      const cursor = ring.cursor();
      for (let i = 0; i < lead; i++) ring.received(`lead ${i}`, source, true);
      while (ring.next(cursor, () => true) !== undefined);
      const from = 5 + (lead % 30);
      for (let i = 0; i < from; i++) ring.received(`more ${i}`.padEnd(20 + (i % 9) * 10), source, true);
      const ids: number[] = [];
      for (let next = ring.next(cursor, () => true); next !== undefined; next = ring.next(cursor, () => true)) {
        if (next !== 'other') ids.push(next.id);
      }
      const kept = all(ring).map(({ id }) => id);
      expect(ids).toEqual(kept.filter((id) => id > lead));
    }
  });

  test('asks before it copies', () => {
    const { ring } = ringOf(65_536);
    for (const wire of ['wanted a', 'other', 'wanted b']) ring.received(wire, source, true);
    const cursor = ring.cursor();
    const isWanted = (bytes: Buffer, host: string): boolean => host === '192.0.2.7' && bytes.includes('wanted');
    expect(ring.next(cursor, isWanted)).toMatchObject({ wire: 'wanted a' });
    expect(ring.next(cursor, isWanted)).toBe('other');
    expect(ring.next(cursor, isWanted)).toMatchObject({ wire: 'wanted b' });
    expect(ring.next(cursor, isWanted)).toBeUndefined();
  });
});

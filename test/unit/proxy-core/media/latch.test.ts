import { describe, expect, it } from 'vitest';
import { RELATCH_PACKETS, RELATCH_SILENCE_MS, SymmetricLatch } from '../../../../proxy-core/media/latch.ts';

const SDP = { address: '192.0.2.1', port: 4000 };
const NAT = { address: '198.51.100.1', port: 5000 };
const THIEF = { address: '203.0.113.1', port: 6000 };

const latched = (): SymmetricLatch => {
  const latch = new SymmetricLatch();
  latch.announce(SDP);
  expect(latch.accept(NAT, { ssrc: 1, sequence: 1 }, 0)).toBe(true);
  return latch;
};

describe('the symmetric latch', () => {
  it('aims at the SDP until a packet came, then at its source', () => {
    const latch = new SymmetricLatch();
    expect(latch.target).toBeUndefined();
    latch.announce(SDP);
    expect(latch.target).toEqual(SDP);
    latch.accept(NAT, { ssrc: 1, sequence: 1 }, 0);
    expect(latch.target).toEqual(NAT);
  });

  it('drops others while the source speaks', () => {
    const latch = latched();
    for (let i = 0; i < 100; i++) {
      expect(latch.accept(NAT, { ssrc: 1, sequence: 2 + i }, i * 20)).toBe(true);
      expect(latch.accept(THIEF, { ssrc: 2, sequence: i }, i * 20)).toBe(false);
    }
    expect(latch.target).toEqual(NAT);
  });

  it('lets the announced address win at once', () => {
    const latch = latched();
    expect(latch.accept(SDP, { ssrc: 1, sequence: 9 }, 1)).toBe(true);
    expect(latch.target).toEqual(SDP);
  });

  it('moves after silence and a run of packets in sequence', () => {
    const latch = latched();
    for (let i = 1; i < RELATCH_PACKETS; i++) {
      expect(latch.accept(THIEF, { ssrc: 2, sequence: i }, RELATCH_SILENCE_MS + i)).toBe(false);
    }
    expect(latch.accept(THIEF, { ssrc: 2, sequence: RELATCH_PACKETS }, RELATCH_SILENCE_MS + 9)).toBe(true);
    expect(latch.target).toEqual(THIEF);
  });

  it('does not move for packets out of sequence', () => {
    const latch = latched();
    for (let i = 0; i < 50; i++) {
      expect(latch.accept(THIEF, { ssrc: 2, sequence: i * 2 }, RELATCH_SILENCE_MS + i)).toBe(false);
    }
  });

  it('starts over for a new address, and keeps what it learnt over a hold without one', () => {
    const latch = latched();
    latch.announce(SDP);
    expect(latch.target).toEqual(NAT);
    latch.announce(undefined);
    expect(latch.target).toEqual(NAT);
    latch.announce({ ...SDP, port: 4002 });
    expect(latch.target).toEqual({ ...SDP, port: 4002 });
  });
});

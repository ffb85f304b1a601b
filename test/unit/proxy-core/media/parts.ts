/** Small makers for the gateway's unit tests. */
import type { RandomBelow } from '../../../../proxy-core/media/clock.ts';
import type { RtpPacket } from '../../../../proxy-core/media/rtp-packet.ts';

export const packet = (over: Partial<RtpPacket> = {}): RtpPacket => ({
  marker: false,
  payloadType: 0,
  sequence: 100,
  timestamp: 1000,
  ssrc: 0xabcd,
  payload: Buffer.from([1, 2, 3]),
  ...over,
});

/** Chance without surprise: always the middle. */
export const middle: RandomBelow = (below) => Math.floor(below / 2);

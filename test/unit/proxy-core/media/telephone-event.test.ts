import { describe, expect, it } from 'vitest';
import type { RtpPacket } from '../../../../proxy-core/media/rtp-packet.ts';
import { EventScaler } from '../../../../proxy-core/media/telephone-event.ts';
import { packet } from './parts.ts';

const event = (code: number, duration: number, timestamp: number, marker = false, end = false): RtpPacket => {
  const payload = Buffer.from([code, end ? 0x8a : 0x0a, 0, 0]);
  payload.writeUInt16BE(duration, 2);
  return packet({ payload, timestamp, marker });
};
const seen = (out: RtpPacket | undefined) =>
  out && [out.timestamp, out.payload.readUInt16BE(2), out.payload.readUInt8(1)];

describe('telephone-event between clocks', () => {
  it('leaves packets alone where the clocks agree', () => {
    const one = event(5, 960, 7);
    expect(new EventScaler(8000, 8000).scale(one)).toBe(one);
  });

  it('scales durations both ways and keeps the end bit and the volume', () => {
    const original = event(5, 4800, 7, false, true);
    expect(seen(new EventScaler(48000, 8000).scale(original))).toEqual([7, 800, 0x8a]);
    expect(original.payload.readUInt16BE(2)).toBe(4800);
    expect(seen(new EventScaler(8000, 48000).scale(event(5, 800, 7)))).toEqual([7, 4800, 0x0a]);
    expect(seen(new EventScaler(8000, 48000).scale(event(5, 20_000, 7)))).toEqual([7, 65535, 0x0a]);
  });

  it.each([
    ['as RFC 4733 has it', 65535],
    ['as Chromium does it', 66240],
  ])('joins the segments of a long key press into one event, %s', (_name, length) => {
    const scaler = new EventScaler(48000, 8000);
    const start = 0xffff_f000;
    const second = (start + length) >>> 0;
    const scaled = (duration: number) => Math.round((length + duration) / 6);
    expect(seen(scaler.scale(event(1, 48000, start, true)))).toEqual([start, 8000, 0x0a]);
    expect(seen(scaler.scale(event(1, 65535, start)))).toEqual([start, 10923, 0x0a]);
    expect(seen(scaler.scale(event(1, 705, second)))).toEqual([start, scaled(705), 0x0a]);
    expect(seen(scaler.scale(event(1, 9601, second, false, true)))).toEqual([start, scaled(9601), 0x8a]);
  });

  it('keeps two presses of one key apart', () => {
    const scaler = new EventScaler(48000, 8000);
    scaler.scale(event(1, 4800, 1000, true));
    expect(seen(scaler.scale(event(1, 960, 5800, true)))).toEqual([5800, 160, 0x0a]);
    expect(seen(scaler.scale(event(1, 960, 50_000)))).toEqual([50_000, 160, 0x0a]);
    expect(seen(scaler.scale(event(2, 960, 50_960)))).toEqual([50_960, 160, 0x0a]);
    expect(seen(scaler.scale(event(2, 1920, 50_960, false, true)))).toEqual([50_960, 320, 0x8a]);
    expect(seen(scaler.scale(event(2, 960, 52_880)))).toEqual([52_880, 160, 0x0a]);
  });

  it('refuses what is too short', () => {
    expect(new EventScaler(48000, 8000).scale(packet({ payload: Buffer.from([1, 2, 3]) }))).toBeUndefined();
    expect(new EventScaler(8000, 8000).scale(packet({ payload: Buffer.alloc(0) }))).toBeUndefined();
  });
});

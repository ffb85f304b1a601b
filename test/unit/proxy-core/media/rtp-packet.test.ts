import { describe, expect, it } from 'vitest';
import {
  looksLikeRtcp,
  parseRtp,
  sequenceDistance,
  serialiseRtp,
  timestampDistance,
} from '../../../../proxy-core/media/rtp-packet.ts';
import { packet } from './parts.ts';

describe('RTP packets', () => {
  it('survive writing and reading', () => {
    const original = packet({
      marker: true,
      payloadType: 111,
      sequence: 65535,
      timestamp: 0xfffffffe,
      ssrc: 0xffffffff,
    });
    expect(parseRtp(serialiseRtp(original))).toEqual(original);
  });

  it('lose CSRCs, header extensions and padding, and keep the payload', () => {
    const head = serialiseRtp(packet({ payload: Buffer.alloc(0) }));
    head[0] = 0x80 | 0x20 | 0x10 | 2;
    const csrcs = Buffer.alloc(8, 9);
    const extension = Buffer.from([0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0]);
    const read = parseRtp(Buffer.concat([head, csrcs, extension, Buffer.from([7, 8, 9]), Buffer.from([0, 0, 3])]));
    expect(read).toEqual(packet({ payload: Buffer.from([7, 8, 9]) }));
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['eleven bytes', Buffer.alloc(11, 0x80)],
    ['version 1', Buffer.alloc(20, 0x40)],
    ['CSRCs that are not there', Buffer.concat([Buffer.from([0x8f]), Buffer.alloc(20)])],
    ['an extension that is not there', Buffer.concat([Buffer.from([0x90]), Buffer.alloc(11)])],
    [
      'an extension longer than the packet',
      Buffer.concat([Buffer.from([0x90]), Buffer.alloc(11), Buffer.from([0, 0, 0xff, 0xff])]),
    ],
    ['padding longer than the packet', Buffer.concat([Buffer.from([0xa0]), Buffer.alloc(11), Buffer.from([1, 200])])],
    ['padding of no length', Buffer.concat([Buffer.from([0xa0]), Buffer.alloc(11), Buffer.from([1, 0])])],
  ])('refuses %s', (_name, data) => {
    expect(parseRtp(data)).toBeUndefined();
  });

  it('tells RTCP on a shared port', () => {
    expect(looksLikeRtcp(Buffer.from([0x80, 200]))).toBe(true);
    expect(looksLikeRtcp(Buffer.from([0x80, 0x80 | 111]))).toBe(false);
    expect(looksLikeRtcp(Buffer.from([0x80]))).toBe(false);
  });

  it('measures over the wrap', () => {
    expect(sequenceDistance(65535, 2)).toBe(3);
    expect(sequenceDistance(2, 65535)).toBe(-3);
    expect(timestampDistance(0xffffff00, 0x100)).toBe(0x200);
  });
});

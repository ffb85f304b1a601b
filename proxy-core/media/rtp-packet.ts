/** One RTP packet, read and written (RFC 3550 §5.1). CSRCs, header extensions and padding are read over and never written. */

export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, in units of the codec's clock. */
  readonly timestamp: number;
  /** 32 bits. */
  readonly ssrc: number;
  readonly payload: Buffer;
}

const HEADER = 12;

/** RTCP on a shared port has a second byte of 192 to 223 (RFC 5761 §4). */
export const looksLikeRtcp = (data: Buffer): boolean => {
  const second = data[1] ?? 0;
  return second >= 192 && second <= 223;
};

/** The packet in a datagram; undefined when it is not RTP version 2 or is cut short. The payload shares its memory. */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  const start = rtpHeaderLength(data);
  if (start === undefined) return undefined;
  let end = data.length;
  if (data.readUInt8(0) & 0x20) {
    const padding = data.readUInt8(end - 1);
    if (padding === 0 || padding > end - start) return undefined;
    end -= padding;
  }
  const second = data.readUInt8(1);
  return {
    marker: second >= 0x80,
    payloadType: second & 0x7f,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
  };
}

/** CSRCs and header extension included; undefined when it is no RTP of version 2, or cut short. */
export function rtpHeaderLength(data: Buffer): number | undefined {
  if (data.length < HEADER) return undefined;
  const first = data.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let length = HEADER + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (data.length < length + 4) return undefined;
    length += 4 + data.readUInt16BE(length + 2) * 4;
  }
  return data.length < length ? undefined : length;
}

export function serialiseRtp(packet: RtpPacket): Buffer {
  const data = Buffer.allocUnsafe(HEADER + packet.payload.length);
  data.writeUInt8(0x80, 0);
  data.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1);
  data.writeUInt16BE(packet.sequence, 2);
  data.writeUInt32BE(packet.timestamp, 4);
  data.writeUInt32BE(packet.ssrc, 8);
  packet.payload.copy(data, HEADER);
  return data;
}

/** How far `to` is ahead of `from` in 16-bit sequence numbers: −32768 to 32767. */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16;

/** How far `to` is ahead of `from` in 32-bit timestamps. */
export const timestampDistance = (from: number, to: number): number => (to - from) | 0;

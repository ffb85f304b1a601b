/** What a suite does to one packet whose index is known. */

/** All packets are whole; what is given back has memory of its own. */
export interface PacketCipher {
  /** @param headerLength the bytes that stay readable; @param index of 48 bits. */
  sealRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer;
  /** The packet as it was; undefined when it is not genuine. */
  openRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer | undefined;
  /** @param index of 31 bits. */
  sealRtcp(packet: Buffer, ssrc: number, index: number): Buffer;
  openRtcp(packet: Buffer, ssrc: number): Buffer | undefined;
  /** The E flag and index that a protected RTCP packet names; undefined when it is too short for both. */
  rtcpWord(packet: Buffer): number | undefined;
  /** The least that protection adds to an RTP packet. */
  readonly rtpOverhead: number;
}

/** Of RTCP: the first header and its SSRC are never encrypted (RFC 3711 §3.4). */
export const RTCP_CLEAR = 8;
export const RTCP_WORD = 4;
export const ENCRYPTED = 0x80000000;

export const rtcpIndex = (word: number): number => word & 0x7fffffff;

export function wordOf(value: number): Buffer {
  const word = Buffer.allocUnsafe(4);
  word.writeUInt32BE(value >>> 0);
  return word;
}

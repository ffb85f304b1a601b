/** AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1; RFC 6188). */
import { Authenticator } from './authenticator.ts';
import { KeyStream } from './key-stream.ts';
import { ENCRYPTED, type PacketCipher, RTCP_CLEAR, RTCP_WORD, rtcpIndex } from './packet-cipher.ts';
import { type SessionKeys, sessionKeys } from './session-keys.ts';
import type { SrtpSuite } from './suites.ts';

/** What the keys of one kind of packets do. */
interface Keyed {
  readonly stream: KeyStream;
  readonly authenticator: Authenticator;
}

const keyed = ({ cipher, salt, authentication }: SessionKeys): Keyed => ({
  stream: new KeyStream(cipher, salt),
  authenticator: new Authenticator(authentication),
});

export class CounterMode implements PacketCipher {
  readonly rtpOverhead: number;
  readonly #suite: SrtpSuite;
  readonly #mki: Buffer;
  readonly #rtp: Keyed;
  readonly #rtcp: Keyed;

  constructor(suite: SrtpSuite, master: Buffer, mki: Buffer) {
    this.#suite = suite;
    this.#mki = mki;
    this.#rtp = keyed(sessionKeys(suite, master, 'rtp'));
    this.#rtcp = keyed(sessionKeys(suite, master, 'rtcp'));
    this.rtpOverhead = mki.length + suite.rtpTagLength;
  }

  sealRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer {
    const end = packet.length;
    const sealed = Buffer.allocUnsafe(end + this.rtpOverhead);
    packet.copy(sealed, 0, 0, headerLength);
    crypt(this.#rtp.stream, packet, sealed, headerLength, end, ssrc, index);
    // Over the packet and its roll-over counter, which is not sent (RFC 3711 §4.2).
    this.#rtp.authenticator.compute(sealed, end, rollOver(index));
    this.#mki.copy(sealed, end);
    this.#rtp.authenticator.tag.copy(sealed, end + this.#mki.length, 0, this.#suite.rtpTagLength);
    return sealed;
  }

  openRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer | undefined {
    const end = packet.length - this.rtpOverhead;
    if (end < headerLength) return undefined;
    const { stream, authenticator } = this.#rtp;
    authenticator.compute(packet, end, rollOver(index));
    const { rtpTagLength } = this.#suite;
    if (!authenticator.isTag(packet, packet.length - rtpTagLength, rtpTagLength)) return undefined;
    const plain = Buffer.allocUnsafe(end);
    packet.copy(plain, 0, 0, headerLength);
    crypt(stream, packet, plain, headerLength, end, ssrc, index);
    return plain;
  }

  sealRtcp(packet: Buffer, ssrc: number, index: number): Buffer {
    const end = packet.length + RTCP_WORD;
    const { rtcpTagLength } = this.#suite;
    const sealed = Buffer.allocUnsafe(end + this.#mki.length + rtcpTagLength);
    packet.copy(sealed, 0, 0, RTCP_CLEAR);
    crypt(this.#rtcp.stream, packet, sealed, RTCP_CLEAR, packet.length, ssrc, index);
    sealed.writeUInt32BE((ENCRYPTED | index) >>> 0, packet.length);
    this.#rtcp.authenticator.compute(sealed, end);
    this.#mki.copy(sealed, end);
    this.#rtcp.authenticator.tag.copy(sealed, end + this.#mki.length, 0, rtcpTagLength);
    return sealed;
  }

  openRtcp(packet: Buffer, ssrc: number): Buffer | undefined {
    const word = this.rtcpWord(packet);
    if (word === undefined) return undefined;
    const { stream, authenticator } = this.#rtcp;
    const end = this.#rtcpEnd(packet);
    const { rtcpTagLength } = this.#suite;
    authenticator.compute(packet, end);
    if (!authenticator.isTag(packet, packet.length - rtcpTagLength, rtcpTagLength)) return undefined;
    const plain = Buffer.from(packet.subarray(0, end - RTCP_WORD));
    const isEncrypted = (word & ENCRYPTED) !== 0;
    if (isEncrypted) crypt(stream, packet, plain, RTCP_CLEAR, plain.length, ssrc, rtcpIndex(word));
    return plain;
  }

  rtcpWord(packet: Buffer): number | undefined {
    const at = this.#rtcpEnd(packet) - RTCP_WORD;
    return at < RTCP_CLEAR ? undefined : packet.readUInt32BE(at);
  }

  #rtcpEnd(packet: Buffer): number {
    return packet.length - this.#mki.length - this.#suite.rtcpTagLength;
  }
}

const rollOver = (index: number): number => Math.floor(index / 0x10000);

/** Encrypts and decrypts alike what lies between two places, into the same places of another packet. */
function crypt(
  stream: KeyStream,
  from: Buffer,
  to: Buffer,
  start: number,
  end: number,
  ssrc: number,
  index: number,
): void {
  const shift = stream.seek(ssrc, index, end - start) - start;
  const { bytes } = stream;
  for (let i = start; i < end; i++) to[i] = (from[i] ?? 0) ^ (bytes[i + shift] ?? 0);
}

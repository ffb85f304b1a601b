/** AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1; RFC 6188). */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { ENCRYPTED, type PacketCipher, RTCP_CLEAR, RTCP_WORD, rtcpIndex, wordOf } from './packet-cipher.ts';
import { type SessionKeys, sessionKeys } from './session-keys.ts';
import type { SrtpSuite } from './suites.ts';

export class CounterMode implements PacketCipher {
  readonly rtpOverhead: number;
  readonly #suite: SrtpSuite;
  readonly #mki: Buffer;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;

  constructor(suite: SrtpSuite, master: Buffer, mki: Buffer) {
    this.#suite = suite;
    this.#mki = mki;
    this.#rtp = sessionKeys(suite, master, 'rtp');
    this.#rtcp = sessionKeys(suite, master, 'rtcp');
    this.rtpOverhead = mki.length + suite.rtpTagLength;
  }

  sealRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer {
    const header = packet.subarray(0, headerLength);
    const body = this.#crypt(this.#rtp, packet.subarray(headerLength), ssrc, index);
    return Buffer.concat([header, body, this.#mki, this.#rtpTag([header, body], index)]);
  }

  openRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer | undefined {
    const end = packet.length - this.rtpOverhead;
    if (end < headerLength) return undefined;
    const tag = packet.subarray(packet.length - this.#suite.rtpTagLength);
    if (!timingSafeEqual(tag, this.#rtpTag([packet.subarray(0, end)], index))) return undefined;
    const body = this.#crypt(this.#rtp, packet.subarray(headerLength, end), ssrc, index);
    return Buffer.concat([packet.subarray(0, headerLength), body]);
  }

  sealRtcp(packet: Buffer, ssrc: number, index: number): Buffer {
    const body = this.#crypt(this.#rtcp, packet.subarray(RTCP_CLEAR), ssrc, index);
    const parts = [packet.subarray(0, RTCP_CLEAR), body, wordOf(ENCRYPTED | index)];
    return Buffer.concat([...parts, this.#mki, this.#rtcpTag(parts)]);
  }

  openRtcp(packet: Buffer, ssrc: number): Buffer | undefined {
    const word = this.rtcpWord(packet);
    if (word === undefined) return undefined;
    const end = this.#rtcpEnd(packet);
    const tag = packet.subarray(packet.length - this.#suite.rtcpTagLength);
    if (!timingSafeEqual(tag, this.#rtcpTag([packet.subarray(0, end)]))) return undefined;
    const body = packet.subarray(RTCP_CLEAR, end - RTCP_WORD);
    const isEncrypted = (word & ENCRYPTED) !== 0;
    const plain = isEncrypted ? this.#crypt(this.#rtcp, body, ssrc, rtcpIndex(word)) : body;
    return Buffer.concat([packet.subarray(0, RTCP_CLEAR), plain]);
  }

  rtcpWord(packet: Buffer): number | undefined {
    const at = this.#rtcpEnd(packet) - RTCP_WORD;
    return at < RTCP_CLEAR ? undefined : packet.readUInt32BE(at);
  }

  #rtcpEnd(packet: Buffer): number {
    return packet.length - this.#mki.length - this.#suite.rtcpTagLength;
  }

  /** Encrypts and decrypts alike. */
  #crypt(keys: SessionKeys, data: Buffer, ssrc: number, index: number): Buffer {
    const counter = Buffer.alloc(16);
    keys.salt.copy(counter);
    counter.writeUInt32BE((counter.readUInt32BE(4) ^ ssrc) >>> 0, 4);
    counter.writeUInt16BE(counter.readUInt16BE(8) ^ Math.floor(index / 2 ** 32), 8);
    counter.writeUInt32BE((counter.readUInt32BE(10) ^ (index % 2 ** 32)) >>> 0, 10);
    return createCipheriv(this.#suite.cipher, keys.cipher, counter).update(data);
  }

  /** Over the packet and its roll-over counter, which is not sent (RFC 3711 §4.2). */
  #rtpTag(parts: readonly Buffer[], index: number): Buffer {
    const rollOver = wordOf(Math.floor(index / 0x10000));
    return tagOf(this.#rtp, [...parts, rollOver], this.#suite.rtpTagLength);
  }

  #rtcpTag(parts: readonly Buffer[]): Buffer {
    return tagOf(this.#rtcp, parts, this.#suite.rtcpTagLength);
  }
}

function tagOf(keys: SessionKeys, parts: readonly Buffer[], length: number): Buffer {
  const hmac = createHmac('sha1', keys.authentication);
  for (const part of parts) hmac.update(part);
  return hmac.digest().subarray(0, length);
}

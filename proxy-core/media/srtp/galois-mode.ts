/** AES in Galois/counter mode (RFC 7714 §8 for RTP, §9 for RTCP). */
import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { ENCRYPTED, type PacketCipher, RTCP_CLEAR, RTCP_WORD, rtcpIndex, wordOf } from './packet-cipher.ts';
import { type SessionKeys, sessionKeys } from './session-keys.ts';
import type { SrtpSuite } from './suites.ts';

const TAG = 16;
const NONE = Buffer.alloc(0);

export class GaloisMode implements PacketCipher {
  readonly rtpOverhead: number;
  readonly #cipher: CipherGCMTypes;
  readonly #mki: Buffer;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;

  /** Session keys may be given where they come from elsewhere than the master key. */
  constructor(
    suite: SrtpSuite,
    master: Buffer,
    mki: Buffer,
    keys: { readonly rtp: SessionKeys; readonly rtcp: SessionKeys } = {
      rtp: sessionKeys(suite, master, 'rtp'),
      rtcp: sessionKeys(suite, master, 'rtcp'),
    },
  ) {
    this.#cipher = suite.keyLength === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
    this.#mki = mki;
    this.#rtp = keys.rtp;
    this.#rtcp = keys.rtcp;
    this.rtpOverhead = TAG + mki.length;
  }

  sealRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer {
    const header = packet.subarray(0, headerLength);
    const sealed = this.#seal(this.#rtp, rtpNonce(ssrc, index), header, packet.subarray(headerLength));
    return Buffer.concat([header, ...sealed, this.#mki]);
  }

  openRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): Buffer | undefined {
    const end = packet.length - this.#mki.length;
    if (end - TAG < headerLength) return undefined;
    const header = packet.subarray(0, headerLength);
    const body = this.#open(this.#rtp, rtpNonce(ssrc, index), header, packet.subarray(headerLength, end));
    return body && Buffer.concat([header, body]);
  }

  sealRtcp(packet: Buffer, ssrc: number, index: number): Buffer {
    const header = packet.subarray(0, RTCP_CLEAR);
    const word = wordOf(ENCRYPTED | index);
    const known = Buffer.concat([header, word]);
    const sealed = this.#seal(this.#rtcp, rtcpNonce(ssrc, index), known, packet.subarray(RTCP_CLEAR));
    return Buffer.concat([header, ...sealed, word, this.#mki]);
  }

  openRtcp(packet: Buffer, ssrc: number): Buffer | undefined {
    const word = this.rtcpWord(packet);
    if (word === undefined) return undefined;
    const end = packet.length - this.#mki.length - RTCP_WORD;
    const nonce = rtcpNonce(ssrc, rtcpIndex(word));
    if ((word & ENCRYPTED) === 0) {
      const plain = packet.subarray(0, end - TAG);
      const isGenuine = this.#open(
        this.#rtcp,
        nonce,
        Buffer.concat([plain, wordOf(word)]),
        packet.subarray(end - TAG, end),
      );
      return isGenuine && Buffer.from(plain);
    }
    const header = packet.subarray(0, RTCP_CLEAR);
    const body = this.#open(this.#rtcp, nonce, Buffer.concat([header, wordOf(word)]), packet.subarray(RTCP_CLEAR, end));
    return body && Buffer.concat([header, body]);
  }

  rtcpWord(packet: Buffer): number | undefined {
    const at = packet.length - this.#mki.length - RTCP_WORD;
    return at - TAG < RTCP_CLEAR ? undefined : packet.readUInt32BE(at);
  }

  #seal(keys: SessionKeys, nonce: Buffer, known: Buffer, data: Buffer): readonly Buffer[] {
    const cipher = createCipheriv(this.#cipher, keys.cipher, mixed(nonce, keys.salt), { authTagLength: TAG });
    cipher.setAAD(known);
    const body = cipher.update(data);
    cipher.final();
    return [body, cipher.getAuthTag()];
  }

  /** @param data what was sealed, its tag behind it. */
  #open(keys: SessionKeys, nonce: Buffer, known: Buffer, data: Buffer): Buffer | undefined {
    const decipher = createDecipheriv(this.#cipher, keys.cipher, mixed(nonce, keys.salt), { authTagLength: TAG });
    decipher.setAAD(known);
    decipher.setAuthTag(data.subarray(data.length - TAG));
    const body = data.length > TAG ? decipher.update(data.subarray(0, data.length - TAG)) : NONE;
    try {
      decipher.final();
      return body;
    } catch {
      // Its only failure: the tag does not fit.
      return undefined;
    }
  }
}

function rtpNonce(ssrc: number, index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(ssrc, 2);
  nonce.writeUIntBE(index, 6, 6);
  return nonce;
}

function rtcpNonce(ssrc: number, index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(ssrc, 2);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

function mixed(nonce: Buffer, salt: Buffer): Buffer {
  for (let i = 0; i < nonce.length; i++) nonce[i] = (nonce[i] ?? 0) ^ (salt[i] ?? 0);
  return nonce;
}

/**
 * The key stream of AES in counter mode, for packets whose numbers follow each other (RFC 3711 §4.1.1). It is made for several
 * packets at once by one cipher object that lasts as long as the key: an object for each packet costs far more than what it
 * computes. AES in ECB mode is the bare block cipher, and gives the stream when it is fed with the counters themselves.
 */
import { type Cipher, createCipheriv, type KeyObject } from 'node:crypto';

const BLOCK = 16;
/** Packets that one turn makes the stream of. */
const AHEAD = 8;
/** In blocks; longer packets are not expected to be followed by others as long. */
const USUAL = 32;

export class KeyStream {
  /** Where `seek` says, the stream of one packet. */
  bytes: Buffer = Buffer.alloc(0);
  readonly #cipher: Cipher;
  readonly #salt: Buffer;
  #counters = Buffer.alloc(0);
  #ssrc = -1;
  /** Index of the first packet that `bytes` is for. */
  #first = 0;
  #blocks = 0;

  /** @param salt of 14 bytes. */
  constructor(key: KeyObject, salt: Buffer) {
    this.#cipher = createCipheriv(`aes-${(key.symmetricKeySize ?? 0) * 8}-ecb`, key, null);
    this.#cipher.setAutoPadding(false);
    this.#salt = salt;
  }

  /** The place in `bytes` where the stream of this packet begins. @param length of what is to be covered, in bytes. */
  seek(ssrc: number, index: number, length: number): number {
    const blocks = Math.ceil(length / BLOCK);
    const ahead = index - this.#first;
    const isThere =
      ssrc === this.#ssrc &&
      blocks <= this.#blocks &&
      ahead >= 0 &&
      (ahead + 1) * this.#blocks * BLOCK <= this.bytes.length;
    if (isThere) return ahead * this.#blocks * BLOCK;
    this.#make(ssrc, index, Math.max(blocks, Math.min(this.#blocks, USUAL)));
    return 0;
  }

  #make(ssrc: number, first: number, blocks: number): void {
    const packets = blocks > USUAL ? 1 : AHEAD;
    const length = packets * blocks * BLOCK;
    if (this.#counters.length !== length) this.#counters = Buffer.alloc(length);
    for (let packet = 0, at = 0; packet < packets; packet++) {
      for (let block = 0; block < blocks; block++, at += BLOCK) this.#counter(at, ssrc, first + packet, block);
    }
    this.bytes = this.#cipher.update(this.#counters);
    this.#ssrc = ssrc;
    this.#first = first;
    this.#blocks = blocks;
  }

  #counter(at: number, ssrc: number, index: number, block: number): void {
    const [counters, salt] = [this.#counters, this.#salt];
    salt.copy(counters, at);
    counters.writeInt32BE(salt.readInt32BE(4) ^ ssrc, at + 4);
    // What is made ahead may pass the last index that there is; it is never asked for.
    counters.writeUInt16BE((salt.readUInt16BE(8) ^ Math.floor(index / 2 ** 32)) & 0xffff, at + 8);
    counters.writeInt32BE(salt.readInt32BE(10) ^ index, at + 10);
    counters.writeUInt16BE(block, at + 14);
  }
}

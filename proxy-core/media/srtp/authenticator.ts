/**
 * HMAC-SHA1 (RFC 2104, FIPS 180-4) over the parts of a packet. Written here and not asked of the system: for so few bytes a
 * hash object of the system's costs more than twice what the hash does, and leaves work for the garbage collector.
 */
import type { KeyObject } from 'node:crypto';

const BLOCK = 64;
const INNER = 0x36;
const OUTER = 0x5c;
const LENGTH_AT = 56;

export class Authenticator {
  /** Of the last packet. */
  readonly tag = Buffer.alloc(20);
  /** States after the key alone. */
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;
  readonly #state = new Int32Array(5);
  readonly #block = new Uint8Array(BLOCK);

  /** @param key of 64 bytes at most. */
  constructor(key: KeyObject) {
    const bytes = key.export();
    this.#inner = keyed(bytes, INNER);
    this.#outer = keyed(bytes, OUTER);
  }

  /** Puts into `tag` that of these bytes and of the word that follows them where there is one. @param end not included. */
  compute(data: Buffer, end: number, word?: number): void {
    const [state, block] = [this.#state, this.#block];
    state.set(this.#inner);
    let at = 0;
    for (; at + BLOCK <= end; at += BLOCK) compress(state, data, at);
    block.fill(0);
    for (let i = at; i < end; i++) block[i - at] = data[i] ?? 0;
    let rest = end - at;
    if (word !== undefined) {
      for (let shift = 24; shift >= 0; shift -= 8) {
        // The word may lie across two blocks.
        if (rest === BLOCK) {
          compress(state, block, 0);
          block.fill(0);
          rest = 0;
        }
        block[rest++] = (word >>> shift) & 0xff;
      }
    }
    finish(state, block, rest, BLOCK + end + (word === undefined ? 0 : 4));
    this.#giveTag();
  }

  /** The hash of the outer key and of the state that was reached. */
  #giveTag(): void {
    const [state, block] = [this.#state, this.#block];
    writeState(state, block);
    block.fill(0, 20);
    state.set(this.#outer);
    finish(state, block, 20, BLOCK + 20);
    writeState(state, this.tag);
  }

  /** Whether `tag` is what stands here, without telling by time where it differs. */
  isTag(data: Buffer, at: number, length: number): boolean {
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= (this.tag[i] ?? 0) ^ (data[at + i] ?? 0);
    return difference === 0;
  }
}

function keyed(key: Buffer, pad: number): Int32Array {
  const block = new Uint8Array(BLOCK).fill(pad);
  for (let i = 0; i < key.length; i++) block[i] = (block[i] ?? 0) ^ (key[i] ?? 0);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  compress(state, block, 0);
  return state;
}

/** The end of a message: a bit, zeros, and how long it was. @param rest bytes of it in the block, zeros behind them. */
function finish(state: Int32Array, block: Uint8Array, rest: number, bytes: number): void {
  let at = rest;
  if (at === BLOCK) {
    compress(state, block, 0);
    block.fill(0);
    at = 0;
  }
  block[at++] = 0x80;
  if (at > LENGTH_AT) {
    compress(state, block, 0);
    block.fill(0);
  }
  // No packet has more than 2^29 bytes: the upper half stays zero.
  for (let i = 0; i < 4; i++) block[BLOCK - 1 - i] = ((bytes * 8) >>> (8 * i)) & 0xff;
  compress(state, block, 0);
}

function writeState(state: Int32Array, to: Uint8Array): void {
  for (let i = 0; i < 20; i++) to[i] = ((state[i >> 2] ?? 0) >>> (24 - 8 * (i & 3))) & 0xff;
}

const words = new Int32Array(80);

/** One block of 64 bytes (FIPS 180-4 §6.1.2). */
function compress(state: Int32Array, data: Uint8Array, from: number): void {
  for (let i = 0, at = from; i < 16; i++, at += 4) {
    words[i] = ((data[at] ?? 0) << 24) | ((data[at + 1] ?? 0) << 16) | ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0);
  }
  for (let i = 16; i < 80; i++) {
    const word = (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
    words[i] = (word << 1) | (word >>> 31);
  }
  let [a, b, c, d, e] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0, state[4] ?? 0];
  for (let i = 0; i < 80; i++) {
    const mixed =
      i < 20
        ? ((b & c) | (~b & d)) + 0x5a827999
        : i < 40
          ? (b ^ c ^ d) + 0x6ed9eba1
          : i < 60
            ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
            : (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + mixed + e + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}

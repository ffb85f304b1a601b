/** The key stream beside the system's own counter mode, whatever packet is asked for after whatever other. */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyStream } from '../../../../../proxy-core/media/srtp/key-stream.ts';

const salt = randomBytes(14);

/** RFC 3711 §4.1.1, packet by packet. */
function expected(key: Buffer, ssrc: number, index: number, length: number): Buffer {
  const counter = Buffer.alloc(16);
  salt.copy(counter);
  counter.writeUInt32BE((counter.readUInt32BE(4) ^ ssrc) >>> 0, 4);
  counter.writeUInt16BE(counter.readUInt16BE(8) ^ Math.floor(index / 2 ** 32), 8);
  counter.writeUInt32BE((counter.readUInt32BE(10) ^ (index % 2 ** 32)) >>> 0, 10);
  return createCipheriv(key.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr', key, counter).update(Buffer.alloc(length));
}

const ORDERS: readonly (readonly [string, readonly (readonly [ssrc: number, index: number, length: number])[]])[] = [
  ['one after another', Array.from({ length: 40 }, (_, i) => [7, i, 160] as const)],
  ['late, lost and again', [3, 1, 2, 9, 8, 30, 29, 30, 4, 4].map((index) => [7, index, 160] as const)],
  ['of all sizes', [0, 1, 16, 17, 160, 20, 1400, 33, 65_000, 160, 2].map((length, i) => [7, i, length] as const)],
  ['of several sources', [1, 2, 1, 2, 0xffffffff, 1].map((ssrc, i) => [ssrc, i, 160] as const)],
  [
    'where the roll-over counter turns',
    [2 ** 16, 2 ** 32, 2 ** 48].flatMap((end) => [-3, -2, -1].map((step) => [9, end + step, 80] as const)),
  ],
  ['beyond 32 bits', [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1].map((index) => [9, index, 80] as const)],
];

it.each(ORDERS.flatMap(([name, packets]) => [16, 32].map((size) => ({ name, packets, size }))))(
  'is that of each packet: $name, with a key of $size bytes',
  ({ packets, size }) => {
    const key = randomBytes(size);
    const stream = new KeyStream(createSecretKey(key), salt);
    for (const [ssrc, index, length] of packets) {
      const at = stream.seek(ssrc, index, length);
      const found = stream.bytes.subarray(at, at + length);
      expect(found.equals(expected(key, ssrc, index, length)), `${ssrc} ${index} ${length}`).toBe(true);
    }
  },
);

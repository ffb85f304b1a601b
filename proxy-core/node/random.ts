/** The port for chance on Node; bytes are drawn from the system in blocks, since every request needs a few. */
import { randomFillSync } from 'node:crypto';
import type { RandomHex } from '../sip/transport/port.ts';

const block = Buffer.alloc(4096);
let used = block.length;

export const randomHex: RandomHex = (bytes) => {
  if (bytes > block.length) throw new RangeError(`at most ${block.length} random bytes at once`);
  if (used + bytes > block.length) {
    randomFillSync(block);
    used = 0;
  }
  used += bytes;
  return block.toString('hex', used - bytes, used);
};

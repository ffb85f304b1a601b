/** Our HMAC-SHA1 beside the system's, for every length that ends anywhere in its blocks. */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Authenticator } from '../../../../../proxy-core/media/srtp/authenticator.ts';

const key = randomBytes(20);
const authenticator = new Authenticator(createSecretKey(key));
const data = randomBytes(1500);
const LENGTHS = [...Array(200).keys(), 1023, 1024, 1500];

it.each([
  ['alone', undefined],
  ['with the word 0', 0],
  ['with a word', 0x01020304],
  ['with a word whose first bit is set', 0xfffefdfc],
])('gives the tag of a packet %s, also after one of another length', (_, word) => {
  for (const length of LENGTHS) {
    const hmac = createHmac('sha1', key).update(data.subarray(0, length));
    const behind = Buffer.alloc(4);
    behind.writeUInt32BE(word ?? 0);
    if (word !== undefined) hmac.update(behind);
    authenticator.compute(data, length, word);
    expect(authenticator.tag.toString('hex'), `${length} bytes`).toBe(hmac.digest('hex'));
  }
});

it.each([4, 10])('tells a tag of %i bytes from one that differs in a single bit', (length) => {
  authenticator.compute(data, 100);
  const packet = Buffer.concat([randomBytes(7), authenticator.tag.subarray(0, length)]);
  expect(authenticator.isTag(packet, 7, length)).toBe(true);
  for (let bit = 0; bit < length * 8; bit++) {
    const forged = Buffer.from(packet);
    forged[7 + (bit >> 3)] = (forged[7 + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
    expect(authenticator.isTag(forged, 7, length)).toBe(false);
  }
});

it('takes a tag that is cut short for none', () => {
  authenticator.compute(data, 100);
  expect(authenticator.isTag(Buffer.from(authenticator.tag.subarray(0, 9)), 0, 10)).toBe(false);
});

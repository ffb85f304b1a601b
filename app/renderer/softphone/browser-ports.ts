/** Time, chance and hashes of a page, as the SIP stack wants them. */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';

export const pageClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export const pageRandom: RandomHex = (bytes) => bytesToHex(crypto.getRandomValues(new Uint8Array(bytes)));

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);

export const pageHashes: HashPort = {
  md5: (bytes) => bytesToHex(md5(bytesOf(bytes))),
  sha256: (bytes) => bytesToHex(sha256(bytesOf(bytes))),
};

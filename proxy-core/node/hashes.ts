/** The digest hashes on Node. */
import crypto from 'node:crypto';
import type { HashPort } from '../sip/auth/hashes.ts';

/** Half the time of a hash object, where the runtime has it (Node.js 20.12 and 21.7 on). */
const atOnce = (crypto as { readonly hash?: typeof crypto.hash }).hash;

const ASCII = /^[\0-\x7f]*$/;

const hex =
  atOnce === undefined
    ? (algorithm: string, bytes: string): string => crypto.createHash(algorithm).update(bytes, 'latin1').digest('hex')
    : (algorithm: string, bytes: string): string =>
        // A string is hashed as UTF-8, which for nearly all of them is the same.
        atOnce(algorithm, ASCII.test(bytes) ? bytes : Buffer.from(bytes, 'latin1'), 'hex');

export const nodeHashes: HashPort = {
  md5: (bytes) => hex('md5', bytes),
  sha256: (bytes) => hex('sha256', bytes),
};

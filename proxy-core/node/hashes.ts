/** The digest hashes on Node. */
import { createHash } from 'node:crypto';
import type { HashPort } from '../sip/auth/hashes.ts';

const hex = (algorithm: string, bytes: string): string => createHash(algorithm).update(bytes, 'latin1').digest('hex');

export const nodeHashes: HashPort = {
  md5: (bytes) => hex('md5', bytes),
  sha256: (bytes) => hex('sha256', bytes),
};

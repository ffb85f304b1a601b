/** The hash functions of digest authentication as a port: node:crypto on Node, @noble/hashes in the window. */

/** Each takes a binary string (one character a byte) and gives lower-case hex. */
export interface HashPort {
  md5(bytes: string): string;
  sha256(bytes: string): string;
}

/** What we can compute; others that a challenge offers are passed over (RFC 7616 §3.7, RFC 8760 §2). */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** The hashes of user, realm and password, which are all that a server keeps (RFC 7616 §3.4.2). */
export interface UserHashes {
  readonly md5: string | undefined;
  readonly sha256: string | undefined;
}

export const hashWith = (hashes: HashPort, algorithm: DigestAlgorithm, bytes: string): string =>
  algorithm === 'MD5' ? hashes.md5(bytes) : hashes.sha256(bytes);

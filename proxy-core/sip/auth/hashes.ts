/** The hash functions of digest authentication as a port: node:crypto on Node, @noble/hashes in the window. */

/** Each takes a binary string (one character a byte) and gives lower-case hex. */
export interface HashPort {
  md5(bytes: string): string;
  sha256(bytes: string): string;
}

/** What we can compute; others that a challenge offers are passed over (RFC 7616 §3.7, RFC 8760 §2). */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Strongest first: the order in which we offer and prefer them (RFC 8760 §2.4). */
export const ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

export const hashWith = (hashes: HashPort, algorithm: DigestAlgorithm, bytes: string): string =>
  algorithm === 'MD5' ? hashes.md5(bytes) : hashes.sha256(bytes);

/** An algorithm parameter as we understand it; `session` for the `-sess` kinds (RFC 7616 §3.4.2). */
export function readAlgorithm(
  text: string | undefined,
): { readonly algorithm: DigestAlgorithm; readonly session: boolean } | undefined {
  const name = (text ?? 'MD5').toUpperCase();
  const session = name.endsWith('-SESS');
  const algorithm = session ? name.slice(0, -5) : name;
  return algorithm === 'MD5' || algorithm === 'SHA-256' ? { algorithm, session } : undefined;
}

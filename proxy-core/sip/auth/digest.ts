/** The arithmetic of digest authentication (RFC 7616 §3.4, RFC 2617 §3.2.2). All text is binary strings. */
import { toBytes } from '../grammar/text.ts';
import { type DigestAlgorithm, type HashPort, hashWith } from './hashes.ts';

/** What the response covers. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly session: boolean;
  readonly nonce: string;
  /** Undefined for RFC 2069. */
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly cnonce: string;
  /** Eight hex digits. */
  readonly nc: string;
  readonly method: string;
  readonly uri: string;
  /** Needed for auth-int only. */
  readonly body?: string | undefined;
}

/** H(user:realm:password), the only form in which a server keeps a password. The three are text for people. */
export const userHash = (
  hashes: HashPort,
  algorithm: DigestAlgorithm,
  username: string,
  realm: string,
  password: string,
): string => hashWith(hashes, algorithm, toBytes(`${username}:${realm}:${password}`));

/** The `response` parameter, in lower-case hex. `ha1` is what `userHash` gives. */
export function digestResponse(hashes: HashPort, ha1: string, input: DigestInput): string {
  const { algorithm, nonce, qop, cnonce, nc } = input;
  const hash = (bytes: string): string => hashWith(hashes, algorithm, bytes);
  const a1 = input.session ? hash(`${ha1}:${nonce}:${cnonce}`) : ha1;
  const a2 = `${input.method}:${input.uri}`;
  const ha2 = hash(qop === 'auth-int' ? `${a2}:${hash(input.body ?? '')}` : a2);
  return hash(qop === undefined ? `${a1}:${nonce}:${ha2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
}

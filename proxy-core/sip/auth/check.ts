/** A server's check of credentials (RFC 3261 §22.4, RFC 7616 §3.4.5, §3.4.6). */
import type { Credentials } from './credentials.ts';
import { digestResponse } from './digest.ts';
import type { HashPort } from './hashes.ts';
import { type NonceMaker, sameText } from './nonce.ts';
import type { NonceCounts } from './nonce-counts.ts';

export interface CheckParts {
  readonly credentials: Credentials;
  readonly method: string;
  /** H(user:realm:password) for the algorithm of the credentials; undefined for a user whom nobody knows. */
  readonly ha1: string | undefined;
  readonly nonces: NonceMaker;
  /** What was given to `NonceMaker.make`. */
  readonly binding?: string;
  /** Absent where a request that comes again passes no transaction, and so looks like one that was caught. */
  readonly counts?: NonceCounts | undefined;
  readonly hashes: HashPort;
  /** Needed for auth-int only. */
  readonly body?: string | undefined;
}

/**
 * - `ok`: the user knows the password, and the nonce is ours and young.
 * - `stale`: the password is right, the nonce is not, or it was used so before: challenge again with `stale=TRUE`.
 * - `wrong`: another password, or no such user: challenge again.
 */
export type Verdict = 'ok' | 'stale' | 'wrong';

/** As long as a real one, so that as much is hashed. */
const NOBODY = { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) } as const;

export function checkCredentials(parts: CheckParts): Verdict {
  const { credentials, method, hashes, body } = parts;
  // An unknown user costs as much time as a known one, so that nobody can tell them apart.
  const ha1 = parts.ha1 ?? NOBODY[credentials.algorithm];
  const { algorithm, session, nonce: used, qop, cnonce, nc, uri } = credentials;
  const wanted = digestResponse(hashes, ha1, { algorithm, session, nonce: used, qop, cnonce, nc, method, uri, body });
  if (!sameText(wanted, credentials.response) || parts.ha1 === undefined) return 'wrong';
  const nonce = parts.nonces.read(credentials.nonce, parts.binding);
  if (nonce === undefined) return 'stale';
  return parts.counts === undefined || parts.counts.take(nonce, countOf(credentials)) ? 'ok' : 'stale';
}

/** Who sends no count may use a nonce once. */
const countOf = ({ qop, nc }: Credentials): number => (qop === undefined ? 1 : Number.parseInt(nc, 16));

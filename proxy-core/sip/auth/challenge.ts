/** Digest challenges: read from a 401 or 407 and written into ours (RFC 3261 §22, RFC 7616 §3.3, RFC 8760). */
import { quote } from '../grammar/chars.ts';
import { parseAuthValues } from './auth-params.ts';
import { type DigestAlgorithm, readAlgorithm } from './hashes.ts';

export interface Challenge {
  /** As the server wrote it, a binary string. */
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** `MD5-sess` and `SHA-256-sess`. */
  readonly session: boolean;
  /** The algorithm as written, to be sent back; undefined where it was absent. */
  readonly algorithmText: string | undefined;
  /** In lower case; empty for a server of RFC 2069. */
  readonly qop: readonly string[];
  /** The password was right, only the nonce was old: answer again without asking anybody. */
  readonly stale: boolean;
}

/**
 * Reads the values of WWW-Authenticate or Proxy-Authenticate, one string a header line. Challenges that we cannot answer
 * (another scheme or hash, no nonce, malformed) are left out: a server may offer several (RFC 8760 §2.4).
 */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const text of values) {
    const parsed = parseAuthValues(text);
    if (!parsed.ok) continue;
    for (const { scheme, params } of parsed.value) {
      const nonce = params.get('nonce');
      const realm = params.get('realm');
      const algorithmText = params.get('algorithm');
      const known = readAlgorithm(algorithmText);
      if (scheme !== 'digest' || nonce === undefined || realm === undefined || known === undefined) continue;
      const qop = (params.get('qop') ?? '')
        .split(',')
        .map((option) => option.trim().toLowerCase())
        .filter((option) => option !== '');
      const stale = params.get('stale')?.toLowerCase() === 'true';
      challenges.push({ realm, nonce, opaque: params.get('opaque'), ...known, algorithmText, qop, stale });
    }
  }
  return challenges;
}

export interface ChallengeParts {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  readonly stale?: boolean;
}

/** One challenge to send, always with qop=auth; offer SHA-256 before MD5 in headers of their own (RFC 8760 §2.3). */
export function buildChallenge({ realm, nonce, algorithm, stale = false }: ChallengeParts): string {
  return (
    `Digest realm=${quote(realm)}, nonce=${quote(nonce)}, algorithm=${algorithm}, qop="auth"` +
    (stale ? ', stale=TRUE' : '')
  );
}

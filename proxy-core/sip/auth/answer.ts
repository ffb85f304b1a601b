/** A client's answer to a challenge (RFC 3261 §22.1 to §22.3, RFC 7616 §3.4, RFC 8760 §2.5). */
import { quote } from '../grammar/chars.ts';
import { toBytes } from '../grammar/text.ts';
import type { Challenge } from './challenge.ts';
import { digestResponse } from './digest.ts';
import { ALGORITHMS, type HashPort, hashWith } from './hashes.ts';

export interface AnswerParts {
  readonly challenges: readonly Challenge[];
  readonly method: string;
  /** The Request-URI as it stands in the request line. */
  readonly uri: string;
  /** Text for people, both. */
  readonly username: string;
  readonly password: string;
  /** The body, where it is there: needed only by servers that insist on auth-int. */
  readonly body?: string | undefined;
  /** Fresh and unguessable. */
  readonly cnonce: string;
  /** How often this nonce has been used, this time included: 1 and up. */
  readonly nonceCount: number;
  readonly hashes: HashPort;
}

export interface Answer {
  /** For Authorization (after 401) or Proxy-Authorization (after 407). */
  readonly value: string;
  /** The one that was answered: keep it to answer the next request ahead of any challenge. */
  readonly challenge: Challenge;
}

/** Answers the strongest of the challenges; undefined where none can be answered. Different realms want a call each. */
export function answerChallenge(parts: AnswerParts): Answer | undefined {
  const usable = parts.challenges.filter((one) => qopFor(one) !== 'none of ours');
  const challenge = ALGORITHMS.flatMap((name) => usable.filter((one) => one.algorithm === name))[0];
  if (challenge === undefined) return undefined;
  const { realm, nonce, opaque, algorithm, session, algorithmText } = challenge;
  const chosen = qopFor(challenge);
  const qop = chosen === 'none of ours' ? undefined : chosen;
  const nc = parts.nonceCount.toString(16).padStart(8, '0');
  const { method, uri, cnonce, body, hashes } = parts;
  // The realm is hashed as the bytes that came.
  const ha1 = hashWith(hashes, algorithm, `${toBytes(parts.username)}:${realm}:${toBytes(parts.password)}`);
  const response = digestResponse(hashes, ha1, { algorithm, session, nonce, qop, cnonce, nc, method, uri, body });
  const values = [
    `Digest username=${quote(toBytes(parts.username))}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
  ];
  if (algorithmText !== undefined) values.push(`algorithm=${algorithmText}`);
  if (qop !== undefined || session) values.push(`cnonce=${quote(cnonce)}`);
  if (opaque !== undefined) values.push(`opaque=${quote(opaque)}`);
  if (qop !== undefined) values.push(`qop=${qop}`, `nc=${nc}`);
  return { value: values.join(', '), challenge };
}

function qopFor({ qop }: Challenge): 'auth' | 'auth-int' | undefined | 'none of ours' {
  if (qop.length === 0) return undefined;
  if (qop.includes('auth')) return 'auth';
  return qop.includes('auth-int') ? 'auth-int' : 'none of ours';
}

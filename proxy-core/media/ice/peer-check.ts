/** A binding request of the peer: whether it is one, and how it is answered (RFC 8445 §7.3; RFC 8489 §9.1.3). */
import type { Endpoint } from '../../sip/sdp/index.ts';
import type { Credentials } from './candidate.ts';
import {
  ATTRIBUTE,
  type Attribute,
  errorCode,
  isSigned,
  type StunMessage,
  unknownTypes,
  writeAddress,
  writeStun,
} from './stun-message.ts';

/** What a good request tells. */
export interface PeerCheck {
  /** Whose it is. */
  readonly ufrag: string | undefined;
  readonly priority: number;
  readonly useCandidate: boolean;
  /** The role that the peer believes to have, and its number where both believe the same. */
  readonly role: 'controlling' | 'controlled' | undefined;
  readonly tieBreaker: bigint;
}

const KNOWN: ReadonlySet<number> = new Set([
  ATTRIBUTE.USERNAME,
  ATTRIBUTE.MESSAGE_INTEGRITY,
  ATTRIBUTE.PRIORITY,
  ATTRIBUTE.USE_CANDIDATE,
]);
const MAX_UNKNOWN = 8;

/** The request read, or the answer that refuses it. @param remoteUfrag undefined before the peer's is known. */
export function readCheck(
  message: StunMessage,
  local: Credentials,
  remoteUfrag: string | undefined,
): { readonly ok: true; readonly check: PeerCheck } | { readonly ok: false; readonly reply: Buffer } {
  const { attributes } = message;
  const username = attributes.get(ATTRIBUTE.USERNAME)?.toString();
  if (username === undefined || message.signedTo === undefined) {
    return { ok: false, reply: answerTo(message, 'error', [errorCode(400, 'Bad Request')]) };
  }
  const [ours, theirs] = username.split(':');
  const isUs = ours === local.ufrag && (remoteUfrag === undefined || theirs === remoteUfrag);
  if (!isUs || !isSigned(message, local.password)) {
    return { ok: false, reply: answerTo(message, 'error', [errorCode(401, 'Unauthenticated')]) };
  }
  const unknown = unknownTypes(message, KNOWN).slice(0, MAX_UNKNOWN);
  if (unknown.length > 0) {
    const list = Buffer.alloc(2 * unknown.length);
    unknown.forEach((type, i) => {
      list.writeUInt16BE(type, 2 * i);
    });
    const refusal = [errorCode(420, 'Unknown Attribute'), [ATTRIBUTE.UNKNOWN_ATTRIBUTES, list] as const];
    return { ok: false, reply: answerTo(message, 'error', refusal, local.password) };
  }
  const number = attributes.get(ATTRIBUTE.PRIORITY);
  const controlling = attributes.get(ATTRIBUTE.ICE_CONTROLLING);
  const controlled = attributes.get(ATTRIBUTE.ICE_CONTROLLED);
  const breaker = controlling ?? controlled;
  return {
    ok: true,
    check: {
      ufrag: theirs,
      priority: number?.length === 4 ? number.readUInt32BE() : 1,
      useCandidate: attributes.has(ATTRIBUTE.USE_CANDIDATE),
      role: controlling ? 'controlling' : controlled ? 'controlled' : undefined,
      tieBreaker: breaker?.length === 8 ? breaker.readBigUInt64BE() : 0n,
    },
  };
}

export const successFor = (message: StunMessage, from: Endpoint, { password }: Credentials): Buffer =>
  answerTo(message, 'success', [[ATTRIBUTE.XOR_MAPPED_ADDRESS, writeAddress(from, message.transactionId)]], password);

export const roleConflictFor = (message: StunMessage, { password }: Credentials): Buffer =>
  answerTo(message, 'error', [errorCode(487, 'Role Conflict')], password);

const answerTo = (
  { method, transactionId }: StunMessage,
  kind: 'success' | 'error',
  attributes: readonly Attribute[],
  password?: string,
): Buffer => writeStun({ kind, method, transactionId }, attributes, password);

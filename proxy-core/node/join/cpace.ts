/**
 * A key that only two who know the same short code come to, CPACE-X25519-SHA512 (draft-irtf-cfrg-cpace). Who listens
 * learns nothing to try codes with, and who takes the place of either side can try one code with each exchange.
 */
import { createHash, createPrivateKey, createPublicKey, diffieHellman, randomBytes } from 'node:crypto';
import { pointOf } from './elligator.ts';

export interface CpaceInput {
  /** What both sides know. */
  readonly secret: Uint8Array;
  /** What both sides take for granted of where they are. */
  readonly channel: Uint8Array;
  /** Other for each exchange; both sides have a part in it. */
  readonly session: Uint8Array;
}

/** What one side sends, with what it wants to have understood as the other did. */
export interface CpaceShare {
  readonly point: Uint8Array;
  readonly about: Uint8Array;
}

export const POINT_BYTES = 32;
const SCALAR_BYTES = 32;
const HASH_BLOCK = 128;
const NAME = Buffer.from('CPace255');
const NAME_OF_KEY = Buffer.from('CPace255_ISK');
/** PKCS #8 and SubjectPublicKeyInfo of X25519 up to the key itself (RFC 8410 §10). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

export const drawScalar = (): Buffer => randomBytes(SCALAR_BYTES);

export function generatorOf({ secret, channel, session }: CpaceInput): Buffer {
  // The code and what goes before it fill the first block of the hash, so that its time does not tell the code's length.
  const used = withLength(secret).length + withLength(NAME).length + 1;
  const zeros = Buffer.alloc(Math.max(0, HASH_BLOCK - used));
  return pointOf(sha512(joined(NAME, secret, zeros, channel, session)).subarray(0, POINT_BYTES));
}

/** Undefined for a point that would give the same key whatever the scalar is. */
export function multiply(scalar: Uint8Array, point: Uint8Array): Buffer | undefined {
  if (point.length !== POINT_BYTES) return undefined;
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, scalar]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, point]), format: 'der', type: 'spki' });
  try {
    const product = diffieHellman({ privateKey, publicKey });
    return product.some((byte) => byte !== 0) ? product : undefined;
  } catch {
    // OpenSSL and BoringSSL refuse points of low order by themselves.
    return undefined;
  }
}

/** The key of both, 64 bytes; undefined where the other side's point is none that may be used. */
export function sessionKey(
  session: Uint8Array,
  { scalar, peer }: { readonly scalar: Uint8Array; readonly peer: Uint8Array },
  initiator: CpaceShare,
  responder: CpaceShare,
): Buffer | undefined {
  const shared = multiply(scalar, peer);
  if (shared === undefined) return undefined;
  const transcript = [initiator, responder].map(({ point, about }) => joined(point, about));
  return sha512(Buffer.concat([joined(NAME_OF_KEY, session, shared), ...transcript]));
}

const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();

const joined = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts.map(withLength));

/** The length goes before, seven bits a byte. */
function withLength(bytes: Uint8Array): Buffer {
  const length: number[] = [];
  let left = bytes.length;
  for (; left >= 0x80; left >>= 7) length.push((left & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, left]), bytes]);
}

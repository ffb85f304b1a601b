/** Session keys from a master key: AES in counter mode as a pseudo-random function (RFC 3711 §4.3, RFC 6188 §3, RFC 7714 §11). */
import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { SrtpSuite } from './suites.ts';

export interface SessionKeys {
  readonly cipher: KeyObject;
  /** For HMAC-SHA1; of no use to GCM. */
  readonly authentication: KeyObject;
  readonly salt: Buffer;
}

const AUTHENTICATION_KEY = 20;
/** The input of the function is 112 bits: shorter salts are filled up on the right (RFC 7714 §11). */
const PRF_SALT = 14;
/** Where the label meets the salt: `label * 2^48`, the key derivation rate being zero. */
const LABEL_AT = 7;

const LABELS = {
  rtp: { cipher: 0, authentication: 1, salt: 2 },
  rtcp: { cipher: 3, authentication: 4, salt: 5 },
} as const;

/** @param master key and salt, one after the other, as long as the suite says. */
export function sessionKeys(suite: SrtpSuite, master: Buffer, stream: 'rtp' | 'rtcp'): SessionKeys {
  const key = master.subarray(0, suite.keyLength);
  const salt = master.subarray(suite.keyLength, suite.keyLength + suite.saltLength);
  const labels = LABELS[stream];
  return {
    cipher: createSecretKey(derive(key, salt, labels.cipher, suite.keyLength)),
    authentication: createSecretKey(derive(key, salt, labels.authentication, AUTHENTICATION_KEY)),
    salt: derive(key, salt, labels.salt, suite.saltLength),
  };
}

export function derive(key: Buffer, salt: Buffer, label: number, length: number): Buffer {
  const input = Buffer.alloc(PRF_SALT + 2);
  salt.copy(input);
  input.writeUInt8(input.readUInt8(LABEL_AT) ^ label, LABEL_AT);
  const cipher = createCipheriv(key.length === 32 ? 'aes-256-ctr' : 'aes-128-ctr', key, input);
  return cipher.update(Buffer.alloc(length));
}

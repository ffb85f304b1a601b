/**
 * Codes by which somebody new comes in, such as `K7M-4QP-9XT`: three characters by which the exchange finds whom it is
 * for, and six that stay secret.
 */
import { randomBytes, scrypt } from 'node:crypto';

/** Without I, L, O and U (as Crockford's base 32): what is mistaken for one another is the same. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID = 3;
const SECRET = 6;
const READ_AS: Readonly<Record<string, string>> = {
  ...{ I: '1', L: '1', O: '0' },
  // Somebody who types with the Cyrillic layout sees the same letters on paper.
  ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: '0', Р: 'P', С: 'C', Т: 'T', Х: 'X' },
};
/** About 30 ms and 16 MiB. */
const SCRYPT = { N: 16_384, r: 8, p: 1 };
const KEY_BYTES = 32;

export interface JoinCode {
  /** By which the exchange finds it; no secret. */
  readonly id: string;
  readonly secret: string;
}

/** @param isTaken whether a code with this id is open. */
export function drawCode(isTaken: (id: string) => boolean): JoinCode {
  let id = drawn(ID);
  while (isTaken(id)) id = drawn(ID);
  return { id, secret: drawn(SECRET) };
}

export const formatCode = ({ id, secret }: JoinCode): string =>
  `${id}-${secret.slice(0, SECRET / 2)}-${secret.slice(SECRET / 2)}`;

/** As a person typed it: blanks, dashes and small letters do no harm. Undefined for what cannot be a code. */
export function readCode(text: string): JoinCode | undefined {
  const plain = [...text.toUpperCase().replaceAll(/[\s\p{Pd}.]/gu, '')].map((one) => READ_AS[one] ?? one);
  if (plain.length !== ID + SECRET || plain.some((one) => !ALPHABET.includes(one))) return undefined;
  return { id: plain.slice(0, ID).join(''), secret: plain.slice(ID).join('') };
}

/**
 * What is kept of a code, and what both sides begin from. To try all codes on a stolen database takes a year of one core,
 * and a code is good for days at most.
 */
export function hashOf(secret: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, SCRYPT, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** As many characters of the alphabet, each as likely as any other: 256 is a multiple of 32. */
export const drawn = (length: number): string =>
  [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');

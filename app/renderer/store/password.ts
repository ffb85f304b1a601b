/** Makes passwords that are hard to guess yet easy to read out and to type on a desk phone. */

/** 32 characters, so that each takes five random bits evenly; without 0, 1, l and o, which people mix up. */
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** Four groups of four, such as `k7mw-p3xe-9dnh-tq4r`: 80 random bits. */
export function generatePassword(fill: (bytes: Uint8Array) => Uint8Array = systemRandom): string {
  const bytes = fill(new Uint8Array(GROUPS * GROUP_LENGTH));
  const characters = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length] ?? '');
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}

/** An identifier that no other account of this profile has. */
export function randomId(): string {
  return Array.from(systemRandom(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function systemRandom(bytes: Uint8Array): Uint8Array {
  return crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}

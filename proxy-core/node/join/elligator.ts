/** Leads 32 bytes to a point of Curve25519, so that nobody knows its logarithm (Elligator 2, RFC 9380 §6.7.1). */

const P = 2n ** 255n - 19n;
const A = 486_662n;
const BYTES = 32;

/** @param bytes little-endian; the highest bit counts nothing. Gives the u-coordinate, as X25519 takes it. */
export function pointOf(bytes: Uint8Array): Buffer {
  const r = numberOf(bytes) & (2n ** 255n - 1n);
  // 2 is not a square here, so that the denominator is never 0.
  const first = mod(-A * power(mod(1n + 2n * r * r), P - 2n));
  const isOnCurve = isSquare(mod(first * (first * first + A * first + 1n)));
  return bytesOf(isOnCurve ? first : mod(-A - first));
}

const mod = (value: bigint): bigint => ((value % P) + P) % P;

const isSquare = (value: bigint): boolean => value === 0n || power(value, (P - 1n) / 2n) === 1n;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(2 * BYTES, '0'), 'hex').reverse();

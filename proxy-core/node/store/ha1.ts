/** What the exchange keeps of a password: HA1 = H(number:realm:password) (RFC 7616 §3.4.2), in lower-case hex. */
import { createHash } from 'node:crypto';

export interface Ha1 {
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

/** Hashes a password for both algorithms that phones use. The password itself is kept nowhere. */
export function ha1Of(number: string, realm: string, password: string): Ha1 {
  const text = `${number}:${realm}:${password}`;
  return {
    ha1Md5: createHash('md5').update(text, 'utf8').digest('hex'),
    ha1Sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
  };
}

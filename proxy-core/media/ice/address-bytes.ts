/** Addresses as STUN writes them, and one spelling for each so that two can be compared (RFC 5952). */
import { isIPv4, isIPv6 } from 'node:net';

/** Four or sixteen bytes; undefined for what is no literal, or has a zone or dotted end. */
export function addressBytes(address: string): Buffer | undefined {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address) || /[.%]/.test(address)) return undefined;
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const bytes = Buffer.alloc(16);
  before.forEach((group, i) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i);
  });
  after.forEach((group, i) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 16 - 2 * (after.length - i));
  });
  return bytes;
}

/** The usual spelling of four or sixteen bytes. */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i));
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  return length > 1 ? `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}` : hex(groups);
}

/** An address in the one spelling; what is none that STUN could carry stays as it is. */
export function oneSpelling(address: string): string {
  if (!address.includes(':')) return address;
  const bytes = addressBytes(address);
  return bytes ? addressText(bytes) : address;
}

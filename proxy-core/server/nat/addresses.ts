/**
 * What kind of address a host is, and whether two texts are one address: told from the text alone, without a lookup
 * (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5).
 */
import { addressFamily } from '../../sip/sdp/address.ts';

/** From where an address can be reached: only from this machine, only from its own network, or from anywhere. */
export type Realm = 'loopback' | 'private' | 'public';

/** Without the brackets that IPv6 has in URIs and Via. */
export const unbracketed = (host: string): string => (host.charCodeAt(0) === 91 ? host.slice(1, -1) : host);

/** Whether it is an IP address rather than a name. */
export const isNumeric = (host: string): boolean => addressFamily(unbracketed(host)) !== 0;

/** `host` is an address with or without brackets. A name counts as public: nothing is known of it. */
export function realmOf(host: string): Realm {
  const text = unbracketed(host);
  if (text.indexOf(':') >= 0) return realmOfV6(text.toLowerCase());
  // Told by its beginning, without taking it apart: this is asked of every call. A name does not end in a digit.
  const last = text.charCodeAt(text.length - 1);
  if (last < 48 || last > 57) return 'public';
  if (text.startsWith('10.') || text.startsWith('192.168.') || text.startsWith('169.254.')) return 'private';
  if (text.startsWith('127.')) return 'loopback';
  if (text.startsWith('172.')) return isWithin(text, 16, 31) ? 'private' : 'public';
  return text.startsWith('100.') && isWithin(text, 64, 127) ? 'private' : 'public';
}

/** Whether the second number of an address that begins with three digits lies between. */
function isWithin(text: string, from: number, to: number): boolean {
  const second = Number(text.slice(4, text.indexOf('.', 4)));
  return second >= from && second <= to;
}

function realmOfV6(text: string): Realm {
  const mapped = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (mapped !== undefined) return realmOf(mapped);
  if (/^[0:]*:0*1$/.test(text)) return 'loopback';
  // fc00::/7 unique local, fe80::/10 link local; both begin with four written digits.
  return /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/.test(text) ? 'private' : 'public';
}

/** Whether both texts name one address; IPv6 may be written in many ways. */
export function sameAddress(a: string, b: string): boolean {
  const x = unbracketed(a);
  const y = unbracketed(b);
  if (x === y) return true;
  return x.indexOf(':') >= 0 && y.indexOf(':') >= 0 && groups(x) === groups(y);
}

/** The eight groups without leading zeros; other text for what is no IPv6 address. */
function groups(text: string): string {
  const [head = '', tail] = text.toLowerCase().split('::');
  const part = (half: string): string[] =>
    half === '' ? [] : half.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
  const first = part(head);
  if (tail === undefined) return first.join(':');
  const last = part(tail);
  const zeros = new Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].join(':');
}

export const isV6 = (host: string): boolean => host.indexOf(':') >= 0;

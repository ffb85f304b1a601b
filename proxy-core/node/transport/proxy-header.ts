/**
 * The PROXY protocol, versions 1 and 2: the lines or bytes with which a load balancer begins a connection to tell whose it
 * is. Read strictly, as its specification asks: what is not exactly right is refused.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface ProxyHeader {
  /** Its length in bytes. */
  readonly length: number;
  /** Who the connection is from; undefined where it is the balancer's own (LOCAL, UNKNOWN, a local socket). */
  readonly source: { readonly host: string; readonly port: number } | undefined;
}

export type ProxyReading =
  | { readonly state: 'whole'; readonly header: ProxyHeader }
  | { readonly state: 'torn' }
  | { readonly state: 'refused'; readonly reason: string };

const TORN: ProxyReading = { state: 'torn' };
const refused = (reason: string): ProxyReading => ({ state: 'refused', reason });

const V1 = 'PROXY ';
/** With its CRLF. */
const V1_MAX = 107;
const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const V2_FIXED = 16;
/** Room for addresses and for what may be told besides, a client's certificate among it. */
const V2_MAX = 16 * 1024;
const CRC32C = 0x03;

/** What is there so far, from the first byte of the connection; what follows the header may be there too. */
export function readProxyHeader(bytes: Buffer): ProxyReading {
  if (bytes.length === 0) return TORN;
  const begins = (signature: Buffer): boolean => {
    const length = Math.min(signature.length, bytes.length);
    return bytes.subarray(0, length).equals(signature.subarray(0, length));
  };
  if (begins(V2)) return bytes.length < V2_FIXED ? TORN : readV2(bytes);
  if (begins(Buffer.from(V1, 'latin1'))) return readV1(bytes);
  return refused('no PROXY header');
}

/** Whether a connection begins with one, for the word in the log where none may come. */
export const looksLikeProxyHeader = (text: string): boolean =>
  text.startsWith(V1) || text.startsWith(V2.toString('latin1'));

const PORT = /^(?:0|[1-9]\d{0,4})$/;

function readV1(bytes: Buffer): ProxyReading {
  const text = bytes.toString('latin1', 0, V1_MAX);
  const end = text.indexOf('\r\n');
  if (end < 0) return text.length < V1_MAX ? TORN : refused('a PROXY line that does not end');
  const length = end + 2;
  const [, family, ...fields] = text.slice(0, end).split(' ');
  // Whatever follows UNKNOWN is not to be looked at.
  if (family === 'UNKNOWN') return { state: 'whole', header: { length, source: undefined } };
  const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : 0;
  const [from = '', to = '', fromPort = '', toPort = ''] = fields;
  const isGood =
    version !== 0 &&
    fields.length === 4 &&
    [from, to].every((host) => isIP(host) === version && !host.includes('%')) &&
    [fromPort, toPort].every((port) => PORT.test(port) && Number(port) <= 65_535);
  if (!isGood) return refused('a malformed PROXY line');
  return { state: 'whole', header: { length, source: { host: plainHost(from), port: Number(fromPort) } } };
}

/** Bytes of addresses by family (high half) and of what transport (low half); a datagram is no connection. */
const FAMILIES: ReadonlyMap<number, number> = new Map([
  [0x00, 0],
  [0x11, 12],
  [0x21, 36],
  [0x31, 216],
]);

function readV2(bytes: Buffer): ProxyReading {
  const command = bytes[12] ?? 0;
  const family = bytes[13] ?? 0;
  const size = bytes.readUInt16BE(14);
  if (command >> 4 !== 2) return refused('a PROXY header of an unknown version');
  if ((command & 15) > 1) return refused('a PROXY header with an unknown command');
  const length = V2_FIXED + size;
  if (length > V2_MAX) return refused('an endless PROXY header');
  const addresses = FAMILIES.get(family);
  const isLocal = (command & 15) === 0;
  if (!isLocal && (addresses === undefined || size < addresses)) return refused('a PROXY header without its addresses');
  if (bytes.length < length) return TORN;
  const header = bytes.subarray(0, length);
  // LOCAL: the balancer asks for itself whether we are there; its addresses mean nothing.
  if (isLocal) return { state: 'whole', header: { length, source: undefined } };
  const fault = family === 0 ? undefined : faultInTlvs(header, V2_FIXED + (addresses ?? 0));
  return fault === undefined
    ? { state: 'whole', header: { length, source: sourceV2(header, family) } }
    : refused(fault);
}

function sourceV2(header: Buffer, family: number): ProxyHeader['source'] {
  if (family !== 0x11 && family !== 0x21) return undefined;
  const width = family === 0x11 ? 4 : 16;
  const host = ipaddr.fromByteArray([...header.subarray(V2_FIXED, V2_FIXED + width)]).toString();
  return { host: plainHost(host), port: header.readUInt16BE(V2_FIXED + 2 * width) };
}

/** All that is told besides must be whole, and a checksum right. */
function faultInTlvs(header: Buffer, from: number): string | undefined {
  for (let at = from; at < header.length; ) {
    if (at + 3 > header.length) return 'a torn field in a PROXY header';
    const value = at + 3;
    const end = value + header.readUInt16BE(at + 1);
    if (end > header.length) return 'a torn field in a PROXY header';
    if (header[at] === CRC32C) {
      if (end - value !== 4) return 'a PROXY header with a malformed checksum';
      const blank = Buffer.from(header);
      blank.fill(0, value, end);
      if (crc32c(blank) !== header.readUInt32BE(value)) return 'a PROXY header with a wrong checksum';
    }
    at = end;
  }
  return undefined;
}

/** Castagnoli's polynomial, reflected (RFC 4960, appendix B). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** As the system writes addresses, so that one peer has one name: an IPv4 address within IPv6 is an IPv4 address. */
const plainHost = (host: string): string => ipaddr.process(host).toString();

/**
 * Answers STUN Binding requests that phones send to the SIP port to keep their way through a NAT open and to learn
 * whether it changed (RFC 5626 §4.4.2, RFC 5389 §7.3.1, §12.2 for clients of RFC 3489).
 */
import ipaddr from 'ipaddr.js';

const HEADER = 20;
const COOKIE = 0x2112_a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const MAPPED_ADDRESS = 0x0001;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
/** USERNAME, MESSAGE-INTEGRITY, REALM, NONCE and what RFC 3489 had: nothing here asks for them, so they change nothing. */
const IGNORED: ReadonlySet<number> = new Set([0x0002, 0x0003, 0x0006, 0x0008, 0x0014, 0x0015]);
const MAX_UNKNOWN = 8;

/** Whether a datagram may be STUN: no SIP message begins with such a byte (RFC 5626 §8, RFC 7983 §7). */
export const mayBeStun = (data: Uint8Array): boolean => (data[0] ?? 255) < 4;

/** The answer to a Binding request from `host:port`; undefined for everything else, which gets none: so does port 0. */
export function answerStun(data: Buffer, host: string, port: number): Buffer | undefined {
  if (port === 0 || data.length < HEADER || data.readUInt16BE(0) !== BINDING_REQUEST) return undefined;
  if (data.readUInt16BE(2) !== data.length - HEADER || data.length % 4 !== 0) return undefined;
  const unknown = unknownAttributes(data);
  if (unknown === undefined) return undefined;
  if (unknown.length > 0) return refusal(data, unknown);
  const isNew = data.readUInt32BE(4) === COOKIE;
  // The zone of a link-local address is a name of this machine's own.
  const address = ipaddr.parse(host.split('%', 1)[0] ?? host).toByteArray();
  const value = Buffer.alloc(4 + address.length);
  value[1] = address.length === 4 ? 1 : 2;
  value.writeUInt16BE(isNew ? port ^ (COOKIE >>> 16) : port, 2);
  // The cookie and the transaction id stand next to each other, as the mask wants them.
  address.forEach((byte, i) => {
    value[4 + i] = isNew ? byte ^ (data[4 + i] ?? 0) : byte;
  });
  return reply(data, BINDING_SUCCESS, [[isNew ? XOR_MAPPED_ADDRESS : MAPPED_ADDRESS, value]]);
}

/** Attributes that the sender wants understood and that are not; undefined where they are torn. */
function unknownAttributes(data: Buffer): number[] | undefined {
  const unknown: number[] = [];
  for (let at = HEADER; at < data.length; ) {
    const type = data.readUInt16BE(at);
    const end = at + 4 + data.readUInt16BE(at + 2);
    if (end > data.length) return undefined;
    if (type < 0x8000 && !IGNORED.has(type) && unknown.length < MAX_UNKNOWN) unknown.push(type);
    at = (end + 3) & ~3;
  }
  return unknown;
}

function refusal(request: Buffer, unknown: readonly number[]): Buffer {
  const list = Buffer.alloc(2 * unknown.length);
  unknown.forEach((type, i) => {
    list.writeUInt16BE(type, 2 * i);
  });
  return reply(request, BINDING_ERROR, [
    [ERROR_CODE, Buffer.from('\0\0\x04\x14Unknown Attribute', 'latin1')],
    [UNKNOWN_ATTRIBUTES, list],
  ]);
}

function reply(request: Buffer, type: number, attributes: readonly (readonly [number, Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [id, value] of attributes) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(id, 0);
    head.writeUInt16BE(value.length, 2);
    parts.push(head, value, Buffer.alloc(-value.length & 3));
  }
  const body = Buffer.concat(parts);
  const header = Buffer.from(request.subarray(0, HEADER));
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

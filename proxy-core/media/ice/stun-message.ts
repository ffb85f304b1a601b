/** STUN messages: read, written, signed and checked (RFC 8489 §5, §14.1 to §14.9). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Endpoint } from '../../sip/sdp/index.ts';
import { addressBytes, addressText } from './address-bytes.ts';

export const BINDING = 0x001;

export const ATTRIBUTE = {
  MAPPED_ADDRESS: 0x0001,
  USERNAME: 0x0006,
  MESSAGE_INTEGRITY: 0x0008,
  ERROR_CODE: 0x0009,
  UNKNOWN_ATTRIBUTES: 0x000a,
  CHANNEL_NUMBER: 0x000c,
  LIFETIME: 0x000d,
  XOR_PEER_ADDRESS: 0x0012,
  DATA: 0x0013,
  REALM: 0x0014,
  NONCE: 0x0015,
  XOR_RELAYED_ADDRESS: 0x0016,
  REQUESTED_ADDRESS_FAMILY: 0x0017,
  REQUESTED_TRANSPORT: 0x0019,
  XOR_MAPPED_ADDRESS: 0x0020,
  PRIORITY: 0x0024,
  USE_CANDIDATE: 0x0025,
  FINGERPRINT: 0x8028,
  ICE_CONTROLLED: 0x8029,
  ICE_CONTROLLING: 0x802a,
} as const;

const CLASSES = ['request', 'indication', 'success', 'error'] as const;
export type StunClass = (typeof CLASSES)[number];
export type Attribute = readonly [type: number, value: Buffer];

export interface StunHead {
  readonly kind: StunClass;
  readonly method: number;
  /** Twelve bytes in hexadecimal. */
  readonly transactionId: string;
}

export interface StunMessage extends StunHead {
  /** The first of each type, and none behind a signature but the fingerprint. */
  readonly attributes: ReadonlyMap<number, Buffer>;
  readonly raw: Buffer;
  /** Where the signature begins; undefined where there is none. */
  readonly signedTo: number | undefined;
}

const HEADER = 20;
const COOKIE = 0x2112_a442;
const SIGNATURE = 20;
const FINGERPRINT_MASK = 0x5354_554e;

/** A datagram that is STUN and no other protocol of the same port (RFC 7983 §7). */
export const looksLikeStun = (data: Uint8Array): boolean => data.length >= HEADER && (data[0] ?? 255) < 4;

/** Undefined for what is no STUN message, is torn, or has a wrong fingerprint. */
export function readStun(data: Buffer): StunMessage | undefined {
  if (!looksLikeStun(data) || data.length % 4 !== 0 || data.readUInt32BE(4) !== COOKIE) return undefined;
  if (data.readUInt16BE(2) !== data.length - HEADER) return undefined;
  const attributes = new Map<number, Buffer>();
  let signedTo: number | undefined;
  for (let at = HEADER; at < data.length; ) {
    const type = data.readUInt16BE(at);
    const end = at + 4 + data.readUInt16BE(at + 2);
    if (end > data.length) return undefined;
    const value = data.subarray(at + 4, end);
    if (type === ATTRIBUTE.FINGERPRINT) {
      // It is the last; whatever follows is not of this message.
      if (end !== data.length || value.length !== 4 || value.readUInt32BE() !== fingerprint(data.subarray(0, at))) {
        return undefined;
      }
    } else if (signedTo === undefined) {
      if (type === ATTRIBUTE.MESSAGE_INTEGRITY) signedTo = at;
      if (!attributes.has(type)) attributes.set(type, value);
    }
    at = (end + 3) & ~3;
  }
  const word = data.readUInt16BE(0);
  const kind = CLASSES[((word & 0x100) >> 7) | ((word & 0x10) >> 4)] ?? 'request';
  const method = ((word & 0x3e00) >> 2) | ((word & 0xe0) >> 1) | (word & 0xf);
  return { kind, method, transactionId: data.toString('hex', 8, HEADER), attributes, raw: data, signedTo };
}

/** Whether it is signed with this key (§14.5). */
export function isSigned({ raw, signedTo, attributes }: StunMessage, key: string | Buffer): boolean {
  const signature = attributes.get(ATTRIBUTE.MESSAGE_INTEGRITY);
  if (signedTo === undefined || signature?.length !== SIGNATURE) return false;
  return timingSafeEqual(sign(raw.subarray(0, signedTo), key), signature);
}

/** @param key signs it. @param withFingerprint for ports that other protocols share. */
export function writeStun(
  head: StunHead,
  attributes: readonly Attribute[],
  key?: string | Buffer,
  withFingerprint = true,
): Buffer {
  const { kind, method, transactionId } = head;
  const number = CLASSES.indexOf(kind);
  const header = Buffer.alloc(HEADER);
  const spread = ((method & 0xf80) << 2) | ((method & 0x70) << 1) | (method & 0xf);
  header.writeUInt16BE(spread | ((number & 2) << 7) | ((number & 1) << 4), 0);
  header.writeUInt32BE(COOKIE, 4);
  header.write(transactionId, 8, 'hex');
  let message = Buffer.concat([header, ...attributes.flatMap(parts)]);
  if (key !== undefined) {
    message = Buffer.concat([message, ...parts([ATTRIBUTE.MESSAGE_INTEGRITY, sign(message, key)])]);
  }
  message.writeUInt16BE(message.length - HEADER, 2);
  if (!withFingerprint) return message;
  message.writeUInt16BE(message.length + 8 - HEADER, 2);
  return Buffer.concat([message, ...parts([ATTRIBUTE.FINGERPRINT, word(fingerprint(message))])]);
}

/** Types that whoever sent it wants understood, and that are not among `known` (§14). */
export const unknownTypes = (message: StunMessage, known: ReadonlySet<number>): number[] =>
  [...message.attributes.keys()].filter((type) => type < 0x8000 && !known.has(type));

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** XOR-MAPPED-ADDRESS and its like (§14.2). */
export function writeAddress({ address, port }: Endpoint, transactionId: string): Buffer {
  const bytes = addressBytes(address) ?? Buffer.alloc(4);
  const value = Buffer.alloc(4 + bytes.length);
  value[1] = bytes.length === 4 ? 1 : 2;
  value.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  mask(bytes, transactionId).copy(value, 4);
  return value;
}

/** Undefined where it is malformed. @param transactionId undefined for the plain form of RFC 3489. */
export function readAddress(value: Buffer | undefined, transactionId: string | undefined): Endpoint | undefined {
  if (!value || value.length !== (value[1] === 1 ? 8 : value[1] === 2 ? 20 : -1)) return undefined;
  const isPlain = transactionId === undefined;
  const port = value.readUInt16BE(2) ^ (isPlain ? 0 : COOKIE >>> 16);
  const bytes = value.subarray(4);
  return { address: addressText(isPlain ? bytes : mask(bytes, transactionId)), port };
}

export function errorCode(code: number, reason: string): Attribute {
  const head = Buffer.from([0, 0, Math.floor(code / 100), code % 100]);
  return [ATTRIBUTE.ERROR_CODE, Buffer.concat([head, Buffer.from(reason)])];
}

/** 0 where it has none. */
export function readErrorCode({ attributes }: StunMessage): number {
  const value = attributes.get(ATTRIBUTE.ERROR_CODE);
  return value && value.length >= 4 ? ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0) : 0;
}

function parts([type, value]: Attribute): Buffer[] {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return [head, value, Buffer.alloc(-value.length & 3)];
}

/** The length in the header counts the signature itself, whatever follows it (§14.5). */
function sign(before: Buffer, key: string | Buffer): Buffer {
  const signed = Buffer.from(before);
  signed.writeUInt16BE(before.length + 4 + SIGNATURE - HEADER, 2);
  return createHmac('sha1', key).update(signed).digest();
}

function mask(bytes: Buffer, transactionId: string): Buffer {
  const pad = Buffer.concat([word(COOKIE), Buffer.from(transactionId, 'hex')]);
  return Buffer.from(bytes.map((byte, i) => byte ^ (pad[i] ?? 0)));
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb8_8320 : c >>> 1;
  return c;
});

function fingerprint(data: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of data) crc = (CRC[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff ^ FINGERPRINT_MASK) >>> 0;
}

/** Bytes of IPv4 and IPv6 packets with UDP or TCP in them (RFC 791, 8200, 768, 9293, checksums after RFC 1071). */
import ipaddr from 'ipaddr.js';
import type { Endpoint } from '../../../server/trace/entry.ts';

/** One end of a packet; both ends of one must be of the same family. */
export interface PacketEnd {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

const UDP = 17;
const TCP = 6;
const HOP_LIMIT = 64;
/** What length fields can say. */
export const MOST_UDP = 65_507;

/** Flags of TCP (RFC 9293 §3.1). */
export const FLAG = { syn: 0x02, psh: 0x08, ack: 0x10 } as const;

/** Both ends in one family; an address that cannot be read, or is of the other family, becomes the unspecified one. */
export function packetEnds(a: Endpoint, b: Endpoint): [PacketEnd, PacketEnd] {
  const [x, y] = [bytesOf(a.host), bytesOf(b.host)];
  const size = Math.max(x?.length ?? 0, y?.length ?? 0, 4);
  const sized = (bytes: Uint8Array | undefined): Uint8Array => (bytes?.length === size ? bytes : new Uint8Array(size));
  return [
    { address: sized(x), port: a.port },
    { address: sized(y), port: b.port },
  ];
}

function bytesOf(host: string): Uint8Array | undefined {
  // The zone of a link-local address is a name of this machine's own.
  const plain = host.split('%', 1)[0] ?? host;
  return ipaddr.isValid(plain) ? Uint8Array.from(ipaddr.process(plain).toByteArray()) : undefined;
}

export function udpPacket(from: PacketEnd, to: PacketEnd, payload: Uint8Array): Uint8Array {
  const segment = Buffer.alloc(8 + payload.length);
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt16BE(segment.length, 4);
  segment.set(payload, 8);
  // Zero would say that there is none.
  segment.writeUInt16BE(segmentChecksum(from, to, UDP, segment) || 0xffff, 6);
  return ipPacket(from, to, UDP, segment);
}

export interface TcpSegment {
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export function tcpPacket(from: PacketEnd, to: PacketEnd, segment: Omit<TcpSegment, 'payload'> & Partial<TcpSegment>) {
  const { sequence, acknowledged, flags, payload = NOTHING } = segment;
  const bytes = Buffer.alloc(20 + payload.length);
  bytes.writeUInt16BE(from.port, 0);
  bytes.writeUInt16BE(to.port, 2);
  bytes.writeUInt32BE(sequence >>> 0, 4);
  bytes.writeUInt32BE(acknowledged >>> 0, 8);
  bytes[12] = 5 << 4;
  bytes[13] = flags;
  bytes.writeUInt16BE(0xffff, 14);
  bytes.set(payload, 20);
  bytes.writeUInt16BE(segmentChecksum(from, to, TCP, bytes), 16);
  return ipPacket(from, to, TCP, bytes);
}

function ipPacket(from: PacketEnd, to: PacketEnd, protocol: number, segment: Uint8Array): Uint8Array {
  const isV6 = from.address.length === 16;
  const head = Buffer.alloc(isV6 ? 40 : 20);
  if (isV6) {
    head[0] = 0x60;
    head.writeUInt16BE(segment.length, 4);
    head[6] = protocol;
    head[7] = HOP_LIMIT;
    head.set(from.address, 8);
    head.set(to.address, 24);
  } else {
    head[0] = 0x45;
    head.writeUInt16BE(20 + segment.length, 2);
    // Not to be cut on the way.
    head[6] = 0x40;
    head[8] = HOP_LIMIT;
    head[9] = protocol;
    head.set(from.address, 12);
    head.set(to.address, 16);
    head.writeUInt16BE(folded(sumOf(head)), 10);
  }
  return Buffer.concat([head, segment]);
}

/** Over the pseudo-header too (RFC 9293 §3.1, RFC 8200 §8.1). */
function segmentChecksum(from: PacketEnd, to: PacketEnd, protocol: number, segment: Uint8Array): number {
  return folded(sumOf(from.address) + sumOf(to.address) + protocol + segment.length + sumOf(segment));
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return ~rest & 0xffff;
}

/** A capture file of raw IP packets (draft-ietf-opsawg-pcapng, LINKTYPE_RAW), which Wireshark and tshark open. */

export interface CapturedPacket {
  /** ms since 1970; kept to the microsecond. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Shown beside the packet; empty for none. */
  readonly comment: string;
}

const SECTION = 0x0a0d_0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b_3c4d;
const LINKTYPE_RAW = 101;
const OPTION = { comment: 1, name: 2, application: 4 } as const;

export function pcapng(packets: Iterable<CapturedPacket>, application: string): Buffer {
  const blocks = [sectionBlock(application), interfaceBlock()];
  for (const packet of packets) blocks.push(packetBlock(packet));
  return Buffer.concat(blocks);
}

function sectionBlock(application: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  // How long the section is, nobody knows: -1.
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION, [body, ...options([[OPTION.application, application]])]);
}

/** Times are in microseconds unless an option says otherwise. */
function interfaceBlock(): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(INTERFACE, [body, ...options([[OPTION.name, 'exchange']])]);
}

function packetBlock({ at, bytes, comment }: CapturedPacket): Buffer {
  const body = Buffer.alloc(20);
  const time = BigInt(Math.round(at * 1000));
  body.writeUInt32LE(0, 0);
  body.writeUInt32LE(Number(time >> 32n), 4);
  body.writeUInt32LE(Number(time & 0xffff_ffffn), 8);
  body.writeUInt32LE(bytes.length, 12);
  body.writeUInt32LE(bytes.length, 16);
  return block(ENHANCED_PACKET, [body, bytes, padding(bytes.length), ...options([[OPTION.comment, comment]])]);
}

function options(given: readonly (readonly [code: number, text: string])[]): Buffer[] {
  const parts: Buffer[] = [];
  for (const [code, text] of given) {
    if (text === '') continue;
    const value = Buffer.from(text);
    parts.push(pair(code, value.length), value, padding(value.length));
  }
  // The end of the options is an option too.
  return parts.length === 0 ? [] : [...parts, pair(0, 0)];
}

function pair(code: number, length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(length, 2);
  return bytes;
}

const padding = (length: number): Buffer => Buffer.alloc(-length & 3);

/** The length stands before and behind, so that a file can be read backwards. */
function block(type: number, parts: readonly Uint8Array[]): Buffer {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, ...parts, tail]);
}

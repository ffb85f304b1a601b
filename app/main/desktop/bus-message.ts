/** The few messages of D-Bus that are needed to ask one question (D-Bus Specification, "Message Protocol"). */

export interface BusCall {
  readonly serial: number;
  readonly destination: string;
  readonly path: string;
  readonly iface: string;
  readonly member: string;
  /** Strings alone. */
  readonly args: readonly string[];
}

export interface BusReply {
  /** 2: the answer; 3: an error. */
  readonly type: number;
  /** The serial of what it answers; undefined for a signal. */
  readonly answers: number | undefined;
  readonly body: Buffer;
}

/** Little-endian, as all that are written here; a bus that writes the other way is not read. */
const LITTLE = 0x6c;
const METHOD_CALL = 1;
/** Nobody is started to answer. */
const NO_AUTO_START = 2;
const HEAD = 16;
/** Longer ones are none that was asked for. */
const MOST = 64 * 1024;

export function writeCall({ serial, destination, path, iface, member, args }: BusCall): Buffer {
  const body = new Writer();
  for (const arg of args) body.string(arg);
  const fields = new Writer();
  const field = (code: number, type: 'o' | 's', value: string) => {
    fields.align(8);
    fields.bytes([code]);
    fields.signature(type);
    fields.string(value);
  };
  field(1, 'o', path);
  field(2, 's', iface);
  field(3, 's', member);
  field(6, 's', destination);
  if (args.length > 0) {
    fields.align(8);
    fields.bytes([8]);
    fields.signature('g');
    fields.signature('s'.repeat(args.length));
  }
  const head = Buffer.alloc(HEAD);
  head.set([LITTLE, METHOD_CALL, NO_AUTO_START, 1]);
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(fields.length, 12);
  const between = Buffer.alloc(padding(HEAD + fields.length, 8));
  return Buffer.concat([head, fields.made(), between, body.made()]);
}

/** The messages that are whole, and what is left; undefined where these are none. */
export function readReplies(
  data: Buffer,
): { readonly replies: readonly BusReply[]; readonly rest: Buffer } | undefined {
  const replies: BusReply[] = [];
  let rest = data;
  while (rest.length >= HEAD) {
    if (rest[0] !== LITTLE) return undefined;
    const [bodyLength, fieldsLength] = [rest.readUInt32LE(4), rest.readUInt32LE(12)];
    if (bodyLength > MOST || fieldsLength > MOST) return undefined;
    const bodyAt = HEAD + fieldsLength + padding(HEAD + fieldsLength, 8);
    if (rest.length < bodyAt + bodyLength) break;
    const fields = rest.subarray(0, HEAD + fieldsLength);
    replies.push({
      type: rest[1] ?? 0,
      answers: replySerial(fields),
      body: rest.subarray(bodyAt, bodyAt + bodyLength),
    });
    rest = rest.subarray(bodyAt + bodyLength);
  }
  return { replies, rest };
}

/** The header field REPLY_SERIAL. */
function replySerial(message: Buffer): number | undefined {
  let at = HEAD;
  while (at + 8 <= message.length) {
    at += padding(at, 8);
    const [code, type] = [message[at], String.fromCharCode(message[at + 2] ?? 0)];
    at += 4;
    if (type === 'u') {
      if (at + 4 > message.length) return undefined;
      if (code === 5) return message.readUInt32LE(at);
      at += 4;
    } else if (type === 'g') {
      at += (message[at] ?? 0) + 2;
    } else if (type === 's' || type === 'o') {
      if (at + 4 > message.length) return undefined;
      at += message.readUInt32LE(at) + 5;
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** The truth in a variant; undefined where it holds something else. */
export function booleanIn(body: Buffer): boolean | undefined {
  return body.length === 8 && body.toString('latin1', 0, 4) === '\u0001b\u0000\u0000'
    ? body.readUInt32LE(4) === 1
    : undefined;
}

const padding = (length: number, to: number): number => (to - (length % to)) % to;

class Writer {
  readonly #parts: Buffer[] = [];
  length = 0;

  bytes(values: Uint8Array | readonly number[]): void {
    const part = Buffer.from(values);
    this.#parts.push(part);
    this.length += part.length;
  }

  align(to: number): void {
    this.bytes(Buffer.alloc(padding(this.length, to)));
  }

  string(text: string): void {
    const data = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    this.align(4);
    this.bytes(length);
    this.bytes(data);
    this.bytes([0]);
  }

  signature(types: string): void {
    this.bytes([types.length, ...Buffer.from(types), 0]);
  }

  made(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

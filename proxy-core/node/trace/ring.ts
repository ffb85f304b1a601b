/**
 * The last messages in one block of memory of fixed size, beside the heap: a message costs one copy of its bytes and
 * nothing for the garbage collector. Records follow each other; the oldest give way to new ones and to their age.
 */
import type { TraceEntry, TraceTap } from '../../server/trace/entry.ts';
import type { Hop, Source, TransportName } from '../../sip/transport/port.ts';

export interface RingOptions {
  /** Room for everything, in bytes. */
  readonly bytes: number;
  /** How long a message is kept, in ms. */
  readonly ageMs: number;
  /** ms since 1970 with fractions. */
  readonly now: () => number;
}

/** A record without what only the transport knows. */
export type RingEntry = Omit<TraceEntry, 'local'> & {
  /** Such as `udp://192.0.2.1:5060`; empty where the sender named none. */
  readonly listener: string;
};

/** A place between two records; stays good however much is written meanwhile. */
export interface Cursor {
  id: number;
  offset: number;
}

const NAMES: readonly TransportName[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS'];
const CODES: Readonly<Record<TransportName, number>> = { UDP: 0, TCP: 1, TLS: 2, WS: 3, WSS: 4 };
/** Length, bytes of the message, time, port with transport and flags, lengths of the texts with the listener. */
const HEAD = 24;
const OUT = 1;
const REFUSED = 2;
const CUT = 4;
const MAX_TEXT = 255;
const MAX_LISTENERS = 256;
/** Who is kept away must not push the others out: so much of a message, and so many of them in a second. */
const REFUSED_BYTES = 256;
const REFUSED_PER_SECOND = 20;

export class TraceRing implements TraceTap {
  readonly #ageMs: number;
  readonly #now: () => number;
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #capacity: number;
  readonly #longest: number;
  readonly #listeners: string[] = [''];
  /** Where the next record goes, where the oldest is, and where the records before the last turn end. */
  #head = 0;
  #tail = 0;
  #turn: number;
  #count = 0;
  #nextId = 1;
  #refusedSince = 0;
  #refused = 0;

  constructor({ bytes, ageMs, now }: RingOptions) {
    const capacity = bytes & ~7;
    // Of its own, since a slice of Node's pool need not begin at a multiple of eight. Pages are taken as they are written.
    const memory = new ArrayBuffer(capacity);
    this.#bytes = Buffer.from(memory);
    this.#words = new Uint32Array(memory);
    this.#times = new Float64Array(memory);
    this.#capacity = capacity;
    this.#turn = capacity;
    this.#longest = Math.floor(capacity / 4);
    this.#ageMs = ageMs;
    this.#now = now;
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#count;
  }

  received(wire: string, { transport, host, port, flow, listener }: Source, isAdmitted: boolean): void {
    const at = this.#now();
    if (!isAdmitted && !this.#mayKeepRefused(at)) return;
    this.#write(at, wire, isAdmitted ? 0 : REFUSED, transport, host, port, flow, listener);
  }

  sent(wire: string, { transport, host, port, flow, listener }: Hop): void {
    this.#write(this.#now(), wire, OUT, transport, host, port, flow, listener);
  }

  /** Before the oldest message, or behind the one with this id. */
  cursor(after = 0): Cursor {
    const cursor = { id: this.#nextId - this.#count, offset: this.#tail };
    while (cursor.id <= after && this.#skip(cursor));
    return cursor;
  }

  /** The record behind the cursor, which moves on; undefined at the end. `isWanted` sees its bytes before they are copied. */
  next(
    cursor: Cursor,
    isWanted: (bytes: Buffer, host: string, at: number) => boolean,
  ): RingEntry | 'other' | undefined {
    const oldest = this.#nextId - this.#count;
    if (cursor.id < oldest) {
      cursor.id = oldest;
      cursor.offset = this.#tail;
    }
    if (cursor.id >= this.#nextId) return undefined;
    if (cursor.offset === this.#turn) cursor.offset = 0;
    const { id, offset } = cursor;
    this.#skip(cursor);
    const word = offset >> 2;
    const at = this.#times[(offset + 8) >> 3] ?? 0;
    if (at < this.#now() - this.#ageMs) return 'other';
    const [length = 0, place = 0, texts = 0] = [this.#words[word + 1], this.#words[word + 4], this.#words[word + 5]];
    const hostEnd = offset + HEAD + (texts & 0xff);
    const start = hostEnd + ((texts >>> 8) & 0xff);
    const host = this.#bytes.toString('latin1', offset + HEAD, hostEnd);
    const bytes = this.#bytes.subarray(start, start + length);
    if (!isWanted(bytes, host, at)) return 'other';
    const flags = place >>> 24;
    return {
      id,
      at,
      direction: (flags & OUT) !== 0 ? 'out' : 'in',
      transport: NAMES[(place >>> 16) & 0xff] ?? 'UDP',
      remote: { host, port: place & 0xffff },
      listener: this.#listeners[texts >>> 16] ?? '',
      connection: this.#bytes.toString('latin1', hostEnd, start),
      isRefused: (flags & REFUSED) !== 0,
      isCut: (flags & CUT) !== 0,
      wire: bytes.toString('latin1'),
    };
  }

  #skip(cursor: Cursor): boolean {
    if (cursor.id >= this.#nextId) return false;
    if (cursor.offset === this.#turn) cursor.offset = 0;
    cursor.offset += this.#words[cursor.offset >> 2] ?? 0;
    cursor.id++;
    return true;
  }

  #mayKeepRefused(at: number): boolean {
    if (at - this.#refusedSince >= 1000 || at < this.#refusedSince) {
      this.#refusedSince = at;
      this.#refused = 0;
    }
    return this.#refused++ < REFUSED_PER_SECOND;
  }

  #write(
    at: number,
    wire: string,
    flags: number,
    transport: TransportName,
    host: string,
    port: number,
    flow: string | undefined,
    listener: string | undefined,
  ): void {
    // The flow of a datagram says no more than its listener and address.
    const connection = transport === 'UDP' || flow === undefined ? '' : flow;
    const most = flags === REFUSED ? REFUSED_BYTES : this.#longest;
    const length = Math.min(wire.length, most);
    const hostBytes = Math.min(host.length, MAX_TEXT);
    const flowBytes = Math.min(connection.length, MAX_TEXT);
    const total = (HEAD + hostBytes + flowBytes + length + 7) & ~7;
    while (this.#count > 0 && (this.#times[(this.#tail + 8) >> 3] ?? 0) < at - this.#ageMs) this.#evict();
    this.#makeRoom(total);
    const offset = this.#head;
    const word = offset >> 2;
    const words = this.#words;
    words[word] = total;
    words[word + 1] = length;
    this.#times[(offset + 8) >> 3] = at;
    const all = length < wire.length ? flags | CUT : flags;
    words[word + 4] = (port & 0xffff) | (CODES[transport] << 16) | (all << 24);
    words[word + 5] = hostBytes | (flowBytes << 8) | (this.#listenerCode(listener) << 16);
    const bytes = this.#bytes;
    let to = offset + HEAD;
    // For some ten characters a loop is faster than a call.
    for (let i = 0; i < hostBytes; i++) bytes[to++] = host.charCodeAt(i);
    for (let i = 0; i < flowBytes; i++) bytes[to++] = connection.charCodeAt(i);
    bytes.write(wire, to, length, 'latin1');
    this.#head = offset + total;
    this.#count++;
    this.#nextId++;
  }

  #makeRoom(total: number): void {
    for (;;) {
      if (this.#count === 0) {
        this.#head = 0;
        this.#tail = 0;
        this.#turn = this.#capacity;
        return;
      }
      if (this.#tail < this.#head) {
        if (this.#head + total <= this.#capacity) return;
        this.#turn = this.#head;
        this.#head = 0;
      } else if (this.#tail - this.#head >= total) return;
      else this.#evict();
    }
  }

  #evict(): void {
    this.#tail += this.#words[this.#tail >> 2] ?? 0;
    this.#count--;
    if (this.#tail !== this.#turn) return;
    this.#tail = 0;
    this.#turn = this.#capacity;
  }

  #listenerCode(listener: string | undefined): number {
    if (listener === undefined || listener === '') return 0;
    const known = this.#listeners.indexOf(listener);
    if (known >= 0 || this.#listeners.length >= MAX_LISTENERS) return Math.max(0, known);
    return this.#listeners.push(listener) - 1;
  }
}

/** What a kept message says: read when somebody looks, not when it passed. */
import type { SipMessage } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { parseMessage } from '../../sip/message/parse.ts';
import type { TraceEntry } from './entry.ts';
import { masked } from './mask.ts';

/** Why a message cannot be read, and where a person finds the place. */
export interface ReadingFault {
  readonly reason: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What stands there, at most a line. */
  readonly text: string;
}

export interface ReadMessage {
  readonly entry: TraceEntry;
  /** Undefined where it cannot be read. */
  readonly message: SipMessage | undefined;
  readonly fault: ReadingFault | undefined;
  /** Empty where none can be read. */
  readonly callId: string;
  /** The id of the same message sent before: this is its repetition. */
  readonly repeats: number | undefined;
}

const LOOSE_CALL_ID = /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im;
const LONGEST_EXCERPT = 120;
/** A message that comes again later than this is no repetition (RFC 3261 §17.1.1.2: 64 × T1, and some more). */
const REPEATED_WITHIN_MS = 64_000;

/** Reads messages in the order in which they were on the wire, and knows those again that came before. */
export class Reader {
  /** By what they are and between whom. */
  readonly #seen = new Map<number, { readonly id: number; readonly at: number }>();

  read(entry: TraceEntry): ReadMessage {
    const { direction, transport, remote, wire, id, at } = entry;
    const key = mix(`${direction} ${transport} ${remote.host} ${remote.port}`, mix(wire, START));
    const first = this.#seen.get(numberOf(key));
    const repeats = first !== undefined && at - first.at < REPEATED_WITHIN_MS ? first.id : undefined;
    if (repeats === undefined) this.#seen.set(numberOf(key), { id, at });
    return { ...readEntry(entry), repeats };
  }
}

type Mixed = readonly [number, number];
const START: Mixed = [0x811c9dc5, 0x1b873593];

/** FNV-1a twice over 32 bits, from two beginnings and with two factors: a repetition is told by 53 bits of it. */
function mix(text: string, [a, b]: Mixed): Mixed {
  let x = a;
  let y = b;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    x = Math.imul(x ^ code, 0x01000193);
    y = Math.imul(y ^ code, 0x85ebca6b);
    y ^= y >>> 13;
  }
  return [x, y];
}

const numberOf = ([x, y]: Mixed): number => (x >>> 0) * 0x20_0000 + ((y >>> 0) & 0x1f_ffff);

function readEntry(entry: TraceEntry): Omit<ReadMessage, 'repeats'> {
  const parsed = parseMessage(entry.isCut ? withoutBody(entry.wire) : entry.wire);
  if (parsed.ok) {
    const message = parsed.value;
    // On a connection nobody knows where such a message ends (RFC 3261 §18.3); a WebSocket has frames.
    const isEndless = /^T/.test(entry.transport) && message.headers.find(H.ContentLength) < 0 && !entry.isCut;
    const fault = isEndless ? placeOf(entry.wire, 0, 'no Content-Length on a connection') : undefined;
    return { entry, message, fault, callId: message.callId };
  }
  const { offset, reason } = parsed.error;
  const callId = LOOSE_CALL_ID.exec(entry.wire)?.[1] ?? '';
  return { entry, message: undefined, fault: entry.isCut ? undefined : placeOf(entry.wire, offset, reason), callId };
}

/** As far as whole header lines go. */
function withoutBody(wire: string): string {
  const end = wire.indexOf('\r\n\r\n');
  const head = end < 0 ? wire.slice(0, wire.lastIndexOf('\r\n') + 2) : wire.slice(0, end + 2);
  return `${head.replace(/^(?:content-length|l)[ \t]*:[^\n]*\n/gim, '')}\r\n`;
}

/** The parser tells which header is wrong by its name where it read on behind it. */
function placeOf(wire: string, offset: number, reason: string): ReadingFault {
  const name = / in (?:the header )?(Via|From|To)$|(Call-ID|CSeq|Content-Length)$/.exec(reason);
  const header = name?.[1] ?? name?.[2];
  const named = header === undefined ? -1 : (headerPlace(wire, header) ?? -1);
  const at = Math.min(named < 0 ? offset : named, wire.length);
  const lineStart = wire.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = wire.indexOf('\n', at);
  // Every byte has its place in it too.
  const shown = masked(wire);
  const text = shown.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, '');
  let line = 1;
  for (let next = wire.indexOf('\n'); next >= 0 && next < lineStart; next = wire.indexOf('\n', next + 1)) line++;
  return { reason, line, column: at - lineStart + 1, text: text.slice(0, LONGEST_EXCERPT) };
}

const SHORT: Readonly<Record<string, string>> = { Via: 'v', From: 'f', To: 't', 'Call-ID': 'i', 'Content-Length': 'l' };

function headerPlace(wire: string, name: string): number | undefined {
  const short = SHORT[name];
  const pattern = new RegExp(`^(?:${name}${short === undefined ? '' : `|${short}`})[ \\t]*:[ \\t]*`, 'im');
  const found = pattern.exec(wire);
  return found === null ? undefined : found.index + found[0].length;
}

/** Call-IDs of other dialogs that a message speaks of (RFC 3891, RFC 3515, RFC 4538, RFC 3911). */
export function linkedCallIds({ message }: ReadMessage): string[] {
  if (message === undefined) return [];
  const { headers } = message;
  const found: string[] = [];
  const replaces = headers.first(H.Replaces);
  for (const text of [replaces, headers.named('Target-Dialog'), headers.named('Join')]) {
    const id = text?.split(';', 1)[0]?.trim();
    if (id !== undefined && id !== '') found.push(id);
  }
  const inside = /[?&]replaces=([^;&>%]*(?:%(?!3b)[0-9a-f]{2}[^;&>%]*)*)/i.exec(headers.first(H.ReferTo) ?? '')?.[1];
  if (inside !== undefined) {
    const id = inside.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (id !== '') found.push(id);
  }
  return found;
}

/**
 * Bytes to message (RFC 3261 §7, §18.3, §25.1). One pass finds the lines; the parts that every layer needs are checked
 * here, everything else is left for whoever asks.
 */
import {
  afterToken,
  beforeSpace,
  findOutside,
  hasBlank,
  isToken,
  isWithout,
  parseNumber,
  skipSpace,
  splitList,
  trim,
} from '../grammar/chars.ts';
import { type NameAddr, parseNameAddr } from '../grammar/name-addr.ts';
import { fail, ok, type Result } from '../grammar/result.ts';
import { parseUri } from '../grammar/uri.ts';
import { HeaderTable, MAX_HEADER_LINES, scanHeaders } from './header-table.ts';
import {
  type Essentials,
  type Reading,
  type RequestReading,
  type SipMessage,
  SipRequest,
  SipResponse,
} from './message.ts';
import { H, type HeaderId, headerName } from './names.ts';
import { parseVia, type Via } from './via.ts';

/** Larger messages are refused (RFC 3261 §18.1.1 asks for 65,535 bytes at least). */
export const MAX_MESSAGE = 65_535;

/** How large a message may be, in bytes and header lines. */
export interface ReadLimits {
  readonly bytes: number;
  readonly lines: number;
}

const RECEIVED: ReadLimits = { bytes: MAX_MESSAGE, lines: MAX_HEADER_LINES };
/**
 * For what we made ourselves out of a message that was within limits: a proxy adds to a message that was as large as it may
 * be, and whether the result is too much is for the transport and the next hop to say.
 */
const UNLIMITED: ReadLimits = { bytes: Number.POSITIVE_INFINITY, lines: Number.POSITIVE_INFINITY };

const TOO_LARGE = 'a message of more than 64 KiB';

export interface ParseError {
  /** Byte at which reading stopped. */
  readonly offset: number;
  readonly reason: string;
  /** What to answer where the sender can be answered at all. */
  readonly status: 400 | 413 | 414 | 416 | 505;
  /** The headers, where they could be found, so that a 400 can carry Via, From, To, Call-ID and CSeq back. */
  readonly headers?: HeaderTable;
  readonly isRequest: boolean;
  readonly method?: string;
}

type Parsed = Result<SipMessage, ParseError>;

/**
 * Reads one whole message. In a datagram, bytes after the body are ignored; a body shorter than Content-Length
 * is an error (§18.3).
 */
export function parseMessage(raw: string, limits = RECEIVED): Parsed {
  if (raw.length > limits.bytes)
    return fail({ offset: limits.bytes, reason: TOO_LARGE, status: 413, isRequest: false });
  let lineEnd = raw.indexOf('\n');
  if (lineEnd < 0) return fail({ offset: 0, reason: 'no line at all', status: 400, isRequest: false });
  const next = lineEnd + 1;
  if (raw.charCodeAt(lineEnd - 1) === 13) lineEnd--;
  else return parseMessage(withCrLf(raw, next), limits);
  const cr = raw.indexOf('\r');
  if (cr >= 0 && cr < lineEnd) {
    return fail({ offset: cr, reason: 'a CR that ends no line', status: 400, isRequest: false });
  }
  return raw.startsWith('SIP/') ? parseResponse(raw, lineEnd, next, limits) : parseRequest(raw, lineEnd, next, limits);
}

/**
 * Lone line feeds are understood but not passed on: behind them the next reader may see other lines than we did, or, on a
 * connection, no end of the headers at all and swallow the messages that follow.
 */
function withCrLf(raw: string, headEnd: number): string {
  const head = raw.slice(0, headEnd).replace(/\r?\n/g, '\r\n');
  return `${head.endsWith('\n') ? head : `${head}\r\n`}${raw.slice(headEnd)}`;
}

function parseRequest(raw: string, lineEnd: number, next: number, limits: ReadLimits): Parsed {
  const methodEnd = raw.indexOf(' ');
  const hasVersion = raw.startsWith(LAST_WORD, lineEnd - LAST_WORD.length);
  const versionStart = hasVersion ? lineEnd - VERSION.length : raw.lastIndexOf(' ', lineEnd - 1) + 1;
  const method = methodAt(raw, 0, methodEnd);
  if (versionStart <= methodEnd + 1 || methodEnd > 64 || !isToken(method)) {
    return fail({ offset: 0, reason: 'a malformed request line', status: 400, isRequest: false });
  }
  const headers = scanHeaders(raw, next, limits.lines);
  if (!(headers instanceof HeaderTable)) {
    return fail({ ...headers, status: 400, isRequest: true, method });
  }
  if (headers.isTorn) return parseMessage(withCrLf(raw, headers.bodyStart), limits);
  const refuse = (offset: number, reason: string, status: ParseError['status'] = 400): Parsed =>
    fail({ offset, reason, status, headers, isRequest: true, method });
  if (!hasVersion) {
    const version = raw.slice(versionStart, lineEnd).toUpperCase();
    // §7.1: read in any case, sent on in upper case.
    if (version === VERSION)
      return parseMessage(`${raw.slice(0, versionStart)}${VERSION}${raw.slice(lineEnd)}`, limits);
    return /^SIP\/\d+\.\d+$/.test(version)
      ? refuse(versionStart, 'an unknown version of SIP', 505)
      : refuse(versionStart, 'a malformed request line');
  }
  const uriText = raw.slice(methodEnd + 1, versionStart - 1);
  const uri = parseUri(uriText);
  if (!uri.ok) return refuse(methodEnd + 1, `${uri.error} in the request line`);
  const essentials = readEssentials(headers);
  if (!essentials.ok) return refuse(next, essentials.error);
  if (essentials.value.cseqMethod !== method) return refuse(next, 'a CSeq whose method is not that of the request');
  const end = bodyEnd(headers, limits.bytes);
  if (typeof end === 'string') return refuse(headers.bodyStart, end, end === TOO_LARGE ? 413 : 400);
  const { via, from, to, callId, cseq, cseqMethod } = essentials.value;
  const reading = { via, from, to, callId, cseq, cseqMethod, headers, uriText, uri: uri.value };
  return ok(new SipRequest(method, upTo(raw, end), readRequest, reading));
}

function parseResponse(raw: string, lineEnd: number, next: number, limits: ReadLimits): Parsed {
  const refuse = (offset: number, reason: string): Parsed => fail({ offset, reason, status: 400, isRequest: false });
  const status = parseNumber(raw, 699, 8, 11) ?? 0;
  if (
    !(raw.startsWith(VERSION) || raw.slice(0, 7).toUpperCase() === VERSION) ||
    raw.charCodeAt(7) !== 32 ||
    status < 100 ||
    lineEnd < 11 ||
    (lineEnd > 11 && raw.charCodeAt(11) !== 32)
  ) {
    return refuse(0, 'a malformed status line');
  }
  const headers = scanHeaders(raw, next, limits.lines);
  if (!(headers instanceof HeaderTable)) return refuse(headers.offset, headers.reason);
  if (headers.isTorn) return parseMessage(withCrLf(raw, headers.bodyStart), limits);
  const essentials = readEssentials(headers);
  if (!essentials.ok) return refuse(next, essentials.error);
  const end = bodyEnd(headers, limits.bytes);
  if (typeof end === 'string') return refuse(headers.bodyStart, end);
  const { via, from, to, callId, cseq, cseqMethod } = essentials.value;
  const reading = { via, from, to, callId, cseq, cseqMethod, headers };
  return ok(new SipResponse(status, trim(raw, 11, lineEnd), upTo(raw, end), readResponse, reading));
}

/** Reads what we made ourselves out of good parts; fails only by a mistake of whoever made it. */
export function readRequest(wire: string): RequestReading {
  const { reading } = made(wire) as SipRequest;
  return reading;
}

export function readResponse(wire: string): Reading {
  const { reading } = made(wire) as SipResponse;
  return reading;
}

function made(wire: string): SipMessage {
  const parsed = parseMessage(wire, UNLIMITED);
  if (!parsed.ok) throw new TypeError(`made an unreadable message: ${parsed.error.reason}`);
  return parsed.value;
}

const VERSION = 'SIP/2.0';
const LAST_WORD = ` ${VERSION}`;
const METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'OPTIONS', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'INFO'];

/** The method at `start`: for the usual ones always the same string, which compares at a glance. */
function methodAt(text: string, start: number, end: number): string {
  for (const method of METHODS) if (method.length === end - start && text.startsWith(method, start)) return method;
  return text.slice(start, end);
}

const upTo = (raw: string, end: number): string => (end === raw.length ? raw : raw.slice(0, end));

function readEssentials(headers: HeaderTable): Result<Essentials> {
  if (headers.doubled !== undefined) return fail(`two ${headerName(headers.doubled)} headers`);
  const viaLine = headers.find(H.Via);
  if (viaLine < 0) return fail('no Via');
  const via = firstViaOf(headers, viaLine);
  if (!via.ok) return via;
  const from = readAddress(headers, H.From);
  if (!from.ok) return from;
  const to = readAddress(headers, H.To);
  if (!to.ok) return to;
  const callId = headers.first(H.CallId);
  if (callId === undefined || callId === '' || hasBlank(callId)) return fail('no or a malformed Call-ID');
  const line = headers.find(H.CSeq);
  if (line < 0) return fail('no or a malformed CSeq');
  const text = headers.textFor(line);
  const start = headers.valueStart(line);
  const end = headers.valueEnd(line);
  const digits = afterToken(text, start, end);
  const cseq = parseNumber(text, 0x7fff_ffff, start, digits);
  const method = skipSpace(text, digits, end);
  if (cseq === undefined || method === digits || !isToken(text, method, end)) return fail('no or a malformed CSeq');
  return ok({ via: via.value, from: from.value, to: to.value, callId, cseq, cseqMethod: methodAt(text, method, end) });
}

/** Where the first of several values on a line ends. */
function firstEnd(text: string, start: number, end: number): number {
  return isWithout(text, ',', start, end) ? end : findOutside(text, 44, start, end);
}

function firstViaOf(headers: HeaderTable, line: number): Result<Via> {
  const text = headers.textFor(line);
  const start = headers.valueStart(line);
  return parseVia(text, start, beforeSpace(text, start, firstEnd(text, start, headers.valueEnd(line))));
}

/** The Via under the topmost one, to which a response goes on; undefined where there is none, an error where it is spoilt. */
export function nextVia({ headers }: SipMessage): Result<Via> | undefined {
  const line = headers.find(H.Via);
  const text = headers.textFor(line);
  const end = headers.valueEnd(line);
  const comma = firstEnd(text, headers.valueStart(line), end);
  if (comma < end) {
    const start = skipSpace(text, comma + 1, end);
    return parseVia(text, start, beforeSpace(text, start, firstEnd(text, start, end)));
  }
  const next = headers.find(H.Via, line + 1);
  return next < 0 ? undefined : firstViaOf(headers, next);
}

function readAddress(headers: HeaderTable, id: HeaderId): Result<NameAddr> {
  const line = headers.find(id);
  if (line < 0) return fail(`no ${headerName(id)}`);
  const address = parseNameAddr(headers.textFor(line), headers.valueStart(line), headers.valueEnd(line));
  return address.ok ? address : fail(`${address.error} in the header ${headerName(id)}`);
}

/** Where the body ends, or what is wrong with its length. */
function bodyEnd(headers: HeaderTable, maxBytes: number): number | string {
  const line = headers.find(H.ContentLength);
  if (line < 0) return headers.raw.length;
  const text = headers.textFor(line);
  const length = parseNumber(text, Number.MAX_SAFE_INTEGER, headers.valueStart(line), headers.valueEnd(line));
  if (length === undefined) return 'a malformed Content-Length';
  const end = headers.bodyStart + length;
  if (end > maxBytes) return TOO_LARGE;
  return end > headers.raw.length ? 'a body shorter than its Content-Length' : end;
}

/** All addresses of a header such as Contact, Route or Record-Route; the first malformed one makes the whole fail. */
export function parseAddresses(message: SipMessage, id: HeaderId): Result<NameAddr[]> {
  const addresses: NameAddr[] = [];
  for (const text of message.list(id)) {
    const address = parseNameAddr(text);
    if (!address.ok) return address;
    addresses.push(address.value);
  }
  return ok(addresses);
}

/** The option tags of Require, Supported and their like, in lower case. */
export const optionTags = (message: SipMessage, id: HeaderId): string[] =>
  message.list(id).map((tag) => tag.toLowerCase());

/** Max-Forwards as a number; undefined where it is absent, NaN where it is malformed. */
export function maxForwards(message: SipMessage): number | undefined {
  const text = message.header(H.MaxForwards);
  return text === undefined ? undefined : (parseNumber(text, 255) ?? Number.NaN);
}

/** A header of delta-seconds; undefined where absent or malformed, capped at 2^32 - 1 (RFC 3261 §20.19). */
export function deltaSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = splitList(text)[0]?.split(';')[0]?.trim() ?? '';
  if (!/^\d+$/.test(digits)) return undefined;
  return Math.min(Number(digits), 0xffff_ffff);
}

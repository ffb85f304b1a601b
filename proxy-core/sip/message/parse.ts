/**
 * Bytes to message (RFC 3261 §7, §18.3, §25.1). One pass finds the lines; the parts that every layer needs are checked
 * here, everything else is left for whoever asks.
 */
import { findOutside, isToken, parseNumber, splitList, trim } from '../grammar/chars.ts';
import { type NameAddr, parseNameAddr } from '../grammar/name-addr.ts';
import { fail, ok, type Result } from '../grammar/result.ts';
import { parseUri } from '../grammar/uri.ts';
import { HeaderTable, MAX_HEADER_LINES, scanHeaders } from './header-table.ts';
import { type Essentials, type SipMessage, SipRequest, SipResponse } from './message.ts';
import { H, type HeaderId, headerName } from './names.ts';
import { parseVia } from './via.ts';

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
export const UNLIMITED: ReadLimits = { bytes: Number.POSITIVE_INFINITY, lines: Number.POSITIVE_INFINITY };

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

/** Headers that may stand only once (RFC 3261 §7.3.1): two of them contradict each other. */
const SINGLE: readonly HeaderId[] = [H.From, H.To, H.CallId, H.CSeq, H.MaxForwards, H.ContentLength];

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
  const versionStart = raw.lastIndexOf(' ', lineEnd - 1) + 1;
  const method = raw.slice(0, Math.max(methodEnd, 0));
  if (methodEnd <= 0 || versionStart <= methodEnd + 1 || !isToken(method) || method.length > 64) {
    return fail({ offset: 0, reason: 'a malformed request line', status: 400, isRequest: false });
  }
  const headers = scanHeaders(raw, next, limits.lines);
  if (!(headers instanceof HeaderTable)) {
    return fail({ ...headers, status: 400, isRequest: true, method });
  }
  if (headers.isTorn) return parseMessage(withCrLf(raw, headers.bodyStart), limits);
  const refuse = (offset: number, reason: string, status: ParseError['status'] = 400): Parsed =>
    fail({ offset, reason, status, headers, isRequest: true, method });
  const version = raw.slice(versionStart, lineEnd);
  if (version !== 'SIP/2.0') {
    // §7.1: read in any case, sent on in upper case.
    if (version.toUpperCase() === 'SIP/2.0')
      return parseMessage(`${raw.slice(0, versionStart)}SIP/2.0${raw.slice(lineEnd)}`, limits);
    return /^SIP\/\d+\.\d+$/i.test(version)
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
  if (!end.ok) return refuse(headers.bodyStart, end.error, end.error === TOO_LARGE ? 413 : 400);
  return ok(new SipRequest(method, uriText, uri.value, headers, essentials.value, end.value));
}

function parseResponse(raw: string, lineEnd: number, next: number, limits: ReadLimits): Parsed {
  const refuse = (offset: number, reason: string): Parsed => fail({ offset, reason, status: 400, isRequest: false });
  const code = raw.slice(8, 11);
  const status = Number(code);
  if (
    !/^SIP\/2\.0 $/i.test(raw.slice(0, 8)) ||
    !/^[1-6]\d\d$/.test(code) ||
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
  if (!end.ok) return refuse(headers.bodyStart, end.error);
  return ok(new SipResponse(status, trim(raw, 11, lineEnd), headers, essentials.value, end.value));
}

function readEssentials(headers: HeaderTable): Result<Essentials> {
  for (const id of SINGLE)
    if (headers.find(id, headers.find(id) + 1 || headers.size) >= 0) return fail(`two ${headerName(id)} headers`);
  const viaText = headers.first(H.Via);
  if (viaText === undefined) return fail('no Via');
  const via = parseVia(viaText.indexOf(',') < 0 ? viaText : trim(viaText, 0, findOutside(viaText, 44)));
  if (!via.ok) return via;
  const from = readAddress(headers, H.From);
  if (!from.ok) return from;
  const to = readAddress(headers, H.To);
  if (!to.ok) return to;
  const callId = headers.first(H.CallId);
  if (callId === undefined || callId === '' || /\s/.test(callId)) return fail('no or a malformed Call-ID');
  const cseqText = headers.first(H.CSeq);
  const space = cseqText?.search(/[ \t]/) ?? -1;
  if (cseqText === undefined || space < 0) return fail('no or a malformed CSeq');
  const cseq = parseNumber(cseqText.slice(0, space), 0x7fff_ffff);
  const cseqMethod = trim(cseqText, space);
  if (cseq === undefined || !isToken(cseqMethod)) return fail('a malformed CSeq');
  return ok({ via: via.value, from: from.value, to: to.value, callId, cseq, cseqMethod });
}

function readAddress(headers: HeaderTable, id: HeaderId): Result<NameAddr> {
  const text = headers.first(id);
  if (text === undefined) return fail(`no ${headerName(id)}`);
  const address = parseNameAddr(text);
  return address.ok ? address : fail(`${address.error} in ${headerName(id)}`);
}

function bodyEnd(headers: HeaderTable, maxBytes: number): Result<number> {
  const text = headers.first(H.ContentLength);
  if (text === undefined) return ok(headers.raw.length);
  const length = parseNumber(text, Number.MAX_SAFE_INTEGER);
  if (length === undefined) return fail('a malformed Content-Length');
  const end = headers.bodyStart + length;
  if (end > maxBytes) return fail(TOO_LARGE);
  return end > headers.raw.length ? fail('a body shorter than its Content-Length') : ok(end);
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

/** New messages: requests, responses, the ACK to a failure and the CANCEL of one hop (RFC 3261 §8.1.1, §8.2.6, §9.1, §17.1.1.3). */
import type { HeaderTable } from './header-table.ts';
import { SipRequest, SipResponse } from './message.ts';
import { H, type HeaderId, headerName, oneLine } from './names.ts';
import { type ParseError, readRequest, readResponse } from './parse.ts';
import { reasonPhrase } from './status.ts';

export type HeaderLine = readonly [name: HeaderId | string, value: string];

export interface Body {
  readonly type: string;
  /** Bytes as a binary string. */
  readonly content: string;
}

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** The topmost Via, complete with branch. */
  readonly via: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  readonly maxForwards?: number;
  readonly routes?: readonly string[];
  readonly headers?: readonly HeaderLine[];
  readonly body?: Body | undefined;
}

function line(name: HeaderId | string, value: string): string {
  return `${typeof name === 'string' ? oneLine(name) : headerName(name)}: ${oneLine(value)}\r\n`;
}

function lines(headers: readonly HeaderLine[] = []): string {
  let text = '';
  for (const [name, value] of headers) text += line(name, value);
  return text;
}

const tail = (body: Body | undefined): string =>
  body === undefined
    ? 'Content-Length: 0\r\n\r\n'
    : `${line(H.ContentType, body.type)}Content-Length: ${body.content.length}\r\n\r\n${body.content}`;

/** @throws TypeError where the parts make no readable message. */
export function buildRequest(parts: RequestParts): SipRequest {
  const wire =
    `${oneLine(parts.method)} ${oneLine(parts.uri)} SIP/2.0\r\n` +
    line(H.Via, parts.via) +
    lines(parts.routes?.map((route) => [H.Route, route] as const)) +
    line(H.MaxForwards, String(parts.maxForwards ?? 70)) +
    line(H.From, parts.from) +
    line(H.To, parts.to) +
    line(H.CallId, parts.callId) +
    line(H.CSeq, `${parts.cseq} ${parts.method}`) +
    lines(parts.headers) +
    tail(parts.body);
  return new SipRequest(parts.method, wire, readRequest, readRequest(wire));
}

export interface ResponseParts {
  readonly reason?: string | undefined;
  /** Added to To unless it has a tag already; every response but 100 needs one (RFC 3261 §8.2.6.2). */
  readonly toTag?: string | undefined;
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly body?: Body | undefined;
}

/** Copies every line of a header that a response takes from its request, as it was written, each with its CRLF. */
function copied(headers: HeaderTable, id: HeaderId): string {
  let text = '';
  for (let at = headers.find(id); at >= 0; at = headers.find(id, at + 1)) {
    text += headers.raw.slice(headers.lineStart(at), headers.lineEnd(at) + CRLF_BYTES);
  }
  return text;
}

const CRLF_BYTES = 2;

/** A response to `request` (§8.2.6): Via, From, To, Call-ID and CSeq from it, Record-Route in those that begin a dialog. */
export function buildResponse(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
  const { headers, to } = request;
  const begins = status > 100 && status < 300 && request.method !== 'REGISTER';
  const tagged = parts.toTag !== undefined && status !== 100 && to.tag === undefined;
  const reason = oneLine(parts.reason ?? reasonPhrase(status));
  const wire =
    `SIP/2.0 ${status} ${reason}\r\n` +
    copied(headers, H.Via) +
    (begins ? copied(headers, H.RecordRoute) : '') +
    copied(headers, H.From) +
    (tagged ? line(H.To, `${headers.first(H.To)};tag=${parts.toTag}`) : copied(headers, H.To)) +
    copied(headers, H.CallId) +
    copied(headers, H.CSeq) +
    (status === 100 ? copied(headers, H.Timestamp) : '') +
    lines(parts.headers) +
    tail(parts.body);
  return new SipResponse(status, reason, wire, readResponse);
}

/**
 * The answer to a request that could not be read, as bytes; undefined where too little of it is there to send anything
 * back (no Via, or an ACK, which is never answered).
 */
export function replyToMalformed(error: ParseError, toTag: string): string | undefined {
  const { headers } = error;
  if (!error.isRequest || headers === undefined || error.method === 'ACK' || headers.find(H.Via) < 0) return undefined;
  const to = headers.first(H.To);
  const tag = to === undefined || /;\s*tag\s*=/i.test(to) ? '' : `;tag=${toTag}`;
  const reason = error.status === 400 ? `Bad Request - ${error.reason}` : reasonPhrase(error.status);
  return (
    `SIP/2.0 ${error.status} ${reason}\r\n` +
    copied(headers, H.Via) +
    copied(headers, H.From) +
    (to === undefined ? '' : `To: ${to}${tag}\r\n`) +
    copied(headers, H.CallId) +
    copied(headers, H.CSeq) +
    'Content-Length: 0\r\n\r\n'
  );
}

/** The ACK that a client transaction sends for a final response of 300 to 699 (§17.1.1.3). */
export function buildAck(invite: SipRequest, response: SipResponse): SipRequest {
  return hopRequest(invite, 'ACK', copied(response.headers, H.To));
}

/** The CANCEL of a pending request (§9.1): same branch, so that the next hop finds what to cancel. */
export function buildCancel(invite: SipRequest, reason?: string): SipRequest {
  return hopRequest(
    invite,
    'CANCEL',
    copied(invite.headers, H.To) + (reason === undefined ? '' : line(H.Reason, reason)),
  );
}

function hopRequest(invite: SipRequest, method: string, toLines: string): SipRequest {
  const { headers } = invite;
  const wire =
    `${method} ${invite.uriText} SIP/2.0\r\n` +
    line(H.Via, invite.via.toString()) +
    copied(headers, H.Route) +
    copied(headers, H.From) +
    toLines +
    copied(headers, H.CallId) +
    line(H.CSeq, `${invite.cseq} ${method}`) +
    line(H.MaxForwards, '70') +
    tail(undefined);
  return new SipRequest(method, wire, readRequest);
}

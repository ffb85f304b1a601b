/**
 * Writes into the top Via of a request where it really came from (RFC 3261 §18.2.1, RFC 3581 §4). Almost every request
 * needs it, so the header table is shifted instead of read again.
 */
import { findOutside, trim } from '../grammar/chars.ts';
import { withoutParam, withParam } from '../grammar/params.ts';
import type { HeaderTable } from './header-table.ts';
import { SipRequest } from './message.ts';
import { H } from './names.ts';
import { readRequest } from './parse.ts';
import { Via } from './via.ts';

/** `host` is the address of the sender without brackets. Gives the same request back where nothing is to be stamped. */
export function stampVia(request: SipRequest, host: string, port: number): SipRequest {
  const { via, headers } = request;
  const asks = via.has('rport');
  const known = via.host === host || via.host === `[${host}]`;
  let params = via.params;
  if (asks) params = withParam(params, 'rport', String(port));
  if (asks || !known) params = withParam(params, 'received', host);
  // A sender has no say in what was received.
  else if (via.has('received')) params = withoutParam(params, 'received');
  if (params === via.params) return request;
  const stamped = new Via(via.transport, via.host, via.port, params);
  const table = stampedTable(headers, via, stamped);
  const end = request.wire.length + table.raw.length - headers.raw.length;
  const wire = end === table.raw.length ? table.raw : table.raw.slice(0, end);
  const { from, to, callId, cseq, cseqMethod, uriText, uri } = request;
  const reading = { via: stamped, from, to, callId, cseq, cseqMethod, headers: table, uriText, uri };
  return new SipRequest(request.method, wire, readRequest, reading);
}

function stampedTable(headers: HeaderTable, via: Via, stamped: Via): HeaderTable {
  const line = headers.find(H.Via);
  // Parameters begin at the first ";" of the line, and stand there as they were read unless the line is folded.
  const from = via.params === '' ? -1 : headers.raw.indexOf(via.params, headers.lineStart(line));
  if (from >= 0 && from + via.params.length <= headers.lineEnd(line)) {
    return headers.withText(line, from, via.params.length, stamped.params);
  }
  const value = headers.valueAt(line);
  const comma = findOutside(value, 44);
  const rest = comma < value.length ? `, ${trim(value, comma + 1)}` : '';
  return headers.withValue(line, `${stamped.toString()}${rest}`);
}

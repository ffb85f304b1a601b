/**
 * Writes into the top Via of a request where it really came from (RFC 3261 §18.2.1, RFC 3581 §4). Almost every request
 * needs it, so the header table is shifted instead of read again.
 */
import { findOutside, trim } from '../grammar/chars.ts';
import { withoutParam, withParam } from '../grammar/params.ts';
import { SipRequest } from './message.ts';
import { H } from './names.ts';
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
  const line = headers.find(H.Via);
  const value = headers.valueAt(line);
  const comma = findOutside(value, 44);
  const rest = comma < value.length ? `, ${trim(value, comma + 1)}` : '';
  const table = headers.withValue(line, ` ${stamped.toString()}${rest}`);
  const end = request.end + table.raw.length - headers.raw.length;
  return new SipRequest(
    request.method,
    request.uriText,
    request.uri,
    table,
    { ...essentials(request), via: stamped },
    end,
  );
}

const essentials = ({ from, to, callId, cseq, cseqMethod }: SipRequest) => ({ from, to, callId, cseq, cseqMethod });

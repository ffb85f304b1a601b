/**
 * Where requests inside a dialog go without another proof. Our mark in Record-Route (dialog-token.ts) says that a dialog
 * was admitted once; the hosts written into it keep whoever has such a mark from reaching anyone else by it.
 */
import { parseNameAddr } from '../sip/grammar/name-addr.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import type { Hop } from '../sip/transport/port.ts';
import { unbracketed } from './nat/addresses.ts';
import type { RequestContext } from './request-context.ts';
import type { Target } from './targets.ts';

/** Between hosts; it stands in no host. */
const BETWEEN = '~';
const HOST = /^[-a-z0-9.:]{1,255}$/;

/**
 * The hosts of both ends of a dialog that this request may begin with `target`, in a form that a URI parameter may have.
 * @param next the URI that it visits first on its way there, by `hop`.
 */
export function dialogEnds({ request, source }: RequestContext, target: Target, hop: Hop, next: SipUri): string {
  let ends = withHost('', hop.host);
  // Who is hidden is reached by the signed way in his Contact; what he believes to be his address is somebody else's.
  if (target.isHidden !== true) ends = withHost(ends, next.host);
  return withCaller(withHost(ends, source.host), request, source.host);
}

/** What begins nothing where there is no dialog: whoever gets it says so (RFC 3261 §12.2.2, RFC 3262, 3311, 6086). */
const FOLLOWS: ReadonlySet<string> = new Set(['ACK', 'BYE', 'PRACK', 'UPDATE', 'INFO']);

/** Whether a request with our mark stays in its dialog: goes to one of ours, or to an end that the mark names. */
export function staysInDialog(context: RequestContext): boolean {
  const { request, domain, uri, routes, dialogEnds: ends, exchange } = context;
  if (FOLLOWS.has(request.method)) return true;
  if (
    routes.length === 0 &&
    (domain !== undefined || (uri.params !== '' && exchange.nat.flows.read(uri) !== undefined))
  )
    return true;
  const next = routes[0] === undefined ? uri : uriOf(routes[0]);
  if (next === undefined) return false;
  const host = plain(next.param('maddr') ?? next.host);
  return `${BETWEEN}${ends}${BETWEEN}`.includes(`${BETWEEN}${host}${BETWEEN}`);
}

/** The end behind the sender: the proxy before him, or his Contact, which most often is where he sends from. */
function withCaller(ends: string, { headers }: SipRequest, from: string): string {
  const route = headers.find(H.RecordRoute);
  const line = route < 0 ? headers.find(H.Contact) : route;
  if (line < 0) return ends;
  const value = headers.valueAt(line);
  if (route < 0 && names(value, from)) return ends;
  const uri = uriOf(value) ?? uriOf(value.split(',', 1)[0] ?? '');
  return uri === undefined ? ends : withHost(ends, uri.host);
}

function withHost(ends: string, host: string): string {
  const added = plain(host);
  if (ends === '') return HOST.test(added) ? added : '';
  if (ends.startsWith(added) && (ends.length === added.length || ends[added.length] === BETWEEN)) return ends;
  return HOST.test(added) && !ends.split(BETWEEN).includes(added) ? `${ends}${BETWEEN}${added}` : ends;
}

/** A look at the text, which is enough for nearly all: the host of this address is `host`. */
function names(address: string, host: string): boolean {
  const at = address.indexOf(host);
  return at > 0 && '@:['.includes(address.charAt(at - 1)) && ':>;]'.includes(address.charAt(at + host.length) || '-');
}

const plain = (host: string): string => unbracketed(host).toLowerCase();

function uriOf(address: string): SipUri | undefined {
  const read = parseNameAddr(address);
  return read.ok && read.value.uri.ok && read.value.uri.value.isSip ? read.value.uri.value : undefined;
}

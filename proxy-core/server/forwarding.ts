/**
 * The copy of a request that goes on to its next hop (RFC 3261 §16.6 steps 1 to 8), who that next hop is, and the copy of
 * a response that goes back (§16.7 step 3).
 */
import { parseNameAddr } from '../sip/grammar/name-addr.ts';
import { parseUri, type SipUri } from '../sip/grammar/uri.ts';
import { editRequest, editResponse } from '../sip/message/edit.ts';
import type { SipRequest, SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { maxForwards, nextVia } from '../sip/message/parse.ts';
import { type Hop, inUri, isSecure } from '../sip/transport/port.ts';
import { dialogEnds } from './dialog-ends.ts';
import { TOKEN_PARAM } from './dialog-token.ts';
import { LOOP_PARAM } from './loop-mark.ts';
import type { Passage } from './nat/passage.ts';
import type { ExchangeParts } from './parts.ts';
import type { RequestContext } from './request-context.ts';
import type { Target } from './targets.ts';

/** Requests that begin a dialog, or may (RFC 6665, RFC 3515). */
const DIALOG_METHODS: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);

/** The first URI to visit on the way to `target`: a Route, or the target itself (§16.6 step 6). */
export function nextHopUri(context: RequestContext, target: Target): SipUri {
  const route = target.path[0] ?? context.routes[0];
  if (route === undefined) return target.uri;
  const address = parseNameAddr(route);
  const uri = parseUri(address.ok ? address.value.uriText : '');
  // The routes step read the first Route already, and the registrar every Path.
  return uri.ok ? uri.value : target.uri;
}

/**
 * What is sent to `target` by way of `hop`; `via` is the topmost Via that the layer below made, `breadth` how many
 * branches may come of it further on (RFC 5393 §5.3.3), `passage` what a NAT makes necessary.
 */
export function forwardedRequest(
  context: RequestContext,
  target: Target,
  hop: Hop,
  via: string,
  breadth: number,
  passage?: Passage,
): SipRequest {
  const { request, exchange } = context;
  const edit = editRequest(request);
  const routes = target.path.length === 0 ? context.routes : [...target.path, ...context.routes];
  const strict = routes.length > 0 && !nextHopUri(context, target).has('lr');
  if (strict || context.routesRewritten) {
    // A strict router wants itself in the Request-URI and the target last in the Route (step 6).
    const values = strict ? [...routes.slice(1), `<${target.uriText}>`] : routes;
    edit.remove(H.Route);
    for (const value of [...values].reverse()) edit.prepend(H.Route, value);
  } else {
    for (let i = 0; i < context.routesTaken; i++) edit.removeFirst(H.Route);
    for (const value of [...target.path].reverse()) edit.prepend(H.Route, value);
  }
  const uri = strict ? nextHopUri(context, target).toString() : requestUri(context, target);
  if (uri !== request.uriText) edit.setUri(uri);
  edit.set(H.MaxForwards, String((maxForwards(request) ?? 71) - 1));
  edit.set(H.MaxBreadth, String(breadth));
  if (context.headerEdits !== undefined) {
    for (const name of context.headerEdits.remove) edit.removeNamed(name);
    for (const [name, value] of context.headerEdits.add) edit.appendNamed(name, value);
  }
  if (target.diverted !== undefined) {
    for (const entry of target.diverted.history) edit.append(H.HistoryInfo, entry);
    for (const entry of target.diverted.diversions) edit.prepend(H.Diversion, entry);
  }
  // Credentials for us are nobody else's business (§22.3); where there are others too, they stay.
  if (context.user !== undefined && request.headers.count(H.ProxyAuthorization) === 1)
    edit.remove(H.ProxyAuthorization);
  if (request.to.tag === undefined && DIALOG_METHODS.has(request.method)) {
    const token = exchange.dialogTokens.make(request, dialogEnds(context, target, hop, nextHopUri(context, target)));
    const inward = recordRoute(context, context.source, token);
    const outward = recordRoute(context, hop, token);
    // Each side comes back on the transport that it can speak (RFC 5658 §5).
    if (inward !== outward) edit.prepend(H.RecordRoute, inward);
    edit.prepend(H.RecordRoute, outward);
  }
  passage?.outgoing(edit);
  return edit.prepend(H.Via, `${via};${LOOP_PARAM}=${exchange.loopMarks.of(request)}`).toMessage();
}

/**
 * Who registered by `sips:` is called by the scheme that the caller used (RFC 5630 §5.3): a dialog that begins by `sip:`
 * promises nobody protected ways, and the caller may have none.
 */
function requestUri({ uri, request }: RequestContext, { binding, uri: contact, uriText }: Target): string {
  const isRaised = binding !== undefined && contact.scheme === 'sips' && uri.scheme !== 'sips';
  return isRaised && request.uri.scheme !== 'sips' ? contact.with({ scheme: 'sip' }).toString() : uriText;
}

/**
 * A response as it goes back to whoever is before us (§16.7 step 3). Undefined where nothing is left that anyone could
 * read: it has no Via but ours, or the next one is spoilt.
 */
export function returnedResponse(response: SipResponse): SipResponse | undefined {
  if (nextVia(response)?.ok !== true) return undefined;
  return editResponse(response).removeFirst(H.Via).toMessage();
}

function recordRoute({ exchange, uri }: RequestContext, hop: Hop, token: string): string {
  if (uri.scheme === 'sips') return secureRecordRoute(exchange, hop, token);
  const { transport, sentBy } = exchange.sentBy(hop);
  const named = transport === 'UDP' ? '' : `;transport=${inUri(transport)}`;
  return `<sip:${sentBy}${named};lr;${TOKEN_PARAM}=${token}>`;
}

/** Where the call began by `sips:`, its whole dialog stays there: also towards one who came in by another way (step 4). */
function secureRecordRoute({ sentBy: own }: ExchangeParts, hop: Hop, token: string): string {
  const towards = isSecure(hop.transport) ? hop : ({ transport: 'TLS', host: hop.host, port: hop.port } as const);
  const { transport, sentBy } = own(towards);
  return `<sips:${sentBy}${transport === 'WSS' ? ';transport=ws' : ''};lr;${TOKEN_PARAM}=${token}>`;
}

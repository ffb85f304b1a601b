/** Takes our own Route away, undoes what a strict router did, and knows dialogs of ours again (RFC 3261 §16.4). */
import { parseNameAddr } from '../../sip/grammar/name-addr.ts';
import { parseUri, type SipUri } from '../../sip/grammar/uri.ts';
import { TOKEN_PARAM } from '../dialog-token.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';

/** Two of ours follow each other where transport or address family changed; more than a few is somebody's game. */
const MAX_OWN_ROUTES = 4;

export const routes: Step = {
  name: 'routes',
  run(context: RequestContext): Outcome {
    const { identity } = context.exchange;
    const fault = undoStrictRouting(context);
    if (fault !== undefined) return fault;
    stripMaddr(context);
    while (context.routes.length > 0 && context.routesTaken < MAX_OWN_ROUTES) {
      const route = parseNameAddr(context.routes[0] ?? '');
      if (!route.ok || !route.value.uri.ok) return answer(400, 'Bad Request - a malformed Route');
      const uri = route.value.uri.value;
      if (!identity.isSelf(uri)) break;
      readToken(context, uri);
      context.routes = context.routes.slice(1);
      context.routesTaken++;
    }
    context.domain = identity.domainOf(context.uri);
    return 'continue';
  },
};

/** A strict router before us put our Record-Route into the Request-URI and the true target last in the Route. */
function undoStrictRouting(context: RequestContext): Outcome | undefined {
  const { uri, routes: values } = context;
  const last = values.at(-1);
  if (last === undefined || !uri.has('lr') || uri.user !== '' || !context.exchange.identity.isSelf(uri))
    return undefined;
  const address = parseNameAddr(last);
  const target = address.ok ? parseUri(address.value.uriText) : address;
  if (!address.ok || !target.ok) return answer(400, 'Bad Request - a malformed Route');
  readToken(context, uri);
  context.uri = target.value;
  context.uriText = address.value.uriText;
  context.routes = values.slice(0, -1);
  context.routesRewritten = true;
  return context.uri.isSip ? undefined : answer(416);
}

/** A maddr that names us has done its work when the request is here. */
function stripMaddr(context: RequestContext): void {
  const maddr = context.uri.param('maddr');
  if (maddr === undefined || !context.exchange.identity.isSelf(context.uri.with({ host: maddr }))) return;
  context.uri = context.uri.withoutParam('maddr').withoutParam('transport').with({ port: undefined });
  context.uriText = context.uri.toString();
}

function readToken(context: RequestContext, uri: SipUri): void {
  const token = uri.param(TOKEN_PARAM);
  // Two of ours in a row carry the same.
  if (token === undefined || context.inDialog) return;
  const ends = context.exchange.dialogTokens.read(token, context.request);
  if (ends === undefined) return;
  context.inDialog = true;
  context.dialogEnds = ends;
}

/**
 * A dialog as data (RFC 3261 §12): made from the messages that begin it, advanced by those that pass in it. Nothing here
 * sends; each function gives the next dialog and leaves the one it was given as it was.
 */
import { type Body, buildRequest, type HeaderLine } from '../message/build.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { H } from '../message/names.ts';
import { parseAddresses } from '../message/parse.ts';

/** One element of the route set, as it stands in Route, and whether its proxy routes loosely (§12.2.1.1). */
export interface RouteStep {
  readonly text: string;
  readonly uri: string;
  readonly loose: boolean;
}

export interface Dialog {
  readonly state: 'early' | 'confirmed';
  readonly callId: string;
  readonly localTag: string;
  /** Empty where the peer gave none (RFC 2543, §12.1.1). */
  readonly remoteTag: string;
  /** Our address with its tag: From of what we send in the dialog. */
  readonly local: string;
  /** The peer's address with its tag: To of what we send. */
  readonly remote: string;
  /** URI at which the peer itself is reached. */
  readonly remoteTarget: string;
  readonly routes: readonly RouteStep[];
  /** CSeq of our last request. */
  readonly localSeq: number;
  /** CSeq of the peer's last request; undefined before the first. */
  readonly remoteSeq: number | undefined;
}

export type Made = { readonly ok: true; readonly dialog: Dialog } | { readonly ok: false; readonly reason: string };

/** Elements beyond this make a route set that no network needs; the message is taken for an attack. */
const MAX_ROUTES = 32;

/**
 * The dialog that a 101–199 or 2xx response to our request begins (§12.1.2). A peer that leaves Contact out, as some do
 * in 18x, is reached by the Request-URI until it tells better.
 */
export function dialogAsCaller(request: SipRequest, response: SipResponse): Made {
  const routes = readRoutes(response);
  if (routes === undefined) return { ok: false, reason: 'a malformed Record-Route in the response' };
  return {
    ok: true,
    dialog: {
      state: response.status >= 200 ? 'confirmed' : 'early',
      callId: request.callId,
      localTag: request.from.tag ?? '',
      remoteTag: response.to.tag ?? '',
      local: request.from.toString(),
      remote: response.to.toString(),
      remoteTarget: readContact(response) ?? request.uriText,
      routes: routes.reverse(),
      localSeq: request.cseq,
      remoteSeq: undefined,
    },
  };
}

/** The dialog that we begin by answering `request` with `localTag` in To (§12.1.1); it needs a Contact to be reached by. */
export function dialogAsCallee(request: SipRequest, localTag: string): Made {
  const routes = readRoutes(request);
  if (routes === undefined) return { ok: false, reason: 'a malformed Record-Route' };
  const target = readContact(request);
  if (target === undefined) return { ok: false, reason: 'no or a malformed Contact' };
  return {
    ok: true,
    dialog: {
      state: 'early',
      callId: request.callId,
      localTag,
      remoteTag: request.from.tag ?? '',
      local: request.to.withoutParam('tag').withParam('tag', localTag).toString(),
      remote: request.from.toString(),
      remoteTarget: target,
      routes,
      localSeq: 0,
      remoteSeq: request.cseq,
    },
  };
}

/**
 * The early dialog after its 2xx, on the side that called: the route set is taken anew from the 2xx (§13.2.2.4), the
 * sequence numbers stay.
 */
export function confirmAsCaller(dialog: Dialog, response: SipResponse): Dialog {
  const routes = readRoutes(response);
  return {
    ...dialog,
    state: 'confirmed',
    remoteTarget: readContact(response) ?? dialog.remoteTarget,
    routes: routes === undefined ? dialog.routes : routes.reverse(),
  };
}

/** On the side that was called, once its 2xx is sent. */
export const confirmAsCallee = (dialog: Dialog): Dialog => ({ ...dialog, state: 'confirmed' });

/** The peer's new Contact out of a target refresh (re-INVITE, UPDATE and 2xx to them, §12.2.1.2, §12.2.2). */
export function refreshTarget(dialog: Dialog, message: SipMessage): Dialog {
  const target = readContact(message);
  return target === undefined || target === dialog.remoteTarget ? dialog : { ...dialog, remoteTarget: target };
}

/** Takes the sequence number of the peer's request. An older one than the last is answered with 500 (§12.2.2). */
export function receiveInDialog(dialog: Dialog, request: SipRequest): Dialog | 'out-of-order' {
  if (request.method === 'ACK' || request.method === 'CANCEL') return dialog;
  if (dialog.remoteSeq !== undefined && request.cseq < dialog.remoteSeq) return 'out-of-order';
  return { ...dialog, remoteSeq: request.cseq };
}

export interface InDialogParts {
  readonly method: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Body | undefined;
}

/** A request still without Via, which is put on by the layer that knows where it leaves from. */
export type Draft = (via: string) => SipRequest;

/** The next request of ours in the dialog (§12.2.1.1), and the dialog with its sequence number taken. */
export function nextRequest(dialog: Dialog, parts: InDialogParts): { readonly dialog: Dialog; readonly draft: Draft } {
  const localSeq = dialog.localSeq + 1;
  return { dialog: { ...dialog, localSeq }, draft: (via) => build(dialog, localSeq, parts, via) };
}

/**
 * The ACK to a 2xx (§13.2.2.4): number and credentials are those of the INVITE, everything else is that of the dialog.
 */
export function ackTo2xx(dialog: Dialog, invite: SipRequest, body?: Body): Draft {
  const headers: HeaderLine[] = [];
  for (const id of [H.Authorization, H.ProxyAuthorization] as const) {
    for (const value of invite.headers.lines(id)) headers.push([id, value]);
  }
  return (via) => build(dialog, invite.cseq, { method: 'ACK', headers, body }, via);
}

function build(dialog: Dialog, cseq: number, parts: InDialogParts, via: string): SipRequest {
  const first = dialog.routes[0];
  const strict = first !== undefined && !first.loose;
  const steps = dialog.routes.map((step) => step.text);
  return buildRequest({
    method: parts.method,
    // A strict router wants to find itself in the Request-URI and the peer at the end of the route (§12.2.1.1).
    uri: strict ? first.uri : dialog.remoteTarget,
    routes: strict ? [...steps.slice(1), `<${dialog.remoteTarget}>`] : steps,
    via,
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    cseq,
    headers: parts.headers ?? [],
    body: parts.body,
  });
}

/** Names a dialog as its side sees it (§12): what is looked up for each request that comes with a tag in To. */
export const dialogKey = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId}\n${localTag}\n${remoteTag}`;

export const keyOf = (dialog: Dialog): string => dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag);

/** The key of the dialog to which the peer's request belongs; undefined for one outside any. */
export const keyOfRequest = (request: SipRequest): string | undefined =>
  request.to.tag === undefined ? undefined : dialogKey(request.callId, request.to.tag, request.from.tag ?? '');

/** Record-Route in the order of the message. */
function readRoutes(message: SipMessage): RouteStep[] | undefined {
  const addresses = parseAddresses(message, H.RecordRoute);
  if (!addresses.ok || addresses.value.length > MAX_ROUTES) return undefined;
  const steps: RouteStep[] = [];
  for (const address of addresses.value) {
    const uri = address.uri;
    if (!uri.ok || !uri.value.isSip) return undefined;
    steps.push({
      text: address.toString(),
      // Parameters that the Request-URI may not have (§19.1.1, "method" and headers) go.
      uri: uri.value.withoutParam('method').with({ headers: '' }).toString(),
      loose: uri.value.has('lr'),
    });
  }
  return steps;
}

function readContact(message: SipMessage): string | undefined {
  const addresses = parseAddresses(message, H.Contact);
  const uri = addresses.ok ? addresses.value[0]?.uri : undefined;
  if (uri?.ok !== true || !uri.value.isSip) return undefined;
  return uri.value.withoutParam('method').with({ headers: '' }).toString();
}

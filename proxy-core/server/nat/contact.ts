/** The Contact of a phone behind a NAT with the way back to it, for the other side to use (see flow-token.ts). */
import { NameAddr, parseNameAddr } from '../../sip/grammar/name-addr.ts';
import { editResponse, type MessageEdit } from '../../sip/message/edit.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { Hop } from '../../sip/transport/port.ts';
import type { RequestContext } from '../request-context.ts';
import { type Target, uriTarget } from '../targets.ts';
import { isNumeric, realmOf, sameAddress } from './addresses.ts';
import { FLOW_PARAM, type FlowTokens } from './flow-token.ts';

/** Responses to these set or refresh the target of a dialog (RFC 3261 §12, RFC 3311, RFC 6665). */
const REFRESHING: ReadonlySet<string> = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

/** `contact` as it was, with the way `hop` added to its URI. */
export function contactWithFlow(contact: NameAddr, hop: Hop, flows: FlowTokens): string {
  const token = flows.make(hop);
  if (token === undefined || !contact.uri.ok) return contact.toString();
  const uri = contact.uri.value.withParam(FLOW_PARAM, token);
  return new NameAddr(contact.displayRaw, uri.toString(), contact.params).toString();
}

/** Adds the way to a target that was reached by `hop` and no other way to the Contact of its response. */
export function revealContact(
  edit: MessageEdit<SipResponse>,
  response: SipResponse,
  hop: Hop,
  flows: FlowTokens,
): void {
  if (response.status <= 100 || response.status >= 300 || !REFRESHING.has(response.cseqMethod)) return;
  const value = response.header(H.Contact);
  const contact = value === undefined ? undefined : parseNameAddr(value);
  if (contact?.ok !== true || !contact.value.uri.ok) return;
  const uri = contact.value.uri.value;
  if (!uri.isSip || uri.has('gr')) return;
  // A public Contact elsewhere is deliberate (see detect.ts).
  if (isNumeric(uri.host) && realmOf(uri.host) === 'public' && !sameAddress(uri.host, hop.host)) return;
  edit.set(H.Contact, contactWithFlow(contact.value, hop, flows));
}

/** A response with the way to whoever sent it in its Contact. */
export function withWay(response: SipResponse, hop: Hop, flows: FlowTokens): SipResponse {
  const edit = editResponse(response);
  revealContact(edit, response, hop, flows);
  return edit.toMessage();
}

/**
 * The target of a request whose Request-URI carries a way of ours, which only those may use who are in a dialog through
 * us or are users of ours (an attended transfer names the Contact of another dialog); undefined without one.
 */
export function flowTarget(context: RequestContext): Target | undefined {
  const { uri, routes, exchange, inDialog, user } = context;
  if (uri.params === '' || routes.length > 0 || !(inDialog || user !== undefined)) return undefined;
  const hop = exchange.nat.flows.read(uri);
  if (hop === undefined) return undefined;
  // The phone gets the Contact back that it gave.
  const plain = uri.withoutParam(FLOW_PARAM);
  const isNated = isNumeric(plain.host) && !(sameAddress(plain.host, hop.host) && (plain.port ?? 5060) === hop.port);
  return { ...uriTarget(plain, plain.toString()), hops: [hop], isHidden: true, isNated };
}

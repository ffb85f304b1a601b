/**
 * Tells a sender behind a NAT from what it says of itself: the sent-by of its Via against the address and port that its
 * message really came from, and a private Contact against a public source (RFC 3581 §4, RFC 5626 §1).
 */
import { type NameAddr, parseNameAddr } from '../../sip/grammar/name-addr.ts';
import type { SipUri } from '../../sip/grammar/uri.ts';
import type { SipMessage } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { Via } from '../../sip/message/via.ts';
import type { Source } from '../../sip/transport/port.ts';
import { isNumeric, isV6, realmOf, sameAddress } from './addresses.ts';

/** What a request tells of its sender. */
export interface Sender {
  /** A NAT stands between him and us. */
  readonly isNated: boolean;
  /** His Contact, where nobody but himself could reach it: requests for it must go the way this one came. */
  readonly hidden: NameAddr | undefined;
}

const OPEN: Sender = { isNated: false, hidden: undefined };

/** Costs next to nothing for a sender who is what he says; undefined knowledge (another proxy between us) counts as open. */
export function senderOf(request: SipMessage, source: Source): Sender {
  const differs = viaDiffers(request.via, source);
  const { headers } = request;
  const line = headers.find(H.Contact);
  const isPlain = !differs && source.transport === 'UDP' && (line < 0 || contactNames(request, line, source));
  if (isPlain || !isDirect(request)) return OPEN;
  const contact = line < 0 ? undefined : parseNameAddr(headers.valueAt(line));
  const uri = contact?.ok === true && contact.value.uri.ok ? contact.value.uri.value : undefined;
  const leadsNowhere = uri !== undefined && contactIsHidden(uri, request.via, source, differs);
  const isNated = differs || (leadsNowhere && (source.transport === 'UDP' || source.transport === 'TCP'));
  // With `ob` it asks for the way that it came by, NAT or not (RFC 5626 §4.3).
  const isHidden = leadsNowhere || (uri?.isSip === true && uri.has('ob') && !uri.has('gr'));
  return isNated || isHidden ? { isNated, hidden: isHidden && contact?.ok ? contact.value : undefined } : OPEN;
}

/** Whether nobody stands between the sender and us: his Via is the only one. */
function isDirect(message: SipMessage): boolean {
  const { headers } = message;
  const first = headers.find(H.Via);
  if (headers.find(H.Via, first + 1) >= 0) return false;
  return headers.valueAt(first).indexOf(',') < 0 || message.list(H.Via).length < 2;
}

/** Whether the topmost Via names another place than the one the message came from. */
export function viaDiffers(via: Via, source: Source): boolean {
  // The usual case first: it is what it says.
  if (via.host === source.host) return portDiffers(via.port, via, source);
  if (!isNumeric(via.host)) return false;
  return !sameAddress(via.host, source.host) || portDiffers(via.port, via, source);
}

/**
 * Another port means a NAT only where the address is public: in one's own network a phone may send from one port and
 * listen on another. Without rport it even says that it does (RFC 3581 §3).
 */
function portDiffers(port: number | undefined, via: Via, source: Source): boolean {
  if (source.transport !== 'UDP' || (port ?? 5060) === source.port) return false;
  return via.has('rport') && !isV6(source.host) && realmOf(source.host) === 'public';
}

/** Whether a Contact leads nowhere from here; `differs` is what `viaDiffers` found. */
function contactIsHidden(contact: SipUri, via: Via, source: Source, differs: boolean): boolean {
  // A GRUU is resolved by its registrar (RFC 5627 §5.1), whatever lies between.
  if (!contact.isSip || contact.has('gr')) return false;
  // A client of WebSocket or TLS accepts no connections: its own is the only way (RFC 7118 §5, RFC 5626 §3).
  if (source.transport !== 'UDP' && source.transport !== 'TCP') return true;
  const { host } = contact;
  if (!isNumeric(host)) return differs;
  if (sameAddress(host, source.host)) return differs || portDiffers(contact.port, via, source);
  // A public Contact elsewhere is deliberate: a server that has its calls answered by another one.
  if (differs) return realmOf(host) !== 'public' || sameAddress(host, via.host);
  return realmOf(host) !== 'public' && realmOf(source.host) === 'public';
}

/** A look at the bytes, without reading the Contact: it plainly is where the message came from. */
function contactNames({ headers }: SipMessage, line: number, { host, port }: Source): boolean {
  const { raw } = headers;
  const end = headers.lineEnd(line);
  const at = raw.indexOf(host, headers.valueStart(line));
  if (at < 0 || at >= end) return false;
  const before = raw.charCodeAt(at - 1);
  // "@", ":" or "[" before it: else it is the tail of a longer address.
  if (before !== 64 && before !== 58 && before !== 91) return false;
  const after = at + host.length;
  if (raw.slice(after, end).includes(';ob')) return false;
  const next = raw.charCodeAt(after);
  if (next === 58) {
    if (realmOf(host) !== 'public') return true;
    const digits = String(port);
    return raw.startsWith(digits, after + 1) && !isDigit(raw.charCodeAt(after + 1 + digits.length));
  }
  // ">" or ";" after it: the usual port. Anything else is for the parser.
  return (next === 62 || next === 59) && (port === 5060 || realmOf(host) !== 'public');
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * Who calls, and by which way the call came here, as a person wants to see it: From, P-Asserted-Identity (RFC 3325),
 * Privacy (RFC 3323), Diversion (RFC 5806), History-Info (RFC 7044), Referred-By (RFC 3892).
 */
import { type NameAddr, parseNameAddr } from '../../../../proxy-core/sip/grammar/name-addr.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { type SipUri, unescapeUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { SipMessage, SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H, type HeaderId } from '../../../../proxy-core/sip/message/names.ts';
import type { CallSnapshot } from '../snapshots.ts';

const MAX_NAME = 200;
/** Entries of one list that are looked at. */
const MAX_ENTRIES = 20;

type Peer = CallSnapshot['peer'];

/** Somebody as people see it; a malformed URI is shown as it is. */
export function peerOf(address: NameAddr): Peer {
  const { uri } = address;
  const number = uri.ok ? toText(uri.value.userDecoded) || toText(uri.value.host) : toText(address.uriText);
  return {
    name: toText(address.display).slice(0, MAX_NAME),
    number: number.slice(0, MAX_NAME),
    uri: toText(address.uriText),
  };
}

/** Whether From names nobody (RFC 3323 §4.1.1.3). */
export function isNobody(address: NameAddr): boolean {
  if (!address.uri.ok) return false;
  const { host, user } = address.uri.value;
  return /^anonymous\.invalid$/i.test(host) || /^anonymous$/i.test(user);
}

export const hidesCaller = (request: SipRequest): boolean =>
  isNobody(request.from) || request.list(H.Privacy).some((list) => /\b(?:id|user)\b/i.test(list));

/**
 * Whom the account's own server says the call is with now: the one who answered, or, after a transfer within the network,
 * somebody new. Undefined where it says nothing, or where the address is not of its own domain.
 */
export function connectedTo(message: SipMessage, isOwn: (uri: SipUri) => boolean): Peer | undefined {
  const asserted = addresses(message, H.PAssertedIdentity).find(({ uri }) => uri.ok && isOwn(uri.value));
  return asserted === undefined || isNobody(asserted) ? undefined : peerOf(asserted);
}

const UNKNOWN: Peer = { name: 'Anonymous', number: '', uri: '' };

/** The caller. What a network asserts is more than what a caller writes, unless the caller asked to be hidden. */
export function callerOf(request: SipRequest): Peer {
  const asserted = addresses(request, H.PAssertedIdentity).find(({ uri }) => uri.ok);
  if (isNobody(request.from)) return UNKNOWN;
  if (asserted === undefined) return peerOf(request.from);
  const peer = peerOf(asserted);
  return peer.name === '' ? { ...peer, name: peerOf(request.from).name } : peer;
}

const DIVERTED: Readonly<Record<string, string>> = {
  'user-busy': 'who was busy',
  '486': 'who was busy',
  'no-answer': 'who did not answer',
  '408': 'who did not answer',
  unavailable: 'who was not available',
  '480': 'who was not available',
  '503': 'who was not available',
  'do-not-disturb': 'who wants no calls now',
  away: 'who is away',
  'out-of-service': 'whose phone is out of order',
};

/** Who led the call here, as one sentence; undefined where it came straight. */
export function detourOf(request: SipRequest): string | undefined {
  const [diversion] = addresses(request, H.Diversion);
  if (diversion !== undefined) {
    return forwarded(diversion, diversion.param('reason')?.replace(/^"|"$/g, '').toLowerCase());
  }
  // The last entry is here; the one before it with another user was called first.
  const history = addresses(request, H.HistoryInfo);
  const here = history.at(-1);
  for (let i = history.length - 2; here !== undefined && i >= 0; i--) {
    const entry = history[i];
    if (entry === undefined || peerOf(entry).number === peerOf(here).number) continue;
    return forwarded(entry, causeOf(entry) ?? causeOf(history[i + 1]));
  }
  const [referrer] = addresses(request, H.ReferredBy);
  return referrer === undefined ? undefined : `Transferred by ${nameOf(referrer)}`;
}

function forwarded(address: NameAddr, cause: string | undefined): string {
  const why = cause === undefined ? undefined : DIVERTED[cause];
  return `Forwarded by ${nameOf(address)}${why === undefined ? '' : `, ${why}`}`;
}

function nameOf(address: NameAddr): string {
  const { name, number } = peerOf(address);
  const plain = (name || number).replace(/\p{Cc}/gu, ' ').trim();
  return plain === '' ? 'somebody' : plain;
}

/** The cause of a retargeting: a parameter of the URI (RFC 4458) or a Reason within it (RFC 7044 §7.1). */
function causeOf(entry: NameAddr | undefined): string | undefined {
  if (entry?.uri.ok !== true) return undefined;
  const { value } = entry.uri;
  return value.param('cause') ?? /cause=(\d{3})\b/.exec(unescapeUri(value.headers))?.[1];
}

const addresses = (message: SipMessage, id: HeaderId): NameAddr[] =>
  message
    .list(id)
    .slice(0, MAX_ENTRIES)
    .flatMap((text) => {
      const read = parseNameAddr(text);
      return read.ok ? [read.value] : [];
    });

/**
 * Whether a call asks to be answered by itself, and after how many seconds: Call-Info and Alert-Info as intercoms write
 * them, or Answer-Mode (RFC 5373).
 */
export function asksForAnswer(request: SipRequest): number | undefined {
  const after = [...request.list(H.CallInfo), ...request.list(H.AlertInfo)]
    .slice(0, MAX_ENTRIES)
    .map((line) => /;\s*(?:answer-after|delay)\s*=\s*"?(\d{1,2})\b/i.exec(line)?.[1])
    .find((seconds) => seconds !== undefined);
  if (after !== undefined) return Number(after);
  const alert = request.list(H.AlertInfo).some((line) => /auto[- ]?answer|\bintercom\b|ring-answer/i.test(line));
  const mode = request.headers.named('Answer-Mode') ?? request.headers.named('Priv-Answer-Mode') ?? '';
  return alert || /^\s*auto\b/i.test(mode) ? 0 : undefined;
}

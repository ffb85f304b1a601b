/** What becomes of an INVITE that begins a call here: refused, rung for, answered at once, or put in place of another call. */
import { dialogAsCallee } from '../../../proxy-core/sip/dialog/dialog.ts';
import { type Replaces, replacesOf } from '../../../proxy-core/sip/dialog/replaces.ts';
import { answerTimer, LEAST } from '../../../proxy-core/sip/dialog/session-timer.ts';
import { toBytes } from '../../../proxy-core/sip/grammar/text.ts';
import { type SipUri, unescapeUri } from '../../../proxy-core/sip/grammar/uri.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import { isSecure } from '../../../proxy-core/sip/transport/port.ts';
import type { CallSettings } from '../../shared/call-settings.ts';
import { checkOffer, readBody } from './call/body.ts';
import type { Call } from './call/call.ts';
import { asksForAnswer, hidesCaller } from './call/caller.ts';
import { acceptSdp } from './call/features.ts';

export interface Refusal {
  readonly status: number;
  readonly headers?: readonly HeaderLine[];
}

export interface Called {
  /** User parts by which this account is called, as binary strings; undefined for all. */
  readonly users: readonly string[] | undefined;
  readonly settings: CallSettings;
  readonly isActive: boolean;
  readonly calls: Iterable<Call>;
}

/** Why an INVITE cannot begin a call here, whatever the person wants; undefined where it may. */
export function refusalOf(
  { request, source }: Pick<ServerTransaction, 'request' | 'source'>,
  { users, settings, isActive, calls }: Called,
): Refusal | undefined {
  const called = unescapeUri(request.uri.user).toLowerCase();
  if (!request.uri.isSip) return { status: 416 };
  // What promises protected ways did not come by one (RFC 5630 §5.1.2.2).
  if (request.uri.scheme === 'sips' && !isSecure(source.transport)) {
    return { status: 480, headers: [[H.Warning, '380 tandem.invalid "SIPS Not Allowed"']] };
  }
  // Calls to nobody in particular come from those who try all addresses of a network.
  if (users?.some((user) => user.toLowerCase() === called) === false) return { status: 404 };
  if (!isActive) return { status: 480 };
  for (const call of calls) {
    const other = call.invitation?.request;
    if (other?.callId !== request.callId || other.from.tag !== request.from.tag) continue;
    // The same INVITE by another way (RFC 3261 §8.2.2.2).
    if (other.cseq === request.cseq) return { status: 482 };
  }
  const body = readBody(request);
  if (!body.ok) return { status: body.status, headers: [acceptSdp] };
  if (body.sdp !== undefined) {
    const offer = checkOffer(body.sdp);
    if (!offer.ok) return { status: offer.status };
  }
  if (!dialogAsCallee(request, 'any').ok) return { status: 400 };
  const timer = answerTimer(request, { expires: settings.sessionSeconds, min: LEAST });
  if (!timer.ok) return { status: 422, headers: timer.headers };
  // RFC 5079.
  return settings.refuseAnonymous && hidesCaller(request) ? { status: 433 } : undefined;
}

/** Whether an INVITE begins a dialog on protected ways (RFC 3261 §12.1.1). */
export function isSecureDialog(request: SipRequest): boolean {
  const [route] = request.list(H.RecordRoute);
  const way = route ?? request.header(H.Contact) ?? '';
  return request.uri.scheme === 'sips' || /^[^<]*<\s*sips:|^\s*sips:/i.test(way);
}

/**
 * Whether an INVITE takes the place of the one that a call rings for: it came again by another connection of ours, since
 * the first is gone (RFC 5626 §5.3), or its caller had to send it anew.
 */
export function isAgain(first: ServerTransaction | undefined, { request, source }: ServerTransaction): boolean {
  if (first === undefined || first.request.callId !== request.callId) return false;
  if (first.request.from.tag !== request.from.tag) return false;
  const { cseq } = first.request;
  return request.cseq > cseq || (request.cseq === cseq && source.flow !== first.source.flow);
}

export type Replacing = { readonly call: Call | undefined } | { readonly refuse: Refusal };

/** The call that an INVITE wants to take the place of (RFC 3891 §3); none where it wants no such thing. */
export function replacedBy(request: SipRequest, calls: Iterable<Call>, { replaceable }: CallSettings): Replacing {
  const replaces = replacesOf(request);
  if (replaces === undefined) return { call: undefined };
  if (replaces === 'malformed') return { refuse: { status: 400 } };
  for (const call of calls) {
    const named = call.isNamedBy(replaces);
    if (named === undefined) continue;
    if (!replaceable) return { refuse: { status: 403 } };
    if (named === 'over') return { refuse: { status: 603 } };
    if (named === 'answered' && isEarlyOnly(replaces)) return { refuse: { status: 486 } };
    return { call };
  }
  return { refuse: { status: 481 } };
}

const isEarlyOnly = ({ earlyOnly }: Replaces): boolean => earlyOnly;

/** Seconds that an intercom call rings at least: nobody is listened to without warning. */
const HEARD_FIRST = 1;

/** Milliseconds after which a call is answered by itself; undefined where the person answers. */
export function answersItself(
  request: SipRequest,
  { autoAnswer }: CallSettings,
  isOwn: (uri: SipUri) => boolean,
): number | undefined {
  const asked = asksForAnswer(request);
  if (autoAnswer === 'always') return (asked ?? 0) * 1_000;
  const { uri } = request.from;
  if (autoAnswer !== 'intercom' || asked === undefined || !uri.ok || !isOwn(uri.value)) return undefined;
  return Math.max(asked, HEARD_FIRST) * 1_000;
}

export const usersOf = (user: string, number: string): readonly string[] => [unescapeUri(user), toBytes(number.trim())];

/** What this phone takes and can do in a call, as its messages say it (RFC 3261 §8.2, §20.5, §20.37, §20.43). */
import { RELIABLE } from '../../../../proxy-core/sip/dialog/reliable.ts';
import { TIMER } from '../../../../proxy-core/sip/dialog/session-timer.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { CallSettings } from '../../../shared/call-settings.ts';
import type { CallEffect } from './types.ts';

export const allow: HeaderLine = [
  H.Allow,
  'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, MESSAGE',
];
/** INFO that tells candidates: its package and option tag, and what it carries (RFC 8840 §10). */
export const TRICKLE = 'trickle-ice';
export const CANDIDATES = 'application/trickle-ice-sdpfrag';
export const acceptSdp: HeaderLine = [H.Accept, 'application/sdp'];

/** The extensions that are understood, by their option tags. */
export const extensions = ({ reliable, ice }: CallSettings): readonly string[] => [
  ...(reliable === 'off' ? [] : [RELIABLE]),
  ...[TIMER, 'replaces', 'norefersub'],
  ...(ice === 'never' ? [] : [TRICKLE]),
];

/** What is taken and understood, for whatever begins or changes a call. */
export const abilities = (settings: CallSettings): readonly HeaderLine[] => [
  allow,
  [H.Supported, extensions(settings).join(', ')],
  ...(settings.ice === 'never' ? [] : [[H.RecvInfo, TRICKLE] as const]),
];

/** Tells the peer's people what was wrong. */
export const warning = (reason: string): HeaderLine => [
  H.Warning,
  `399 tandem.invalid "${reason.replace(/[^\x20-\x7e]|["\\]/g, ' ')}"`,
];

/** Known, but nothing of this kind is done here. */
const REFUSED = ['SUBSCRIBE', 'PUBLISH', 'REGISTER'];

/**
 * What is answered to a request that changes nothing in a call (§11.2, RFC 6086). `early`: our INVITE is not answered yet,
 * or theirs; changes of the session must wait.
 */
export function replyToOther(transaction: ServerTransaction, when: 'early' | 'confirmed'): CallEffect {
  const reply = (status: number, headers: readonly HeaderLine[] = []): CallEffect => ({
    do: 'reply',
    transaction,
    status,
    headers,
  });
  const { request } = transaction;
  switch (request.method) {
    case 'OPTIONS':
      return reply(200, [allow, acceptSdp]);
    case 'INFO':
      // A package that was not agreed upon (RFC 6086 §4.2.2); the older use without one is taken and passed over.
      return request.headers.named('Info-Package') === undefined ? reply(200) : reply(469, [[H.RecvInfo, '']]);
    case 'INVITE':
    case 'UPDATE':
      return when === 'early' ? reply(491) : reply(500, [[H.RetryAfter, '3']]);
    case 'PRACK':
    case 'NOTIFY':
      // Nothing of ours was sent reliably, and nothing is subscribed to.
      return reply(481);
    case 'REFER':
      return reply(403);
    case 'BYE':
      return reply(when === 'early' ? 481 : 200);
    default:
      return REFUSED.includes(request.method) ? reply(405, [allow]) : reply(501, [allow]);
  }
}

/** Requests that change nothing in a call, and what is answered to them (RFC 3261 §8.2, §11.2; RFC 6086; RFC 3311 §5.2). */
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import type { CallEffect } from './call-types.ts';

/** What this phone takes (§20.5). */
export const ALLOWED = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE';
export const allow: HeaderLine = [H.Allow, ALLOWED];
export const acceptSdp: HeaderLine = [H.Accept, 'application/sdp'];

/** Known, but nothing of this kind is done here. */
const REFUSED = ['MESSAGE', 'REFER', 'SUBSCRIBE', 'PUBLISH', 'REGISTER'];

/** `early`: our INVITE is not answered yet, or theirs; changes of the session must wait. */
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
      return request.headers.named('Info-Package') === undefined ? reply(200) : reply(469, [['Recv-Info', '']]);
    case 'INVITE':
    case 'UPDATE':
      return when === 'early' ? reply(491) : reply(500, [[H.RetryAfter, '3']]);
    case 'PRACK':
    case 'NOTIFY':
      // Nothing of ours was sent reliably, and nothing is subscribed to.
      return reply(481);
    case 'BYE':
      return reply(when === 'early' ? 481 : 200);
    default:
      return REFUSED.includes(request.method) ? reply(405, [allow]) : reply(501, [allow]);
  }
}

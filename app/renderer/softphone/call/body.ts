/** What the bodies of call messages say, as far as the call itself must know (RFC 3261 §20.15, RFC 3264). */

import type { SipMessage } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { parseDescription, receives } from '../../../../proxy-core/sip/sdp/index.ts';

export type ReadBody =
  | { readonly ok: true; readonly sdp: string | undefined }
  /** 415 for a body that is no SDP. */
  | { readonly ok: false; readonly status: 400 | 415 };

/** The description in a message; a multipart body or another encoding is more than a phone of this kind takes. */
export function readBody(message: SipMessage): ReadBody {
  if (message.body === '') return { ok: true, sdp: undefined };
  const type = message.header(H.ContentType)?.split(';')[0]?.trim().toLowerCase();
  const encoding = message.header(H.ContentEncoding)?.trim().toLowerCase() ?? 'identity';
  if (type === undefined) return { ok: false, status: 400 };
  if (type === 'application/sdp' && encoding === 'identity') return { ok: true, sdp: message.body };
  // A body that may be passed over does not matter (§20.11).
  const optional = /;\s*handling\s*=\s*optional\b/i.test(message.header(H.ContentDisposition) ?? '');
  return optional ? { ok: true, sdp: undefined } : { ok: false, status: 415 };
}

export const sdpOf = (message: SipMessage): string | undefined => {
  const body = readBody(message);
  return body.ok ? body.sdp : undefined;
};

export type CheckedOffer =
  | { readonly ok: true; readonly held: boolean }
  | { readonly ok: false; readonly status: 400 | 488; readonly reason: string };

/** Whether an offer can be understood and has sound in it, and whether its writer does not want to hear us (hold). */
export function checkOffer(sdp: string): CheckedOffer {
  const parsed = parseDescription(sdp);
  if (!parsed.ok) return { ok: false, status: parsed.error.status, reason: parsed.error.reason };
  const { audio } = parsed.value;
  if (audio === undefined) return { ok: false, status: 488, reason: 'No audio over plain RTP is offered' };
  return { ok: true, held: !receives(audio.direction) };
}

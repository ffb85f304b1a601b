/** The body of a request as it was before it was packed (RFC 3261 §20.12), of a bounded length. */
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { type Answer, answer } from '../answer.ts';

const encodings = ['deflate', 'gzip'] as const;

/** Unpacks bytes to no more than `limit` of them. A port. */
export type Unpack = (
  bytes: string,
  encoding: (typeof encodings)[number],
  limit: number,
) => { readonly ok: true; readonly bytes: string } | { readonly ok: false; readonly isTooLong: boolean };

export function contentOf(request: SipRequest, limit: number, unpack: Unpack): string | Answer {
  const { body } = request;
  if (body.length > limit) return answer(413);
  const packed = request.header(H.ContentEncoding)?.trim().toLowerCase() ?? 'identity';
  if (packed === 'identity') return body;
  const encoding = encodings.find((one) => one === packed);
  if (encoding === undefined)
    return answer(415, undefined, [[H.AcceptEncoding, ['identity', ...encodings].join(', ')]]);
  const unpacked = unpack(body, encoding, limit);
  if (unpacked.ok) return unpacked.bytes;
  return unpacked.isTooLong ? answer(413) : answer(400, 'Bad Request - a body that cannot be unpacked');
}

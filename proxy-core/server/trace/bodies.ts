/** One kind of body in a message: alone, or a part of several (RFC 3261 §7.4, RFC 2046 §5.1). */
import type { SipMessage } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';

const MOST_PARTS = 16;

/** @param type in lower case. @returns undefined where the message has none, or none that is not encoded. */
export function bodyOf(message: SipMessage, type: string): string | undefined {
  const { body } = message;
  const given = message.header(H.ContentType);
  if (body === '' || given === undefined || message.headers.find(H.ContentEncoding) >= 0) return undefined;
  const name = given.toLowerCase();
  if (name.startsWith(type)) return body;
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(given);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (!name.startsWith('multipart/') || mark === undefined) return undefined;
  for (const part of body.split(`--${mark}`, MOST_PARTS)) {
    const end = part.indexOf('\r\n\r\n');
    if (end < 0 || !/\ncontent-type[ \t]*:/i.test(part)) continue;
    const found = /\ncontent-type[ \t]*:[ \t]*([^\s;]+)/i.exec(part.slice(0, end))?.[1]?.toLowerCase();
    if (found === type) return part.slice(end + 4).replace(/\r\n$/, '');
  }
  return undefined;
}

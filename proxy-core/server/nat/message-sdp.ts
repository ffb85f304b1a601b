/** The session description in a message: alone, or one part of several (RFC 3261 §7.4, RFC 5621, RFC 2046 §5.1). */
import type { MessageEdit } from '../../sip/message/edit.ts';
import type { SipMessage } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { SdpBody } from './sdp-body.ts';

export interface MessageSdp {
  readonly sdp: SdpBody;
  /** Puts `text` in its place. */
  replace<M extends SipMessage>(edit: MessageEdit<M>, text: string): void;
}

/** Undefined where there is none, or none that can be read (an encoding, an encryption). */
export function messageSdp(message: SipMessage): MessageSdp | undefined {
  const { body } = message;
  if (body === '') return undefined;
  const type = message.header(H.ContentType);
  if (type === undefined || message.headers.find(H.ContentEncoding) >= 0) return undefined;
  const name = type.toLowerCase();
  const place = name.startsWith('application/sdp')
    ? [0, body.length]
    : name.startsWith('multipart/')
      ? partIn(type, body)
      : undefined;
  if (place === undefined) return undefined;
  const [from = 0, to = 0] = place;
  const sdp = SdpBody.parse(body.slice(from, to));
  if (sdp === undefined) return undefined;
  return {
    sdp,
    replace: (edit, text) => void edit.setBody(type, body.slice(0, from) + text + body.slice(to)),
  };
}

/** Where the description stands among the parts. */
function partIn(type: string, body: string): readonly [number, number] | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  if (mark === '--') return undefined;
  let at = body.indexOf(mark);
  for (let left = 16; at >= 0 && left > 0; left--) {
    const next = body.indexOf(`\r\n${mark}`, at + mark.length);
    const start = body.indexOf('\r\n\r\n', at);
    if (next < 0 || start < 0) return undefined;
    const head = body.slice(at, start).toLowerCase();
    if (start < next && head.includes('\r\ncontent-type: application/sdp') && !head.includes('content-encoding')) {
      return [start + 4, next];
    }
    at = next + 2;
  }
  return undefined;
}

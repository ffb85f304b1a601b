/** Reads SDP text within limits: checks the lines itself, then lets sdp-transform take them apart (RFC 4566 §5). */
import { parse } from 'sdp-transform';
import { fail, ok, type Result } from '../grammar/result.ts';

/** Why a description cannot be used; `offset` counts characters from the start of the text. */
export interface SdpError {
  readonly status: 400 | 488;
  readonly reason: string;
  readonly offset: number;
}

export type RawSession = ReturnType<typeof parse>;
export type RawMedia = RawSession['media'][number];

const MAX_TEXT = 32 * 1024;
const MAX_LINES = 600;
const MAX_LINE = 2048;
const MAX_MEDIA = 16;
const MAX_FORMATS = 64;

const LINE = /^[a-z]=/;
const MEDIA_LINE = /^m=[\w.-]{1,32} \d{1,5} [\w/.-]{1,64}( [\w.+*-]{1,32})+ *$/;

export const sdpError = (reason: string, status: 400 | 488 = 400, offset = 0): { ok: false; error: SdpError } =>
  fail({ status, reason, offset });

function hasControl(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** Gives the description as sdp-transform models it, with every m= line known to be well formed. Never throws. */
export function readSdp(text: string): Result<RawSession, SdpError> {
  if (text.length > MAX_TEXT) return sdpError('The session description is too long', 400, MAX_TEXT);
  let offset = 0;
  let media = 0;
  let count = 0;
  let sawVersion = false;
  for (const line of text.split('\n')) {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content !== '') {
      if (++count > MAX_LINES) return sdpError('The session description has too many lines', 400, offset);
      if (content.length > MAX_LINE) return sdpError('A line of the session description is too long', 400, offset);
      if (!LINE.test(content) || hasControl(content)) {
        return sdpError('The session description has a malformed line', 400, offset);
      }
      if (count === 1) sawVersion = content === 'v=0';
      if (content.startsWith('m=')) {
        if (++media > MAX_MEDIA) return sdpError('The session description has too many m= lines', 400, offset);
        if (!MEDIA_LINE.test(content) || content.split(' ').length > MAX_FORMATS + 3) {
          return sdpError('The session description has a malformed m= line', 400, offset);
        }
      }
    }
    offset += line.length + 1;
  }
  if (!sawVersion) return sdpError('The session description does not start with v=0');
  let session: RawSession;
  try {
    session = parse(text);
  } catch {
    return sdpError('The session description cannot be read');
  }
  const wellFormed = session.media.every((line) => line.type !== undefined && line.port <= 65535);
  return session.media.length === media && wellFormed
    ? ok(session)
    : sdpError('The session description has a bad port');
}

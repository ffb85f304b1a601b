/** Candidates that come after their description: the fragments of SDP that INFO carries, read within limits and written (RFC 8840 §9). */
import { ok, type Result } from '../grammar/result.ts';
import {
  candidateLines,
  hasEnded,
  type IceCandidate,
  type LocalIce,
  readCandidates,
  readCredentials,
  readMid,
} from './ice.ts';
import { readSdp, type SdpError, sdpError } from './read.ts';

export interface Fragment {
  /** Of the description that it belongs to: another one, or an ICE restart, has others. */
  readonly ufrag: string;
  readonly password: string;
  readonly candidates: readonly IceCandidate[];
  /** There are no more than those told so far. */
  readonly ended: boolean;
}

/** No fragment that names forty candidates is longer. */
const MAX_TEXT = 8 * 1024;

/**
 * What a peer's fragment says of the line that is called `mid`: no candidates where it speaks of others. 400 where it is
 * broken, or does not say which description it belongs to. Never throws.
 */
export function readFragment(text: string, mid: string): Result<Fragment, SdpError> {
  if (text.length > MAX_TEXT) return sdpError('The candidates take too much room', 400, MAX_TEXT);
  const read = readSdp(`v=0\r\n${text}`);
  if (!read.ok) return read;
  const session = read.value;
  const line = session.media.find((raw) => readMid(raw) === mid);
  const who = readCredentials(session, line ?? session.media[0]);
  if (who === undefined) return sdpError('The candidates do not say what they belong to');
  return ok({ ...who, candidates: line ? readCandidates(line) : [], ended: hasEnded(session, line) });
}

/** All candidates of ours so far: whoever misses one fragment has them from the next (§4.4). */
export const writeFragment = (
  ice: Pick<LocalIce, 'ufrag' | 'password' | 'candidates' | 'ended'>,
  mid: string,
): string =>
  [
    `a=ice-pwd:${ice.password}`,
    `a=ice-ufrag:${ice.ufrag}`,
    // Stands for the line that has this name; the rest of it means nothing (§9.2).
    'm=audio 9 RTP/AVP 0',
    `a=mid:${mid}`,
    ...candidateLines(ice),
    '',
  ].join('\r\n');

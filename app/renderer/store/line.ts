/** Which call the line is about, and what is said of it: the one that most wants the person's attention. */
import type { CallSnapshot, CallState } from './types.ts';
import { clause } from './words.ts';

const ATTENTION: Readonly<Record<CallState, number>> = {
  incoming: 5,
  active: 4,
  connecting: 3,
  ringing: 2,
  calling: 1,
  ended: 0,
};

export const isLive = (call: CallSnapshot): boolean => call.state !== 'ended';

/** The live call to show first, or none. Of two alike the newer one. */
export function foremostCall(calls: readonly CallSnapshot[]): CallSnapshot | undefined {
  let best: CallSnapshot | undefined;
  for (const call of calls) {
    if (!isLive(call)) continue;
    if (!best || rank(call, best) > 0) best = call;
  }
  return best;
}

function rank(call: CallSnapshot, other: CallSnapshot): number {
  return attention(call) - attention(other) || call.startedAt - other.startedAt;
}

/** A call on hold waits behind one that is talked in, but before one that rings elsewhere. */
const attention = (call: CallSnapshot): number => (call.held && call.state === 'active' ? 2.5 : ATTENTION[call.state]);

/** The text of the line in parts, since the name in it may run from right to left. */
export interface LineText {
  readonly before: string;
  readonly withPeer: boolean;
  readonly after: string;
}

/** `justEnded` is shown only while no call is live. */
export function lineText(live: CallSnapshot | undefined, justEnded: CallSnapshot | undefined): LineText {
  if (!live) {
    if (!justEnded) return { before: 'Idle', withPeer: false, after: '' };
    const why = justEnded.notice ? `: ${clause(justEnded.notice)}` : '';
    return { before: `Call ended${why}`, withPeer: false, after: '' };
  }
  switch (live.state) {
    case 'calling':
      return { before: 'Calling ', withPeer: true, after: '…' };
    case 'ringing':
      return { before: 'Ringing ', withPeer: true, after: '…' };
    case 'incoming':
      return { before: 'Incoming call from ', withPeer: true, after: '' };
    case 'connecting':
      return { before: 'Connecting to ', withPeer: true, after: '…' };
    case 'active':
      if (live.reconnecting !== undefined) return { before: 'Reconnecting to ', withPeer: true, after: '…' };
      return { before: 'In a call with ', withPeer: true, after: holdWords(live) };
    case 'ended':
      return { before: 'Call ended', withPeer: false, after: '' };
  }
}

function holdWords({ held, heldByPeer, inConference }: CallSnapshot): string {
  if (held) return heldByPeer ? ', on hold by both sides' : ', on hold';
  if (heldByPeer) return ', on hold by them';
  return inConference ? ' and others' : '';
}

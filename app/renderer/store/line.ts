/** Which call the line is about, and what is said of it: the one that most wants the person's attention. */
import { t } from '@lingui/core/macro';
import { said } from '../../words/said.ts';
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
    if (!justEnded) return alone(t`Idle`);
    return alone(justEnded.notice ? t`Call ended: ${clause(said(justEnded.notice))}` : t`Call ended`);
  }
  switch (live.state) {
    case 'calling':
      return around(t`Calling ${PEER}…`);
    case 'ringing':
      return around(t`Ringing ${PEER}…`);
    case 'incoming':
      return around(t`Incoming call from ${PEER}`);
    case 'connecting':
      return around(t`Connecting to ${PEER}…`);
    case 'active':
      return around(live.reconnecting === undefined ? talkingWords(live) : t`Reconnecting to ${PEER}…`);
    case 'ended':
      return alone(t`Call ended`);
  }
}

/** Stands for the name until the sentence is cut there: each language puts it where it belongs. */
const PEER = '\u0000';

const alone = (before: string): LineText => ({ before, withPeer: false, after: '' });

function around(sentence: string): LineText {
  const [before = '', after = ''] = sentence.split(PEER);
  return { before, withPeer: true, after };
}

function talkingWords({ held, heldByPeer, inConference }: CallSnapshot): string {
  if (held) return heldByPeer ? t`In a call with ${PEER}, on hold by both sides` : t`In a call with ${PEER}, on hold`;
  if (heldByPeer) return t`In a call with ${PEER}, on hold by them`;
  return inConference ? t`In a call with ${PEER} and others` : t`In a call with ${PEER}`;
}

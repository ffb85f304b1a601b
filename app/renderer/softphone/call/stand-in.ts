/** A call that goes on in another dialog, since nobody answers in the one it had: INVITE with Replaces (RFC 3891 §4). */
import type { Dialog } from '../../../../proxy-core/sip/dialog/dialog.ts';
import type { Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import { parseNameAddr } from '../../../../proxy-core/sip/grammar/name-addr.ts';
import type { CallSnapshot } from '../snapshots.ts';
import { isNobody } from './caller.ts';
import type { CallFacts } from './types.ts';

/** What stays the same for the person. */
export type Continued = Pick<CallSnapshot, 'startedAt' | 'direction' | 'digits'> & {
  readonly answeredAt: number | undefined;
};

export interface StandInParts {
  /** Address of the other side. */
  readonly uri: string;
  readonly who: string;
  readonly replaces: Replaces;
  readonly peer: CallSnapshot['peer'];
  readonly continues: Continued;
}

/** How the other side of a broken call is called anew; undefined where it has no address. */
export function standInFor(
  { callId, localTag, remoteTag, remote, remoteTarget }: Dialog,
  { who, answeredAt }: CallFacts,
  { startedAt, direction, digits, peer }: CallSnapshot,
): StandInParts | undefined {
  const address = parseNameAddr(remote);
  if (!address.ok || !address.value.uri.ok || isNobody(address.value)) return undefined;
  const replaces = { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false };
  const { uriText } = address.value;
  // Whoever called on protected ways may be known by a plain address.
  const uri = /^sips:/i.test(remoteTarget) ? uriText.replace(/^sip:/i, 'sips:') : uriText;
  return { uri, who, peer, replaces, continues: { startedAt, direction, digits, answeredAt } };
}

/**
 * The dialogs that one INVITE of ours began: a proxy may fork it, and each phone that rings answers with a tag of its own
 * (RFC 3261 §12.1.2, §13.2.2.4).
 */
import type { SipRequest, SipResponse } from '../message/message.ts';
import { confirmAsCaller, type Dialog, dialogAsCaller } from './dialog.ts';

/** By the peer's tag. */
export type Forks = ReadonlyMap<string, Dialog>;

export const noForks: Forks = new Map();

/** More phones than this behind one number are not told apart while they ring: their 18x are left aside. */
const MAX_FORKS = 64;

export type ForkStep =
  | { readonly ok: true; readonly forks: Forks; readonly dialog: Dialog; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: string };

/**
 * Takes a 101–199 or 2xx response: makes the early dialog of its tag, keeps the one that is there, or confirms it. A
 * second 2xx of a dialog that is confirmed already is a retransmission and changes nothing.
 */
export function takeFork(forks: Forks, invite: SipRequest, response: SipResponse): ForkStep {
  const tag = response.to.tag ?? '';
  const known = forks.get(tag);
  const final = response.status >= 200;
  if (known !== undefined && (known.state === 'confirmed' || !final)) {
    return { ok: true, forks, dialog: known, isNew: false };
  }
  if (known === undefined && !final && forks.size >= MAX_FORKS) return { ok: false, reason: 'too many forks' };
  if (known !== undefined) {
    const dialog = confirmAsCaller(known, response);
    return { ok: true, forks: new Map(forks).set(tag, dialog), dialog, isNew: false };
  }
  const made = dialogAsCaller(invite, response);
  if (!made.ok) return made;
  return { ok: true, forks: new Map(forks).set(tag, made.dialog), dialog: made.dialog, isNew: true };
}

/** A message that the window wants to be sent, read and looked at before anything is done with it. */
import type { SipMessage } from '../../../proxy-core/sip/message/message.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import type { Descriptions } from './descriptions.ts';

export type WindowMessage =
  | { readonly ok: true; readonly message: SipMessage }
  | { readonly ok: false; readonly reason: string };

const MAX_MESSAGE = 65_535;

export function readWindowMessage(wire: string, descriptions: Descriptions): WindowMessage {
  if (typeof wire !== 'string' || wire.length > MAX_MESSAGE) return { ok: false, reason: 'The message is too large.' };
  const parsed = parseMessage(wire);
  if (!parsed.ok) return { ok: false, reason: `The message cannot be read: ${parsed.error.reason}.` };
  if (!descriptions.mayLeave(parsed.value)) {
    return { ok: false, reason: 'The message describes sound that this phone does not have.' };
  }
  return { ok: true, message: parsed.value };
}

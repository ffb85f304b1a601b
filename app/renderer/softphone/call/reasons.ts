/** Why a call ended or came to nothing, as one sentence: Reason (RFC 3326, RFC 6432) with the causes of ISDN (Q.850). */
import { getParam } from '../../../../proxy-core/sip/grammar/params.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { callFailure } from '../status-words.ts';

interface Reason {
  readonly protocol: string;
  readonly cause: number;
  readonly text: string;
}

const TAKEN = /elsewhere/i;
const MAX_REASONS = 8;
const MAX_TEXT = 80;

/** The values of Reason headers; what cannot be read is left out. */
function readReasons(lines: readonly string[]): Reason[] {
  return lines.slice(0, MAX_REASONS).flatMap((line) => {
    const [, protocol = '', params = ''] = /^\s*([\w.-]{1,20})\s*((?:;.*)?)$/.exec(line) ?? [];
    const cause = Number(getParam(params, 'cause') ?? 'none');
    if (protocol === '' || !Number.isInteger(cause)) return [];
    const text = toText(getParam(params, 'text') ?? '').replace(/^"|"$/g, '');
    const plain = text
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, MAX_TEXT);
    return [{ protocol: protocol.toUpperCase(), cause, text: plain }];
  });
}

/** Causes that say more than the SIP status beside them. */
const Q850: Readonly<Record<number, string>> = {
  1: 'The number is not in use.',
  2: 'The call could not be led to the network of this number.',
  3: 'There is no way to this number.',
  17: 'The number is busy.',
  18: 'Nobody answered.',
  19: 'Nobody answered.',
  20: 'The phone of this number is switched off or out of reach.',
  21: 'The call was declined.',
  22: 'The number has changed.',
  23: 'The call was redirected to a number that cannot be reached.',
  26: 'Another phone took the call.',
  27: 'The line of this number is out of order.',
  28: 'The number is not complete.',
  29: 'The network of this number refused a service that the call needs.',
  34: 'All lines are taken now.',
  38: 'The network is out of order.',
  41: 'The network had a passing fault.',
  42: 'The network is too busy now.',
  44: 'The line that was asked for is not free.',
  47: 'The network had no room for this call.',
  50: 'This service is not part of the contract.',
  55: 'Calls from this group of numbers are not let in.',
  57: 'This kind of call is not allowed for this number.',
  58: 'This kind of call is not possible now.',
  63: 'This service is not available.',
  65: 'The network does not carry this kind of call.',
  79: 'The network does not know this service.',
  87: 'You are not a member of this closed group.',
  88: 'The phone of this number cannot take this kind of call.',
  102: 'The network waited too long for an answer.',
  111: 'The networks did not understand each other.',
};

const inWords = (reasons: readonly Reason[]): string | undefined => {
  for (const { protocol, cause } of reasons) {
    if (protocol === 'Q.850' && Q850[cause] !== undefined) return Q850[cause];
  }
  return undefined;
};

/** Why a call from here was refused with `status`. What answered `who` says itself is better than a cause of the network. */
export function failureReason(
  status: number,
  lines: readonly string[],
  who: string,
  warnings: readonly string[] = [],
): string {
  // RFC 5630 §5.3, §6.
  if (status === 480 && warnings.some((warning) => /^\s*380\b/.test(warning)))
    return `${who} cannot be reached on ways that are protected all along; with sip: in place of sips: the call may go through.`;
  if (status === 480 && warnings.some((warning) => /^\s*381\b/.test(warning)))
    return `${who} takes calls on protected ways only: call with sips: in place of sip:.`;
  const sure = status === 486 || status === 600 || status === 603 || status === 401 || status === 407;
  return (sure ? undefined : inWords(readReasons(lines))) ?? callFailure(status, who);
}

/** Why an answered call was ended by the other side. */
export function byeReason(lines: readonly string[]): string {
  const reasons = readReasons(lines);
  const words = inWords(reasons);
  if (words !== undefined) return `The call was ended: ${words}`;
  // As phones say it whose call another one took the place of.
  const isTaken = reasons.some(({ protocol, cause, text }) => protocol === 'SIP' && cause === 200 && TAKEN.test(text));
  if (isTaken) return 'The call goes on at another phone.';
  const odd = reasons.find(
    ({ protocol, cause, text }) =>
      text !== '' && !(protocol === 'Q.850' && [16, 31, 127].includes(cause)) && cause !== 200,
  );
  return odd === undefined ? 'The other side hung up.' : `The call was ended: ${odd.text}.`;
}

/** Why an incoming call stopped ringing, by the Reason of its CANCEL. */
export function cancelReason(lines: readonly string[]): string {
  for (const { protocol, cause } of readReasons(lines)) {
    if (protocol === 'Q.850' && cause === 26) return 'Answered on another device.';
    if (protocol !== 'SIP') continue;
    if (cause === 200) return 'Answered on another device.';
    if (cause >= 600 && cause < 610) return 'Declined on another device.';
  }
  return 'The caller hung up.';
}

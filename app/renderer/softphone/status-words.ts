/** SIP status codes as one sentence for a person (RFC 3261 §21). */
import { deltaSeconds } from '../../../proxy-core/sip/message/parse.ts';

/** Why a call to `who` (a number or a name) came to nothing. */
export function callFailure(status: number, who: string): string {
  return (callWords[status] ?? classWords(status)).replace('{who}', who);
}

const callWords: Readonly<Record<number, string>> = {
  400: 'The server could not understand the call.',
  401: 'The server refused the password of this account.',
  402: 'The server asks to be paid for this call.',
  403: 'The server does not allow this call.',
  404: 'There is no such number: {who}.',
  405: 'The other side cannot take calls.',
  406: 'The other side cannot take this kind of call.',
  407: 'The server refused the password of this account.',
  408: '{who} could not be reached: no answer came in time.',
  410: '{who} is no longer there.',
  413: 'The call was refused because its set-up was too large.',
  414: 'The address is too long.',
  415: 'The other side does not understand the kind of sound that was offered.',
  416: 'The server cannot call this kind of address.',
  420: 'The other side lacks something that this call needs.',
  421: 'The other side asks for something that Tandem does not have.',
  423: 'The server asks for other times than Tandem can give.',
  430: '{who} could not be reached: its connection was lost.',
  433: 'Anonymous calls are not taken by {who}.',
  480: '{who} is not available now.',
  481: 'The call was no longer known to the server.',
  482: 'The call went round in a circle and was stopped.',
  483: 'The call passed too many servers and was stopped.',
  484: 'The number {who} is not complete.',
  485: 'Several people answer to {who}.',
  486: '{who} is busy.',
  487: 'The call was cancelled.',
  488: 'No kind of sound is shared with the other side.',
  491: 'The other side was busy with another change of this call.',
  493: 'The other side could not decrypt the call.',
  500: 'The server had an internal fault.',
  501: 'The server cannot do this.',
  502: 'The server could not pass the call on.',
  503: 'The server cannot take calls now.',
  504: 'The server waited in vain for another server.',
  513: 'The call was refused because its set-up was too large.',
  600: '{who} is busy.',
  603: '{who} declined the call.',
  604: 'There is no such number anywhere: {who}.',
  606: 'No kind of sound is shared with the other side.',
  607: '{who} does not want calls from this number.',
  608: 'The call was rejected by a filter on the way.',
};

function classWords(status: number): string {
  if (status >= 600) return `The call was refused everywhere (${status}).`;
  if (status >= 500) return `The server had a fault (${status}).`;
  if (status >= 400) return `The call was refused (${status}).`;
  if (status >= 300) return '{who} has moved, and the server does not say where to.';
  return `The server gave an unexpected answer (${status}).`;
}

/** Why a text message to `who` came to nothing. */
export function messageFailure(status: number, who: string): string {
  return (messageWords[status] ?? `The message was refused (${status}).`).replace('{who}', who);
}

const messageWords: Readonly<Record<number, string>> = {
  401: 'The server refused the password of this account.',
  403: 'The server does not allow this message.',
  404: 'There is no such number: {who}.',
  405: '{who} does not take messages.',
  407: 'The server refused the password of this account.',
  408: '{who} could not be reached.',
  413: 'The message is too long.',
  415: '{who} does not take messages of this kind.',
  480: '{who} is not available now.',
  501: 'The server does not pass messages on.',
  503: 'The server cannot pass messages on now.',
  513: 'The message is too long.',
  603: '{who} does not want this message.',
  604: 'There is no such number anywhere: {who}.',
};

/** Why somebody cannot be watched, where nothing is to be tried again by itself; undefined where it may be. */
export const watchRefusal = (status: number): string | undefined => watchWords[status];

const watchWords: Readonly<Record<number, string>> = {
  401: 'The server refused the password of this account.',
  403: 'The server does not let this account watch it.',
  404: 'The server does not know this number.',
  405: 'The server tells nobody about numbers.',
  407: 'The server refused the password of this account.',
  410: 'This number is no longer there.',
  416: 'The server cannot watch this kind of address.',
  489: 'The server does not tell this kind of news.',
  501: 'The server tells nobody about numbers.',
  603: 'The server does not let this account watch it.',
  604: 'The server does not know this number.',
};

/** How signing in went wrong. `permanent`: trying again by itself would not help. */
export interface RegisterFailure {
  readonly reason: string;
  readonly permanent: boolean;
  readonly wrongPassword: boolean;
}

export function registerFailure(status: number, number: string): RegisterFailure {
  const permanent = (reason: string, wrongPassword = false) => ({ reason, permanent: true, wrongPassword });
  switch (status) {
    case 401:
    case 407:
      return permanent('The password is wrong, or the server does not know this number.', true);
    case 403:
      return permanent(`The server does not let ${number} sign in.`);
    case 404:
    case 604:
      return permanent(`The server does not know the number ${number}.`);
    case 405:
    case 501:
      return permanent('This server does not let phones sign in.');
    case 416:
    case 420:
    case 421:
    case 439:
      return permanent(`The server refuses the way this phone signs in (${status}).`);
    case 408:
    case 504:
      return { reason: 'The server does not answer.', permanent: false, wrongPassword: false };
    case 503:
      return { reason: 'The server cannot take phones now.', permanent: false, wrongPassword: false };
    default:
      return {
        reason: `The server refused to sign this phone in (${status}).`,
        permanent: false,
        wrongPassword: false,
      };
  }
}

/** Retry-After in ms, at most ten minutes (RFC 3261 §20.33). */
export function retryAfterMs(value: string | undefined): number | undefined {
  const seconds = deltaSeconds(value?.split('(')[0]?.trim());
  return seconds === undefined ? undefined : Math.min(seconds, 600) * 1_000;
}

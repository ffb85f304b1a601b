/** How people, calls and counts are named in words, in one place, so that all views say the same. */
import { plural, t } from '@lingui/core/macro';
import { said } from '../../words/said.ts';
import { dates, lists, numbers } from './notation.ts';
import type {
  AccountSnapshot,
  CallQuality,
  CallSnapshot,
  MailboxSnapshot,
  NumberKind,
  OutgoingMessage,
  PastCall,
  PastRecording,
  PersonSnapshot,
} from './types.ts';

export { certificateWords } from '../../shared/connection-settings.ts';

/** The name of the other side, or its number where no name is known. */
export function peerName(call: Pick<CallSnapshot, 'peer'>): string {
  return call.peer.name.trim() || call.peer.number || call.peer.uri || t`Unknown number`;
}

/** How a call that was ended, in a word or two; a long reason stands in place of "Not answered". */
export function pastWords({ end, reason, direction }: PastCall): string {
  switch (end) {
    case 'answered':
      return direction === 'incoming' ? t`Answered` : t`Called`;
    case 'unanswered':
      return reason === '' ? t`Not answered` : clause(said(reason));
    case 'missed':
      return t`Missed call`;
    case 'declined':
      return t`Declined`;
    case 'elsewhere':
      return t`Taken on another device`;
  }
}

/** `14:03`, `yesterday 14:03`, `12 Nov 14:03`, `12 Nov 2029 14:03`. */
export function dayAndTime(ms: number, now: number): string {
  const [day, today] = [new Date(ms), new Date(now)];
  const time = dates({ hour: 'numeric', minute: '2-digit' }).format(day);
  const daysAgo = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return time;
  if (daysAgo === 1) return t`yesterday ${time}`;
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return `${dates({ day: 'numeric', month: 'short', ...year }).format(day)} ${time}`;
}

/** Do not disturb, and until when: `14:03`, or with the day where that is not today; 0 for no end. */
export function quietWords(until: number, now: number): string {
  if (until === 0) return t`Do not disturb`;
  const isToday = new Date(until).toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : ({ weekday: 'short' } as const);
  const end = dates({ ...day, hour: 'numeric', minute: '2-digit' }).format(until);
  return t`Do not disturb until ${end}`;
}

/** `1.2 MB`; of something small, `0.1 MB`. */
export const bytesWords = (bytes: number): string =>
  numbers({ style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(Math.max(0.1, bytes / 1_000_000));

/** `14:03:07.250`. */
export const exactTime = (ms: number): string =>
  dates({
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  }).format(ms);

/** The number to show beside the name, or empty where it would only repeat it. */
export function peerNumber(call: Pick<CallSnapshot, 'peer'>): string {
  return call.peer.number === peerName(call) ? '' : call.peer.number;
}

export function accountName(account: AccountSnapshot): string {
  return account.displayName.trim() || account.number;
}

/** Whether calls can come in. */
export const isReachable = ({ registration }: AccountSnapshot): boolean =>
  registration.state === 'registered' || registration.state === 'listening';

/** As `accountName`, or its address where another account has the same name. */
export function accountLabel(account: AccountSnapshot, all: readonly AccountSnapshot[]): string {
  const name = accountName(account);
  const alone = all.every((other) => other.id === account.id || accountName(other) !== name);
  return alone ? name : account.aor.replace(/^sips?:/i, '') || name;
}

/** Over what an account is connected, such as `TLS to 192.0.2.1:5061`; empty where it is not. */
export function connectionWords({ connectedBy }: AccountSnapshot): string {
  return listWords(
    connectedBy.map(({ transport, host, port }) => {
      const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      return t`${transport} to ${address}`;
    }),
  );
}

/** A sentence without its final full stop, for use inside another one. */
export function clause(sentence: string): string {
  return sentence.trim().replace(/\.$/, '');
}

/** What is going on in a call, in a word or two. */
export function callStateWords(call: CallSnapshot): string {
  switch (call.state) {
    case 'calling':
      return t`Calling…`;
    case 'ringing':
      return t`Ringing…`;
    case 'incoming':
      return t`Incoming call`;
    case 'connecting':
      return t`Connecting…`;
    case 'active':
      return activeWords(call);
    case 'ended':
      return t`Call ended`;
  }
}

function activeWords({ reconnecting, transferring, held, heldByPeer, inConference, muted }: CallSnapshot): string {
  if (reconnecting !== undefined) return t`Reconnecting…`;
  if (transferring !== undefined) return said(transferring);
  if (held) return heldByPeer ? t`On hold by both sides` : t`On hold`;
  if (heldByPeer) return t`The other side put you on hold`;
  const where = inConference ? t`In the conference` : t`In a call`;
  return muted ? t`${where}, microphone muted` : where;
}

const CODEC_NAMES: Readonly<Record<string, string>> = {
  opus: 'Opus',
  g722: 'G.722',
  pcmu: 'G.711 µ-law',
  pcma: 'G.711 A-law',
};

export function codecName(codec: string): string {
  return CODEC_NAMES[codec.toLowerCase()] ?? codec;
}

export type SoundGrade = 'good' | 'fair' | 'poor';

/** As G.107 annex B divides them: from here on some people are not content, from there on many. */
export const GRADES = { fairBelow: 4.02, poorBelow: 3.6 } as const;

export const gradeOf = (mos: number): SoundGrade =>
  mos >= GRADES.fairBelow ? 'good' : mos >= GRADES.poorBelow ? 'fair' : 'poor';

/** A delay that makes people talk at the same time. */
const LONG_ROUND_TRIP_MS = 500;

/** How a call sounds, the worse direction first; undefined while nothing came. */
export function soundVerdict({
  here,
  there,
  roundTripMs,
}: Pick<CallQuality, 'here' | 'there' | 'roundTripMs'>):
  | { readonly grade: SoundGrade; readonly words: string }
  | undefined {
  if (here === null) return undefined;
  const [heard, told] = [gradeOf(here.mos), there === null ? 'good' : gradeOf(there.mos)];
  const isTheirs = there !== null && told !== 'good' && there.mos < here.mos;
  const grade = isTheirs ? told : heard;
  if (grade === 'good') return { grade, words: t`Good sound` };
  const lost = isTheirs ? there.lossPercent : here.lossPercent;
  if ((roundTripMs ?? 0) > LONG_ROUND_TRIP_MS && lost < 1) return { grade, words: t`Long delay` };
  if (isTheirs) return { grade, words: grade === 'poor' ? t`They hear you badly` : t`They hear small gaps` };
  return { grade, words: grade === 'poor' ? t`Poor sound` : t`Sound with small gaps` };
}

/** `0 %`, `0.4 %`, `12 %`. */
export const percent = (value: number): string =>
  value >= 0.05 && value < 9.95 ? `${decimal(value)} %` : `${whole(value)} %`;

/** `4.0`, or `4,0` where a comma is the custom. */
export const decimal = (value: number): string =>
  numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

/** `1.250` of 1250 ms, with as many digits behind the point. */
export const seconds = (ms: number, digits: number): string =>
  numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ms / 1000);

const whole = (value: number): string => numbers({ maximumFractionDigits: 0 }).format(value);

/** `a`, `a and b`, `a, b, and c`. */
export const listWords = (items: readonly string[]): string => lists({ type: 'conjunction' }).format(items);

/** `0:07`, `12:40`, `1:02:03`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What is wrong with a recording that was read again. */
/** What a call was recorded into, such as `recorded 1:23`; empty where it was not. */
export function recordedWords(recordings: readonly PastRecording[]): string {
  const fault = recordings.find((one) => one.fault !== '')?.fault;
  if (recordings.length === 0) return '';
  if (fault !== undefined) return clause(said(fault));
  const seconds = recordings.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  return seconds === 0 ? t`Recorded` : t`Recorded ${duration(seconds * 1_000)}`;
}

export function devicesWords(devices: number): string {
  if (devices <= 0) return t`No phone registered`;
  return plural(devices, { one: '# phone registered', other: '# phones registered' });
}

/** Which number of somebody it is. */
export function kindWords(kind: NumberKind): string {
  const words = { work: t`Work`, mobile: t`Mobile`, home: t`Home`, fax: t`Fax`, other: t`Other` };
  return words[kind];
}

/** How somebody who is watched is, in a word or two. */
export function personWords({ state, ringing, problem, note }: PersonSnapshot): string {
  if (state === 'available' && note !== '') return note;
  if (state === 'ringing' && ringing) return t`Called by ${ringing.caller}`;
  return state === 'unknown' && problem !== undefined ? said(problem) : stateWords(state);
}

/** How somebody is. */
export function stateWords(state: PersonSnapshot['state']): string {
  switch (state) {
    case 'available':
      return t`Available`;
    case 'in-call':
      return t`In a call`;
    case 'ringing':
      return t`Ringing`;
    case 'do-not-disturb':
      return t`Do not disturb`;
    case 'offline':
      return t`Offline`;
    case 'unknown':
      return t`Not known yet`;
  }
}

/** What waits in a mailbox; servers that count nothing only say that something does. */
export function mailboxWords({ fresh }: MailboxSnapshot): string {
  if (fresh === 0) return t`New voice messages`;
  return plural(fresh, { one: '# new voice message', other: '# new voice messages' });
}

/** What has become of a message of ours. */
export function fateWords({ state, reason }: OutgoingMessage): string {
  switch (state) {
    case 'sending':
      return t`Sending…`;
    case 'sent':
      return t`Sent`;
    case 'kept':
      return t`Waits at the server until the other side is there`;
    case 'delivered':
      return t`Delivered`;
    case 'failed':
      return reason === undefined ? t`Not sent` : said(reason);
  }
}

/** The time of a message of today, else its day, with the time too where there is room. */
export function messageTime(at: number, now: number, room: 'little' | 'enough' = 'enough'): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  const day = { day: 'numeric', month: 'short', ...(room === 'enough' ? time : {}) } as const;
  return dates(isToday ? time : day).format(at);
}

/** One call as the window sees it. */
import type { QualitySummary } from '../../../shared/history.ts';
import type { CallSnapshot, RecordingView } from '../snapshots.ts';
import type { CallHost, CallParts } from './host.ts';
import { endReason, shownState } from './machine.ts';
import type { MicrophoneFault } from './microphone-watch.ts';
import { silenceWords } from './silence-words.ts';
import type { SoundNotes } from './sound-watch.ts';
import type { CallState } from './types.ts';

/** What a call knows besides the state of its machine and its sound. */
export interface CallNotes {
  readonly startedAt: number;
  /** Whom the call is with, where the server has told since it began. */
  peer: CallSnapshot['peer'] | undefined;
  endedAt: number | undefined;
  muted: boolean;
  inConference: boolean;
  digits: string;
  summary: QualitySummary | undefined;
  /** What did not work out last. */
  trouble: string | undefined;
  /** Why it ended, where the machine does not know. */
  epitaph: string | undefined;
}

/** Of an address, in characters. */
const MAX_SHOWN = 100;

export const notesOf = (startedAt: number, digits: string): CallNotes => ({
  ...{ startedAt, digits, muted: false, inConference: false },
  ...{ peer: undefined, endedAt: undefined, summary: undefined, trouble: undefined, epitaph: undefined },
});

const MICROPHONE: Readonly<Record<'replaced' | 'lost', string>> = {
  replaced: 'The microphone is gone; another one is used now.',
  lost: 'The microphone is gone: the other side cannot hear you.',
};

const FAULT: Readonly<Record<MicrophoneFault, string>> = {
  'device-muted':
    'The other side cannot hear you: the microphone is muted by a switch of its own, or in the settings of this computer.',
  silent: 'Nothing at all is heard from your microphone: it may be switched off or turned down.',
  'none-out': 'The other side cannot hear you: no sound leaves this computer.',
};

export function viewOf(
  { accountId }: CallHost,
  { id, peer: first, detour, arrived, continues, secure }: CallParts,
  at: CallState,
  notes: CallNotes,
  sound: SoundNotes,
  more: {
    readonly transferring: string | undefined;
    readonly question: string | undefined;
    readonly reconnecting: number | undefined;
    readonly recording: RecordingView | undefined;
  },
): CallSnapshot {
  const state = shownState(at);
  const answeredAt = continues?.answeredAt ?? at.answeredAt;
  const { startedAt, endedAt, muted, inConference, digits, summary } = notes;
  const peer = notes.peer ?? first;
  const session = at.phase === 'talking' ? at.session : undefined;
  const { hold: held = false, heldByPeer = false } = session ?? {};
  const notice =
    state === 'ended'
      ? (notes.epitaph ?? endReason(at))
      : troubleOf(notes.trouble, sound, state === 'active' && !heldByPeer && !held && more.reconnecting === undefined);
  const { transferring, reconnecting, recording } = more;
  const { quality } = sound;
  const question = more.question ?? movedTo(at);
  return {
    id,
    accountId,
    direction: continues?.direction ?? (arrived === undefined ? 'outgoing' : 'incoming'),
    state,
    peer,
    startedAt,
    muted,
    held,
    heldByPeer,
    inConference,
    digits,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(detour === undefined ? {} : { detour }),
    ...(secure ? { secure } : {}),
    ...(transferring === undefined ? {} : { transferring }),
    ...(question === undefined ? {} : { question }),
    ...(reconnecting === undefined ? {} : { reconnecting }),
    ...(notice === undefined ? {} : { notice }),
    ...(recording === undefined ? {} : { recording }),
    ...(quality === undefined ? {} : { quality }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** What is wrong now, the worst first. */
function troubleOf(trouble: string | undefined, sound: SoundNotes, expectsSound: boolean): string | undefined {
  const { microphone, silent, fault, quality, way } = sound;
  if (microphone === 'lost') return MICROPHONE.lost;
  if (silent && expectsSound) return silenceWords(quality, way);
  if (fault !== undefined && expectsSound) return FAULT[fault];
  return trouble ?? (microphone && MICROPHONE[microphone]);
}

/** What a redirection asks the person. */
function movedTo(at: CallState): string | undefined {
  if (at.phase !== 'redirected') return undefined;
  return `${at.who} has moved to ${at.to.replace(/^sip:/i, '').slice(0, MAX_SHOWN)}.`;
}

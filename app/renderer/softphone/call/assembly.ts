/** Puts the parts of a call together: each is given what it needs of the others, and reaches round none. */
import type { SipMessage } from '../../../../proxy-core/sip/message/message.ts';
import type { CallSnapshot } from '../snapshots.ts';
import { Digits } from './digits.ts';
import { Effects } from './effects.ts';
import { Handover } from './handover.ts';
import type { CallHost, CallParts } from './host.ts';
import type { Leg } from './legs.ts';
import { Lifeline } from './lifeline.ts';
import { PeerRequests } from './peer-requests.ts';
import { CallRecording } from './recording.ts';
import { Trickle } from './trickle.ts';
import type { CallEvent, CallState } from './types.ts';
import type { CallNotes } from './view.ts';

/** What the parts need of the call. */
export interface CallPorts {
  readonly state: () => CallState;
  readonly dispatch: (event: CallEvent) => void;
  readonly notes: CallNotes;
  readonly snapshot: () => CallSnapshot;
  readonly hold: () => void;
  /** This message may tell who the other side is now. */
  readonly connected: (message: SipMessage) => void;
}

export interface Assembly {
  readonly effects: Effects;
  readonly lifeline: Lifeline;
  readonly recording: CallRecording;
  readonly digits: Digits;
  readonly handover: Handover;
  readonly requests: PeerRequests;
  readonly trickle: Trickle;
  /** The dialog of an answered call. */
  readonly leg: () => Leg | undefined;
  /** Records, where that is to begin by itself and there is sound. */
  readonly recordIfWanted: () => void;
}

export function assemble(host: CallHost, parts: CallParts, ports: CallPorts): Assembly {
  const { clock, settings, changed } = host;
  const { state, dispatch, notes, snapshot, hold, connected } = ports;
  const leg = (): Leg | undefined => {
    const at = state();
    return at.phase === 'talking' ? effects.leg(at.leg) : undefined;
  };
  const note = (trouble: string): void => {
    notes.trouble = trouble;
    changed();
  };
  const epitaph = (words: string | undefined): void => {
    notes.epitaph = words;
  };
  const recordIfWanted = (): void => {
    if (state().phase === 'talking' && effects.media.hasSound) recording.soundIsThere();
  };
  const lifeline = new Lifeline(host, {
    state,
    dispatch,
    leg,
    snapshot,
    isMuted: () => notes.muted,
    cutOffSince: () => effects.cutOffSince,
  });
  const { sound } = lifeline;
  const effects: Effects = new Effects(host, parts, {
    ...{ state, dispatch, note },
    restored: (done, alive = false) => lifeline.restored(done, alive),
    listener: {
      silence: (missing) => sound.silence(missing),
      microphone: (is) => sound.microphone(is),
      trouble: note,
      stats(stats) {
        recordIfWanted();
        sound.stats(stats);
      },
      levels: (levels) => sound.levels(levels),
      lost: (reason) => dispatch({ type: 'media-lost', reason }),
      candidates: (fragment, isNews) => trickle.found(fragment, isNews),
    },
  });
  const recording = new CallRecording({
    ...{ clock, changed, port: host.recordings, isWanted: settings.record },
    who() {
      const { name, number } = notes.peer ?? parts.peer;
      return `${name} ${number}`;
    },
    tape: (announce, listener) => effects.media.record(announce, listener),
  });
  const handover = new Handover(host, {
    ...{ callId: parts.id, who: state().who, leg, dispatch, epitaph, note, changed, hold },
    reply: (transaction, status, headers) => effects.answers.respond(transaction, status, undefined, headers),
  });
  const trickle: Trickle = new Trickle({
    ...{ clock, state, legs: effects.legs, isWanted: settings.ice !== 'never' },
    isConfirmed: () => effects.answers.isConfirmed,
    reply: (transaction, status, headers) => effects.answers.respond(transaction, status, undefined, headers),
    hear: (fragment) => effects.media.hear(fragment),
  });
  const requests = new PeerRequests({
    parts,
    state,
    dispatch,
    epitaph,
    connected,
    changed,
    effects,
    handover,
    trickle,
  });
  const digits = new Digits(settings.dtmf, effects.media);
  return { effects, lifeline, recording, digits, handover, requests, trickle, leg, recordIfWanted };
}

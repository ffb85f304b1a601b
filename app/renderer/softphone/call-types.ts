/** The states, events and effects of one call. The machine is in call.ts; what performs the effects is call-runner.ts. */
import type { Dialog } from '../../../proxy-core/sip/dialog/dialog.ts';
import type { Forks } from '../../../proxy-core/sip/dialog/forks.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';

/** Known in every state. */
export interface CallFacts {
  /** The peer as sentences name it. */
  readonly who: string;
  readonly heldByPeer: boolean;
  /** Milliseconds since 1970. */
  readonly answeredAt?: number;
}

/** A change of the session that the peer asked for and that is not answered yet (re-INVITE or UPDATE). */
export interface Change {
  readonly transaction: ServerTransaction;
  /** Undefined where the peer left the offer to us. */
  readonly offer: string | undefined;
}

export type CallPhase =
  /** Outgoing: microphone and offer are being made. */
  | { readonly phase: 'offering'; readonly target: string }
  | {
      readonly phase: 'inviting';
      readonly sdp: string;
      readonly ringing: boolean;
      readonly forks: Forks;
      /** The 18x whose sound is played before the answer. */
      readonly early: { readonly tag: string; readonly sdp: string } | undefined;
      /** Where redirections led so far, and where else they may lead. */
      readonly tried: readonly string[];
      readonly queue: readonly string[];
    }
  /** Outgoing, given up here: a final response is still due, and a 2xx must be taken and ended. */
  | { readonly phase: 'cancelling'; readonly reason: string | undefined }
  /** Incoming: it rings here. */
  | { readonly phase: 'alerting'; readonly dialog: Dialog; readonly offer: string | undefined }
  /** Incoming: the person answered, sound is being prepared. */
  | { readonly phase: 'answering'; readonly dialog: Dialog; readonly offer: string | undefined }
  | {
      readonly phase: 'talking';
      readonly dialog: Dialog;
      readonly media: 'starting' | 'running';
      /** Which 2xx of ours has no ACK yet, and whether that ACK must bring the answer to our offer. */
      readonly awaits: { readonly ackTo: 'invite' | 'change'; readonly answer: boolean } | undefined;
      readonly change: Change | undefined;
    }
  /** Hung up here after our 2xx: the BYE must wait for its ACK (RFC 3261 §15). */
  | { readonly phase: 'leaving'; readonly dialog: Dialog; readonly reason: string | undefined }
  | { readonly phase: 'ended'; readonly reason: string | undefined };

export type CallState = CallFacts & CallPhase;
export type In<P extends CallPhase['phase']> = CallFacts & Extract<CallPhase, { phase: P }>;

/** Why media work was asked for; its outcome comes back with the same word. */
export type MediaPurpose = 'invite' | 'early' | 'change';

export type CallEvent =
  | { readonly type: 'answer' }
  | { readonly type: 'decline' }
  | { readonly type: 'hang-up' }
  /** Our offer, or our answer, to put into a message. */
  | { readonly type: 'sdp-ready'; readonly purpose: MediaPurpose; readonly sdp: string }
  /** The peer's answer is in force. */
  | { readonly type: 'answer-applied'; readonly purpose: MediaPurpose }
  | { readonly type: 'media-refused'; readonly purpose: MediaPurpose; readonly status: number; readonly reason: string }
  /** What carries the sound broke down for good. */
  | { readonly type: 'media-lost'; readonly reason: string }
  | { readonly type: 'response'; readonly invite: SipRequest; readonly response: SipResponse }
  | { readonly type: 'no-response'; readonly reason: string }
  | { readonly type: 'cancelled'; readonly reasons: readonly string[] }
  /** A request of the peer in this call, the initial INVITE, CANCEL and ACK apart. */
  | { readonly type: 'request'; readonly transaction: ServerTransaction }
  | { readonly type: 'ack'; readonly request: SipRequest }
  | { readonly type: 'no-ack' }
  | { readonly type: 'timer' };

export type CallEffect =
  | { readonly do: 'make-offer'; readonly purpose: MediaPurpose }
  | { readonly do: 'apply-answer'; readonly purpose: MediaPurpose; readonly sdp: string }
  | { readonly do: 'accept-offer'; readonly purpose: MediaPurpose; readonly sdp: string }
  | { readonly do: 'close-media' }
  /** `to` stays what was called first when the call is redirected. */
  | { readonly do: 'invite'; readonly uri: string; readonly to: string; readonly sdp: string }
  | { readonly do: 'cancel' }
  | { readonly do: 'ack'; readonly dialog: Dialog; readonly invite: SipRequest; readonly response: SipResponse }
  | { readonly do: 'bye'; readonly dialog: Dialog }
  /** To the INVITE that began an incoming call; a 2xx is repeated until its ACK. */
  | { readonly do: 'respond'; readonly status: number; readonly sdp?: string; readonly headers?: readonly HeaderLine[] }
  /** To another request of the peer; a 2xx to an INVITE is repeated until its ACK. */
  | {
      readonly do: 'reply';
      readonly transaction: ServerTransaction;
      readonly status: number;
      readonly sdp?: string;
      readonly headers?: readonly HeaderLine[];
    }
  | { readonly do: 'acknowledged' }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'no-timer' };

export interface CallStep {
  readonly next: CallState;
  readonly effects: readonly CallEffect[];
}

export const stay = (next: CallState, effects: readonly CallEffect[] = []): CallStep => ({ next, effects });

/** The end of a call here; `reason` is one sentence, or nothing where the person ended it. */
export const end = (at: CallFacts, reason: string | undefined, effects: readonly CallEffect[] = []): CallStep => ({
  next: { ...factsOf(at), phase: 'ended', reason },
  effects: [...effects, { do: 'close-media' }, { do: 'no-timer' }],
});

export const factsOf = ({ who, heldByPeer, answeredAt }: CallFacts): CallFacts =>
  answeredAt === undefined ? { who, heldByPeer } : { who, heldByPeer, answeredAt };

/** A reason as a sentence. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function never(value: never): never {
  throw new TypeError(`unexpected ${String(value)}`);
}

/**
 * The states, events and effects of one call. The machine is in machine.ts; call.ts performs the effects. A leg is a
 * dialog of the call, named by the peer's tag; an outgoing call has one for each phone that rings.
 */
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { Negotiation } from './session-state.ts';

/** Known in every state. */
export interface CallFacts {
  /** The peer as sentences name it. */
  readonly who: string;
  /** The other side is to describe its sound first wherever it can. */
  readonly late: boolean;
  /** Milliseconds since 1970. */
  readonly answeredAt?: number;
}

export interface Inviting {
  /** Undefined where the offer is left to the other side. */
  readonly sdp: string | undefined;
  readonly ringing: boolean;
  /** The 18x whose sound is played before the answer. */
  readonly early: { readonly leg: string; readonly sdp: string } | undefined;
  /** What was offered by each phone where the offer was left to them, and answered in the PRACK. */
  readonly offers: ReadonlyMap<string, string>;
  /** The reliable 18x whose offer is being answered. */
  readonly confirming: { readonly leg: string; readonly sdp: string; readonly response: SipResponse } | undefined;
  /** A change of the early sound that one of the phones asked for (RFC 3311). */
  readonly update: ServerTransaction | undefined;
  /** Where redirections led so far, and where else they may lead. */
  readonly tried: readonly string[];
  readonly queue: readonly string[];
}

export type CallPhase =
  /** Outgoing: by which line the other side is reached is being found. */
  | { readonly phase: 'finding'; readonly target: string }
  /** Outgoing: microphone and offer are being made. */
  | { readonly phase: 'offering'; readonly target: string }
  | ({ readonly phase: 'inviting' } & Inviting)
  /** Outgoing: redirected, and the person is asked whether to follow. */
  | {
      readonly phase: 'redirected';
      readonly from: Pick<Inviting, 'sdp' | 'tried'>;
      readonly to: string;
      readonly rest: readonly string[];
    }
  /** Outgoing, given up here: a final response is still due, and a 2xx must be taken and ended. */
  | { readonly phase: 'cancelling'; readonly reason: string | undefined }
  /** Incoming: it rings here. */
  | { readonly phase: 'alerting'; readonly leg: string; readonly offer: string | undefined }
  /** Incoming: the person answered, sound is being prepared. */
  | { readonly phase: 'answering'; readonly leg: string; readonly offer: string | undefined }
  | { readonly phase: 'talking'; readonly leg: string; readonly session: Negotiation }
  /** Hung up here after our 2xx: the BYE must wait for its ACK (RFC 3261 §15). */
  | { readonly phase: 'leaving'; readonly leg: string; readonly reason: string | undefined }
  | { readonly phase: 'ended'; readonly reason: string | undefined };

export type CallState = CallFacts & CallPhase;
export type In<P extends CallPhase['phase']> = CallFacts & Extract<CallPhase, { phase: P }>;

/** Why media work was asked for; its outcome comes back with the same word. */
export type MediaPurpose = 'invite' | 'early' | 'confirm' | 'update' | 'change';
export type TimerName = 'ring' | 'glare' | 'kept';

export type CallEvent =
  /** By which line a call from here goes is known. */
  | { readonly type: 'way-found' }
  | { readonly type: 'answer' }
  | { readonly type: 'decline' }
  /** It is to be tried at `uri` instead, a binary string; `who` as sentences name that. */
  | { readonly type: 'redirect'; readonly uri: string; readonly who: string }
  /** `reason` is a value of Reason. */
  | { readonly type: 'hang-up'; readonly reason?: string }
  /** The person's word on a redirection. */
  | { readonly type: 'consent'; readonly yes: boolean }
  | { readonly type: 'hold'; readonly on: boolean }
  /** A sign of life is due, and the other side takes none but a re-INVITE. */
  | { readonly type: 'refresh' }
  /** Our way to the other side is another one, or may be dead: it must hear anew where our sound is. */
  | { readonly type: 'restore' }
  /** Our offer, or our answer, to put into a message. */
  | { readonly type: 'sdp-ready'; readonly purpose: MediaPurpose; readonly sdp: string }
  /** The peer's answer is in force. */
  | { readonly type: 'answer-applied'; readonly purpose: MediaPurpose }
  | { readonly type: 'media-refused'; readonly purpose: MediaPurpose; readonly status: number; readonly reason: string }
  /** What carries the sound broke down for good. */
  | { readonly type: 'media-lost'; readonly reason: string }
  /** To our first INVITE. `leg` is undefined where its dialog could not be made. */
  | {
      readonly type: 'response';
      readonly invite: SipRequest;
      readonly response: SipResponse;
      readonly leg: string | undefined;
      /** It wants a PRACK (RFC 3262). */
      readonly reliable: boolean;
      /** Whether redirections may be followed without asking, by address. */
      readonly mayFollow: (uri: string) => boolean | 'ask';
    }
  | { readonly type: 'no-response'; readonly reason: string }
  /** To a re-INVITE of ours. */
  | {
      readonly type: 'change-response';
      readonly leg: string;
      readonly invite: SipRequest;
      readonly response: SipResponse;
    }
  | { readonly type: 'change-failed'; readonly reason: string }
  | { readonly type: 'cancelled'; readonly reasons: readonly string[] }
  /** A request of the peer in this call, the initial INVITE, CANCEL and ACK apart. */
  | { readonly type: 'request'; readonly transaction: ServerTransaction }
  | { readonly type: 'ack'; readonly request: SipRequest }
  | { readonly type: 'no-ack' }
  /** Nobody confirmed our reliable 18x. */
  | { readonly type: 'no-prack' }
  /** The dialog is no longer known to the other side, or its time ran out. */
  | { readonly type: 'gone'; readonly reason: string; readonly bye: boolean }
  | { readonly type: 'timer'; readonly name: TimerName };

/** `held`: whether what is described is a call on hold here. */
export type CallEffect =
  /** `restart`: the way for sound is looked for anew. */
  | {
      readonly do: 'make-offer';
      readonly purpose: MediaPurpose;
      readonly held: boolean;
      readonly restart?: boolean;
    }
  | { readonly do: 'apply-answer'; readonly purpose: MediaPurpose; readonly sdp: string }
  | { readonly do: 'accept-offer'; readonly purpose: MediaPurpose; readonly sdp: string; readonly held: boolean }
  /** At once, whatever the other side says to it. */
  | { readonly do: 'hold-sound'; readonly held: boolean }
  | { readonly do: 'close-media' }
  /** `to` stays what was called first when the call is redirected. */
  | { readonly do: 'invite'; readonly uri: string; readonly to: string; readonly sdp: string | undefined }
  | { readonly do: 'cancel' }
  | { readonly do: 'prack'; readonly leg: string; readonly response: SipResponse; readonly sdp?: string }
  | { readonly do: 'reinvite'; readonly sdp: string | undefined }
  | {
      readonly do: 'ack';
      readonly leg: string;
      readonly invite: SipRequest;
      readonly response: SipResponse;
      readonly sdp?: string;
    }
  /** `reason` is a value of Reason (RFC 3326). */
  | { readonly do: 'bye'; readonly leg: string; readonly reason?: string }
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
  /** The peer is reached elsewhere now: its Contact in this message. */
  | { readonly do: 'retarget'; readonly message: SipRequest | SipResponse }
  | { readonly do: 'acknowledged' }
  /** What became of `restore`; `alive` where the other side answered, but changed nothing. */
  | { readonly do: 'restored' }
  | { readonly do: 'not-restored'; readonly alive: boolean }
  /** Something that did not work out, as a sentence. */
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'timer'; readonly name: TimerName; readonly ms: number }
  /** Waits as both sides must after they changed the session at once (RFC 3261 §14.1). */
  | { readonly do: 'back-off' }
  | { readonly do: 'no-timer'; readonly name: TimerName };

export interface CallStep {
  readonly next: CallState;
  readonly effects: readonly CallEffect[];
}

export const stay = (next: CallState, effects: readonly CallEffect[] = []): CallStep => ({ next, effects });

/** The end of a call here; `reason` is one sentence, or nothing where the person ended it. */
export const end = (at: CallFacts, reason: string | undefined, effects: readonly CallEffect[] = []): CallStep => ({
  next: { ...factsOf(at), phase: 'ended', reason },
  effects: [...effects, { do: 'close-media' }, { do: 'no-timer', name: 'ring' }, { do: 'no-timer', name: 'glare' }],
});

export const factsOf = ({ who, late, answeredAt }: CallFacts): CallFacts =>
  answeredAt === undefined ? { who, late } : { who, late, answeredAt };

/** A reason as a sentence. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function never(value: never): never {
  throw new TypeError(`unexpected ${String(value)}`);
}

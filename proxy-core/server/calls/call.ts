/** A call as those see it who follow it: lamps, records, listings. It changes while it lives; to them it is read-only. */
import type { Aor } from '../stores.ts';

export type CallState = 'trying' | 'ringing' | 'answered' | 'ended';

/** One side of a call. Texts for people are Unicode. */
export interface CallParty {
  /** Of a user of ours; undefined for anybody else. */
  readonly aor: Aor | undefined;
  /** As it stands in From, or as it was dialled. */
  readonly number: string;
  /** Host of the address; of a user of ours his domain. */
  readonly domain: string;
  /** Display name: the caller's own, else what the office calls him; may be empty. */
  readonly name: string;
}

/** A place to which the call was sent: a device of a user of ours, or an address elsewhere. */
export interface CallDevice {
  readonly aor: Aor | undefined;
  /** URI that was called. */
  readonly contact: string;
  /** Label of the device's own password, and what it calls itself; empty where it has none. */
  readonly label: string;
  readonly userAgent: string;
  readonly state: CallState;
  /** ms since 1970; 0 where it never rang. */
  readonly ringingAt: number;
  /** Of the dialog in which it rings: what a pickup names (RFC 3891). */
  readonly tag?: string | undefined;
  /** The final status; 0 while there is none. 487 of one that stopped ringing because another answered, or nobody did. */
  readonly status: number;
}

/** Who ended it. `exchange`: nobody said so, and the exchange counts it as over (calls.ts tells when). */
export type CallEnder = 'caller' | 'callee' | 'exchange';

export interface CallEnd {
  readonly by: CallEnder;
  /** The final response that the caller got; 200 of an answered call. */
  readonly status: number;
  /** Reason as it was given with BYE, CANCEL or the response (RFC 3326, RFC 6432); else empty. */
  readonly reason: string;
  /** Why the exchange counts it as over; else undefined. */
  readonly lost?: 'session-timer' | 'too-long' | 'gone' | 'crowded' | undefined;
}

export interface Call {
  /** Grows with each call and is never used again, also not after a restart. */
  readonly id: number;
  readonly callId: string;
  readonly callerTag: string;
  /** Of the dialog that was answered first; undefined until then. */
  readonly calleeTag: string | undefined;
  readonly caller: CallParty;
  /** Label of the device whose password the caller used, and where his request came from, as `udp:192.0.2.7:5060`. */
  readonly callerDevice: string;
  readonly callerAddress: string;
  /** Who was dialled; who answered is `answeredBy`. */
  readonly callee: CallParty;
  readonly state: CallState;
  /** The exchange was started anew while it ran. */
  readonly isRestored: boolean;
  /** The caller gave up before anybody answered. */
  readonly isCancelled: boolean;
  /** In the order in which they were tried. */
  readonly devices: readonly CallDevice[];
  readonly answeredBy: CallDevice | undefined;
  /** Every user of ours that had a part in it, also those whose devices have stopped ringing. */
  readonly aors: readonly Aor[];
  /** ms since 1970; 0 for what has not happened. */
  readonly startedAt: number;
  readonly ringingAt: number;
  readonly answeredAt: number;
  readonly endedAt: number;
  /** Tags of the callees whose dialogs live, and after how many seconds without a refresh they end; 0 for no timer. */
  readonly dialogs: readonly string[];
  readonly sessionSeconds: number;
  /** Set when it has ended. */
  readonly end: CallEnd | undefined;
}

export interface CallListener {
  /**
   * The call began, rings on another device, no longer rings at one of its users, was answered or has ended: what is told
   * depends on `call.state` and `call.devices`. Who of its users still has a part in it is told by `Calls.of`.
   */
  changed(call: Call): void;
}

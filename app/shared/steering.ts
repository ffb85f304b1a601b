/** What scripts may ask of a running phone, and what they are told. The README describes both: scripts rely on them. */

/** `callId` says which call, where there are several. */
export type SteerCommand =
  | { readonly do: 'state' }
  /** `account` is the number or the id of the account to call by; the first one without it. */
  | { readonly do: 'call'; readonly target: string; readonly account?: string }
  | {
      readonly do: 'answer' | 'hangup' | 'hold' | 'resume' | 'mute' | 'unmute';
      readonly callId?: string;
    }
  /** `target` is a number or an address, or the id of another call that the two are joined by. */
  | { readonly do: 'transfer'; readonly target: string; readonly callId?: string }
  | { readonly do: 'dtmf'; readonly digits: string; readonly callId?: string };

export interface AccountReport {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  /** Such as `sip:1001@office.example`. */
  readonly address: string;
  readonly registration: 'signed-out' | 'registering' | 'registered' | 'listening' | 'failed';
  /** Why it failed, as one sentence. */
  readonly reason: string | null;
}

export interface CallReport {
  readonly id: string;
  readonly account: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly state: 'calling' | 'ringing' | 'incoming' | 'connecting' | 'active' | 'ended';
  readonly peer: { readonly name: string; readonly number: string; readonly uri: string };
  /** Since it was answered. */
  readonly seconds: number;
  readonly held: boolean;
  /** The other side put us on hold. */
  readonly heldByPeer: boolean;
  readonly muted: boolean;
  readonly inConference: boolean;
  /** Sent in this call so far. */
  readonly digits: string;
  /** The SRTP suite; null where nothing protects the sound. */
  readonly protection: string | null;
  readonly codec: string | null;
  /** For how many seconds its connection has been broken; null where it is not. */
  readonly reconnecting: number | null;
  /** Why it ended, or what is wrong with it, as one sentence. */
  readonly notice: string | null;
}

export interface PhoneReport {
  readonly version: 1;
  readonly accounts: readonly AccountReport[];
  /** Those that last. */
  readonly calls: readonly CallReport[];
  /** Those that the window still shows, the last one first. */
  readonly ended: readonly CallReport[];
}

/** `text` is for people, `result` for programs; `reason` is one sentence. */
export type SteerReply =
  | { readonly ok: true; readonly text: string; readonly result: PhoneReport | { readonly call: CallReport } }
  | { readonly ok: false; readonly reason: string };

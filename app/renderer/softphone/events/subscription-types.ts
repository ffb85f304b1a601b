/** The states, events and effects of one subscription. The machine is in subscription-life.ts; subscription.ts performs the effects. */

/** Known in every state. */
export type SubscriptionCommon = {
  /** Seconds to ask for. */
  readonly ask: number;
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  /** Until when the notifier holds the present dialog, as far as we know; 0 without one. */
  readonly boundUntil: number;
  /** When the present dialog was first told of anything; undefined before. */
  readonly toldAt: number | undefined;
};

export type SubscriptionLife = SubscriptionCommon &
  /** The account has no connection, or nobody has asked yet. */
  (
    | { readonly state: 'idle' }
    | { readonly state: 'asking'; readonly fresh: boolean }
    | { readonly state: 'active' }
    | { readonly state: 'waiting'; readonly reason: string }
    /** Nothing more is tried by itself; `final`: nor when the account has signed in again. */
    | { readonly state: 'refused'; readonly reason: string; readonly final: boolean }
    /** What was told last stays true for ever (`invariant`). */
    | { readonly state: 'settled' }
    | { readonly state: 'leaving' }
    | { readonly state: 'over' }
  );

export type SubscriptionEvent =
  /** The account has signed in, again or with another address. */
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  /** A 2xx; `expires` in seconds; `silent`: no NOTIFY follows (204, RFC 5839 §7). */
  | { readonly type: 'accepted'; readonly expires: number | undefined; readonly silent: boolean }
  | { readonly type: 'refused'; readonly status: number; readonly minExpires?: number; readonly retryAfterMs?: number }
  | { readonly type: 'no-answer'; readonly reason: string }
  | { readonly type: 'notified'; readonly expires: number | undefined }
  | { readonly type: 'terminated'; readonly reason: string; readonly retryAfterMs: number | undefined }
  /** Documents are missing: all of it is to be told again. */
  | { readonly type: 'gap' }
  | { readonly type: 'timer' }
  /** Timer N: the NOTIFY that each SUBSCRIBE leads to did not come. */
  | { readonly type: 'not-told' }
  | { readonly type: 'stop' };

export type SubscriptionEffect =
  /** `fresh`: in a dialog of its own, what was there before is forgotten. */
  | { readonly do: 'subscribe'; readonly expires: number; readonly fresh: boolean }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'no-timer' }
  | { readonly do: 'expect-notify' }
  | { readonly do: 'expect-nothing' }
  /** Lets go of a SUBSCRIBE that is on its way. */
  | { readonly do: 'abandon' }
  | { readonly do: 'over' };

export interface SubscriptionStep {
  readonly next: SubscriptionLife;
  readonly effects: readonly SubscriptionEffect[];
}

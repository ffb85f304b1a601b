/** A text message as the profile keeps it. */

/** `sent`: taken by the server or the other phone; `kept`: the server holds it until the other side is there again. */
export const OUT_STATES = ['sending', 'sent', 'kept', 'delivered', 'failed'] as const;
export type OutState = (typeof OUT_STATES)[number];

interface Common {
  /** Of an incoming one made of what names it on the wire, so that it is kept once. */
  readonly id: string;
  readonly accountId: string;
  /** A number of the account's own server, or an address: what an answer goes to. */
  readonly peer: string;
  /** As the other side calls itself; may be empty. */
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface IncomingMessage extends Common {
  readonly direction: 'in';
  readonly isRead: boolean;
}

export interface OutgoingMessage extends Common {
  readonly direction: 'out';
  readonly state: OutState;
  /** Why it failed, as one sentence. */
  readonly reason?: string;
}

export type TextMessage = IncomingMessage | OutgoingMessage;

/** Characters of one message that is written here. */
export const MAX_WRITTEN = 4_000;
/** Characters of one message that comes. */
export const MAX_TEXT = 20_000;

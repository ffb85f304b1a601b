/** What a user wants done with his calls, as the exchange needs it remembered; `node/store/call-handling.ts` does. */
import type { Aor, User } from '../stores.ts';

/** When a call goes elsewhere. */
export const forwardCases = ['always', 'busy', 'no-answer', 'unreachable'] as const;
export type ForwardCase = (typeof forwardCases)[number];

export interface CallHandling {
  readonly doNotDisturb: boolean;
  /** A number of the user's own domain, or a SIP URI. */
  readonly forwards: Readonly<Partial<Record<ForwardCase, string>>>;
  /** How long the user's devices ring before `no-answer`. */
  readonly noAnswerSeconds: number;
  /** Whether calls may go to others than users of ours on this user's behalf. */
  readonly mayForwardOutside: boolean;
}

export const USUAL_SECONDS = 20;

/** As it is for whoever has set nothing. */
export const noHandling: CallHandling = {
  doNotDisturb: false,
  forwards: {},
  noAnswerSeconds: USUAL_SECONDS,
  mayForwardOutside: false,
};

type Who = Pick<User, 'number' | 'domain'>;

export interface CallHandlingStore {
  /** Nobody has set anything. */
  readonly isEmpty: boolean;
  /** Undefined for nearly all; answered from memory. */
  find(user: Who): CallHandling | undefined;
  /** Holds at once and is durable on return. @throws where it cannot be kept. */
  set(user: Who, handling: CallHandling): void;
  /** Has `listener` told of each user whose wishes changed. */
  watch(listener: (user: Aor) => void): void;
}

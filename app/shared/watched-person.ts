/** Somebody whose lamp an account shows. */
export interface WatchedPerson {
  /** As typed: a number, or an address. */
  readonly target: string;
  /** Shown instead of the number; may be empty. */
  readonly name: string;
}

/** Of one account: each costs two subscriptions at its server. */
export const MAX_WATCHED = 200;

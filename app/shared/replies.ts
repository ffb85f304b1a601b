/** The short texts that go to a caller with a declined call. */

/** Those that one profile keeps, and characters of each. */
export const MAX_REPLIES = 6;
export const MAX_REPLY = 160;

/** The calls that were, as they are kept: small, plain and complete enough to be understood without anything else. */

/** One direction of a call's sound, on the whole. */
export interface SoundSummary {
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** 1 to 4.4 (ITU-T G.107). */
  readonly mos: number;
}

export interface QualitySummary {
  readonly codec: string;
  /** The SRTP suite; empty where sound went in the clear. */
  readonly protection: string;
  /** What was heard here; null where nothing came. */
  readonly here: SoundSummary | null;
  /** What the other side heard, as it reported; null where it never did. */
  readonly there: SoundSummary | null;
  readonly roundTripMs: number | null;
}

/** How a call ended for the person: talked, nobody answered or it was refused, missed, declined here, taken elsewhere. */
export const CALL_ENDS = ['answered', 'unanswered', 'missed', 'declined', 'elsewhere'] as const;
export type CallEnd = (typeof CALL_ENDS)[number];

/** A file that a call was recorded into. */
export interface PastRecording {
  readonly id: string;
  /** Null where it was not read again. */
  readonly seconds: number | null;
  /** What is wrong with it, as one sentence; empty where nothing is known to be. */
  readonly fault: string;
}

/** Of one call; more are not listed. */
export const MAX_RECORDINGS = 20;

export interface PastCall {
  readonly id: string;
  readonly accountId: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly peer: { readonly name: string; readonly number: string; readonly uri: string };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly end: CallEnd;
  /** Why it ended, as one sentence; empty where there is nothing to say. */
  readonly reason: string;
  readonly quality: QualitySummary | null;
  /** In the order in which they were made. */
  readonly recordings: readonly PastRecording[];
}

/** A place in the history: that of a call. */
export type HistoryPlace = Pick<PastCall, 'startedAt' | 'id'>;

export const HISTORY_KINDS = ['all', 'missed', 'incoming', 'outgoing', 'recorded'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

export interface HistoryFilter {
  readonly kind: HistoryKind;
  /** Empty for all. */
  readonly accountId: string;
  /** Parts of names, numbers and addresses, in any case and without accents; empty for all. */
  readonly text: string;
  /** Numbers of people who are known by what is looked for: calls with them are found too. */
  readonly numbers: readonly string[];
}

/** A page of calls, newest first: those behind a place, or from the newest on, after so many are passed over. */
export interface HistoryQuestion {
  readonly filter: HistoryFilter;
  readonly after: HistoryPlace | null;
  readonly skip: number;
}

/** Calls that are given at once. */
export const HISTORY_PAGE = 100;
/** Calls that are kept. */
export const MAX_CALLS = 100_000;
/** Of a filter. */
export const MAX_FOUND_NUMBERS = 8;
export const MAX_SOUGHT = 200;

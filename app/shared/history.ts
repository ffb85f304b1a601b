/** What is told of calls that are over. */

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

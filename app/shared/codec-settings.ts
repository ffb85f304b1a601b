/** Which codecs calls may use, in order of preference, and how much sound goes into a packet: for all accounts, or for one. */

/** By their names in SDP. */
export const CODECS = ['opus', 'G722', 'PCMU', 'PCMA'] as const;
export type CodecName = (typeof CODECS)[number];

/** Milliseconds of sound in a packet. */
export const PTIMES = [10, 20, 30, 40, 50, 60] as const;

export interface CodecSettings {
  /** Those that are on, the preferred one first; at least one. */
  readonly codecs: readonly CodecName[];
  readonly ptime: (typeof PTIMES)[number];
}

export const codecDefaults: CodecSettings = { codecs: CODECS, ptime: 20 };

/** Recordings of calls as the window and the main process speak of them. The window names no files: main does. */

/** What a recording turned out to be when it was read again. */
export interface RecordingFacts {
  readonly seconds: number;
  readonly bytes: number;
  /** WebM files of their own, of some seconds each, from its beginning to its end: to be listened to. */
  readonly excerpts: readonly Uint8Array[];
}

/** More in one piece is not taken: a second of speech has 8 kB. */
export const MAX_PIECE = 1_000_000;

/** How long a phone waits before it comes again: before its time runs out, and after an attempt that failed (RFC 5626 §4.5). */

const FIRST_PAUSE = 1_000;
const MAX_PAUSE = 30_000;
/** With another flow at work there is no hurry. */
const FIRST_PAUSE_BESIDE = 90_000;
const MAX_PAUSE_BESIDE = 1_800_000;

/** 75 to 90 % of the time given, and at least 5 s before its end where it is that long; in ms, `chance` between 0 and 1. */
export function refreshAfter(ms: number, chance: number): number {
  const wanted = ms * (0.75 + 0.15 * chance);
  return Math.max(1_000, Math.min(wanted, ms > 10_000 ? ms - 5_000 : ms / 2));
}

export interface Pausing {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Between 0 and 1; spreads phones that lost their server together. */
  readonly chance: number;
  /** Another flow of the account is registered. */
  readonly beside: boolean;
}

/**
 * 1, 2, 4 … 30 s, up to a fifth more by chance: sooner than RFC 5626 §4.5 has it, since nobody can be called meanwhile. With
 * another flow at work 90, 180, 360 … 1800 s as it says, between half and all of it by chance.
 */
export function pauseAfter(failures: number, { chance, beside }: Pausing): number {
  const doubled = 2 ** Math.min(failures, 10);
  return Math.round(
    beside
      ? Math.min(FIRST_PAUSE_BESIDE * doubled, MAX_PAUSE_BESIDE) * (0.5 + 0.5 * chance)
      : Math.min(FIRST_PAUSE * doubled, MAX_PAUSE / 1.2) * (1 + 0.2 * chance),
  );
}

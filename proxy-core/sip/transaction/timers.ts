/** The times of RFC 3261 §17.1.1.1 and table 4, with RFC 6026 §7.1 and §7.2, in milliseconds. */

/** An estimate of the round trip; the first wait before sending again. */
export const T1 = 500;
/** The longest wait between two sendings of a non-INVITE request or an INVITE response. */
export const T2 = 4000;
/** How long a message may stay in the network. */
export const T4 = 5000;
/** Timers B, F, H, J, L and M. */
export const GIVE_UP = 64 * T1;
/** Timer D: at least 32 s. */
export const LINGER = 32_000;
/** A 100 goes out by itself when the user has not answered an INVITE by then (§17.2.1). */
export const TRYING = 200;

export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'trying' | 'cancel';

/**
 * The wait before the next sending and the wait for giving up share one timer: the one that is due first is set. `spent`
 * is how long it has gone on so far.
 */
export interface Resending {
  readonly interval: number;
  readonly spent: number;
}

/** The timer to set next: `again` after the interval, or `last` where giving up comes first. */
export function nextTimer<A extends TimerName, L extends TimerName>(
  { interval, spent }: Resending,
  again: A,
  last: L,
): { readonly type: 'timer'; readonly name: A | L; readonly ms: number } {
  const left = GIVE_UP - spent;
  return interval < left ? { type: 'timer', name: again, ms: interval } : { type: 'timer', name: last, ms: left };
}

/** After one wait: the next one is twice as long, up to `most`. */
export const backOff = ({ interval, spent }: Resending, most = Number.POSITIVE_INFINITY): Resending => ({
  interval: Math.min(2 * interval, most),
  spent: spent + interval,
});

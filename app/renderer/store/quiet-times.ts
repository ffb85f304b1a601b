/** Do not disturb for a time: how long it may be, and its end, which comes by itself, also after a sleep or a restart. */
import type { Clock, Timer } from './clock.ts';
import { callSettingsOf, type ProfileStore, profileOf } from './profile-store.ts';
import type { CallSettings } from './types.ts';

export type QuietTime = 'hour' | 'tomorrow' | 'open';

type Quiet = Pick<CallSettings, 'doNotDisturb' | 'doNotDisturbUntil'>;

export const UNDISTURBED: Quiet = { doNotDisturb: false, doNotDisturbUntil: 0 };

const HOUR = 3_600_000;
/** When people begin to work, and until when the night belongs to the day before. */
const MORNING = 8;
const NIGHT_ENDS = 4;
/** A computer that slept notices so late at most. */
const LOOK_EACH = 60_000;

/** @param now in ms since 1970 */
export function quietFor(time: QuietTime, now: number): Quiet {
  if (time === 'open') return { doNotDisturb: true, doNotDisturbUntil: 0 };
  if (time === 'hour') return { doNotDisturb: true, doNotDisturbUntil: now + HOUR };
  const morning = new Date(now);
  if (morning.getHours() >= NIGHT_ENDS) morning.setDate(morning.getDate() + 1);
  return { doNotDisturb: true, doNotDisturbUntil: morning.setHours(MORNING, 0, 0, 0) };
}

/** Ends it for each account in its time. Gives back the function that stops that. */
export function endQuietTimes(profile: ProfileStore, clock: Clock): () => void {
  let timer: Timer | undefined;
  const look = (): void => {
    timer?.cancel();
    timer = undefined;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const account of profileOf(profile.getState())?.accounts ?? []) {
      const { doNotDisturb, doNotDisturbUntil: until } = callSettingsOf(account);
      if (!doNotDisturb || until === 0) continue;
      if (until <= now) void profile.getState().setCalls(account, UNDISTURBED);
      // What could not be kept is tried again.
      next = Math.min(next, until <= now ? now + LOOK_EACH : until);
    }
    if (Number.isFinite(next)) timer = clock.after(Math.min(next - now, LOOK_EACH), look);
  };
  const release = profile.subscribe((state, before) => {
    if (state.load !== before.load) look();
  });
  look();
  return () => {
    release();
    timer?.cancel();
  };
}

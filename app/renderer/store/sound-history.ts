/** How each live call sounded from its beginning on: the scores of both directions, a few hundred points at most. */
import type { StoreApi } from 'zustand/vanilla';
import { isLive } from './line.ts';
import type { CallSnapshot } from './types.ts';

/** Scores from 1 to 4.5; null where nobody knows. */
export interface SoundPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly here: number | null;
  readonly there: number | null;
}

export interface SoundHistory {
  of(callId: string): readonly SoundPoint[];
  close(): void;
}

/** Points of one call; once there are more, every other one of them goes and new ones come half as often. */
const MOST = 600;
/** Milliseconds between points at first. */
const APART = 1_000;

interface Course {
  points: SoundPoint[];
  apart: number;
}

export function followSound(
  phone: Pick<StoreApi<{ readonly calls: readonly CallSnapshot[] }>, 'subscribe'>,
  now: () => number,
): SoundHistory {
  const courses = new Map<string, Course>();
  const close = phone.subscribe(({ calls }, before) => {
    if (calls === before.calls) return;
    const at = now();
    for (const { id, quality } of calls.filter(isLive)) {
      if (quality?.here == null) continue;
      const course = courses.get(id) ?? { points: [], apart: APART };
      courses.set(id, course);
      const last = course.points.at(-1);
      // Snapshots come whenever anything changes.
      if (last !== undefined && at - last.at < course.apart * 0.9) continue;
      course.points = [...course.points, { at, here: quality.here.mos, there: quality.there?.mos ?? null }];
      if (course.points.length <= MOST) continue;
      course.points = course.points.filter((_, index) => index % 2 === 0);
      course.apart *= 2;
    }
    for (const id of courses.keys()) if (!calls.some((call) => call.id === id && isLive(call))) courses.delete(id);
  });
  return { of: (callId) => courses.get(callId)?.points ?? [], close };
}

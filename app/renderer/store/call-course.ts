/** How many calls the office had, hour by hour or day by day, as a graph shows them: made of what the exchange counted. */
import type { Result } from '../../shared/office-admin.ts';

export type CallCounts = Result<'records.counts'>['items'];
export type Span = 'day' | 'month';

const HOUR_MS = 3_600_000;
const DAYS = 30;

/** What is asked of the exchange: hours, of which days are put together where the person is. ms since 1970. */
export interface Asked {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface CallCourse {
  /** Where each bar begins, ms since 1970; the last one ends at `end`. */
  readonly starts: readonly number[];
  readonly end: number;
  readonly answered: readonly number[];
  readonly others: readonly number[];
}

/** Of the last 24 hours, the one that runs among them, or of 30 days, today among them. @param now ms since 1970. */
export function askedOf(span: Span, now: number): Asked {
  if (span === 'month') return { from: dayBefore(now, DAYS - 1), to: dayBefore(now, -1), step: HOUR_MS };
  const to = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  return { from: to - 24 * HOUR_MS, to, step: HOUR_MS };
}

export function courseOf(span: Span, { from, to }: Asked, counts: CallCounts): CallCourse {
  const starts =
    span === 'month'
      ? Array.from({ length: DAYS }, (_, day) => dayBefore(from, -day))
      : Array.from({ length: 24 }, (_, hour) => from + hour * HOUR_MS);
  const [answered, others] = [starts.map(() => 0), starts.map(() => 0)];
  for (const { at, calls } of counts) {
    const bar = starts.filter((start) => start <= at).length - 1;
    if (bar < 0 || at >= to) continue;
    const all = Object.values(calls).reduce((sum, count) => sum + count, 0);
    answered[bar] = (answered[bar] ?? 0) + (calls.answered ?? 0);
    others[bar] = (others[bar] ?? 0) + all - (calls.answered ?? 0);
  }
  return { starts, end: to, answered, others };
}

/** Midnight here, as many days before that of `ms`; days have 23 to 25 hours. */
function dayBefore(ms: number, days: number): number {
  const day = new Date(ms);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - days).getTime();
}

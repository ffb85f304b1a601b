/** What is in the office, in words: forwards and times. */
import { plural, t } from '@lingui/core/macro';
import type { HandlingInfo } from './office-types.ts';

export type ForwardCase = keyof HandlingInfo['forwards'];

export const FORWARD_CASES = ['always', 'busy', 'no-answer', 'unreachable'] as const satisfies readonly ForwardCase[];

export function forwardCaseWords(when: ForwardCase, seconds: number): string {
  switch (when) {
    case 'always':
      return t`All calls`;
    case 'busy':
      return t`When busy`;
    case 'no-answer':
      return t`When nobody answers for ${seconds} s`;
    case 'unreachable':
      return t`When no phone is registered`;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A span of time, roughly. */
export function spanWords(ms: number): string {
  if (ms < 90_000) return t`${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 2 * HOUR) return t`${Math.round(ms / MINUTE)} min`;
  if (ms < 48 * HOUR) return t`${Math.round(ms / HOUR)} h`;
  return plural(Math.round(ms / (24 * HOUR)), { one: '# day', other: '# days' });
}

/** How long a registration still holds. */
export const untilWords = (expiresAt: number, now: number): string => t`For another ${spanWords(expiresAt - now)}`;

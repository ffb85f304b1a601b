/** What is in the office, in words: forwards and times. */
import type { HandlingInfo } from './office-types.ts';

export type ForwardCase = keyof HandlingInfo['forwards'];

export const FORWARD_CASES = ['always', 'busy', 'no-answer', 'unreachable'] as const satisfies readonly ForwardCase[];

export function forwardCaseWords(when: ForwardCase, seconds: number): string {
  switch (when) {
    case 'always':
      return 'All calls';
    case 'busy':
      return 'When busy';
    case 'no-answer':
      return `When nobody answers for ${seconds} s`;
    case 'unreachable':
      return 'When no phone is registered';
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A span of time, roughly. */
export function spanWords(ms: number): string {
  if (ms < 90_000) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 48 * HOUR) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / (24 * HOUR))} days`;
}

/** How long a registration still holds. */
export const untilWords = (expiresAt: number, now: number): string => `For another ${spanWords(expiresAt - now)}`;

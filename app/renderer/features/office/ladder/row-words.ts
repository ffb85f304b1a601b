/** The words that stand at an arrow, in the person's language. */
import { t } from '@lingui/core/macro';
import { i18n } from '../../../../words/language.ts';
import { said } from '../../../../words/said.ts';
import type { LadderHop } from '../../../store/office-types.ts';
import { seconds } from '../../../store/words.ts';
import { meaningOf } from './message-words.ts';
import type { LadderRow } from './rows.ts';

/** Such as `486 Busy Here` or `INVITE with sound (sent again)`. */
export function labelOf({ arrow: { label, sdp, handled } }: LadderRow): string {
  const named = sdp === undefined ? label : t`${label} with sound`;
  switch (handled) {
    case 'taken':
      return named;
    case 'repeated':
      return t`${named} (sent again)`;
    case 'refused':
      return t`${named} (not let in)`;
    case 'unreadable':
      return t`${named} (not understood)`;
  }
}

/** What the message says, in a few words; empty for what nobody knows. */
export function meaningWords({ arrow }: LadderRow): string {
  if (arrow.fault !== undefined) return said(arrow.fault.reason);
  const meaning = meaningOf(arrow);
  return meaning === undefined ? '' : i18n._(meaning);
}

/** Since the first message: `+1.250 s`. */
export const timeWords = ({ arrow }: LadderRow): string => t`+${seconds(arrow.since, 3)} s`;

export const pauseWords = (ms: number): string => t`${seconds(ms, 1)} s later`;

/** All of it, for whoever hears the diagram. */
export function sentenceOf(row: LadderRow, hops: readonly LadderHop[]): string {
  const name = (column: number): string => hops[column]?.name || hops[column]?.id || '?';
  const [label, from, to, since] = [labelOf(row), name(row.from), name(row.to), seconds(row.arrow.since, 1)];
  const meaning = meaningWords(row);
  return meaning === ''
    ? t`${label}, from ${from} to ${to}, after ${since} s`
    : t`${label}, from ${from} to ${to}, after ${since} s: ${meaning}`;
}

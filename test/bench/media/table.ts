/** The figures of the media gateway as they are printed, and whether they are what they must be. */
import type { TalkTold, Way } from './messages.ts';

export interface Measured {
  readonly calls: number;
  /** So long the main process computed, each second. */
  readonly blockMs: number;
  /** The rounds of each way. */
  readonly found: ReadonlyMap<Way, readonly TalkTold[]>;
  /** The longest gap while the main process computed, ms. */
  readonly gaps: ReadonlyMap<Way, number>;
}

const NAMES: Readonly<Record<Way, string>> = {
  rtp: 'RTP',
  srtp: 'SRTP',
  echo: 'plain dgram',
  'rtpengine-rtp': 'rtpengine RTP',
  'rtpengine-srtp': 'rtpengine SRTP',
};

const at = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const median = (values: readonly number[]): number =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const line = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(16))).join(''));

/** False where a figure is not what it must be. */
export function printTable({ calls, blockMs, found, gaps }: Measured): boolean {
  const ways = [...found.keys()];
  const figure = (way: Way, of: (told: TalkTold) => number): number => median((found.get(way) ?? []).map(of));
  const row = (what: string, of: (told: TalkTold) => number, digits: number, unit: string): void =>
    line([what, ...ways.map((way) => `${figure(way, of).toFixed(digits)} ${unit}`)]);

  line([`${calls} calls, ${calls * 100} packets a second`, ...ways.map((way) => NAMES[way])]);
  row('one way, median', ({ delays }) => at(delays, 0.5), 3, 'ms');
  row('one way, 99 of 100', ({ delays }) => at(delays, 0.99), 3, 'ms');
  row('of one core', ({ core }) => core, 1, '%');
  row('longest gap', ({ longestGap }) => longestGap, 1, 'ms');
  line([
    `longest gap, main blocked for ${blockMs} ms a second`,
    ...ways.map((way) => `${(gaps.get(way) ?? Number.NaN).toFixed(1)} ms`),
  ]);
  row('packets lost', ({ lost }) => lost, 0, '');
  console.log();

  let isReached = true;
  const judged = (what: string, value: number, most: number, unit: string): void => {
    const reached = value <= most;
    if (!reached) isReached = false;
    line([what, `${value.toFixed(2)} ${unit}`, `≤ ${most} ${unit}`, reached ? 'reached' : 'NOT REACHED']);
  };
  for (const kind of ['rtp', 'srtp'] as const) {
    const name = NAMES[kind];
    const added = (way: Way, share: number): number =>
      figure(way, ({ delays }) => at(delays, share)) - figure('echo', ({ delays }) => at(delays, share));
    const core = figure(kind, (told) => told.core);
    line([`${name}: delay added, median`, `${added(kind, 0.5).toFixed(2)} ms`]);
    judged(`${name}: delay added, 99 of 100`, added(kind, 0.99), 2, 'ms');
    judged(`${name}: of one core`, core, 15, '%');
    judged(`${name}: longest gap, main blocked`, gaps.get(kind) ?? Number.NaN, 40, 'ms');
    const other: Way = `rtpengine-${kind}`;
    if (!found.has(other)) continue;
    line([`${name}: CPU, of rtpengine's`, `${(core / figure(other, (told) => told.core)).toFixed(2)} ×`]);
    const way = (share: number): string =>
      `${(figure(kind, ({ delays }) => at(delays, share)) / figure(other, ({ delays }) => at(delays, share))).toFixed(2)} ×`;
    line([`${name}: one way, of rtpengine's, median and 99`, way(0.5), way(0.99)]);
  }
  return isReached;
}

/** Repeats a measurement of several servers, since a machine has other things to do. */
import { median } from './row.ts';

/** So often in a row a round may come to nothing before this rate is given up. */
const TRIES = 3;

/** Gives a figure of each server, undefined where much had to be sent twice. */
export type Round = (perSecond: number) => Promise<readonly (number | undefined)[]>;

export interface Medians {
  /** The rate that it was measured at. */
  readonly perSecond: number;
  /** Of each server. */
  readonly figures: readonly number[];
}

/**
 * The medians of `count` rounds at the first of these rates that this machine has time for: a round in which much had to be
 * sent twice costs more, whoever was at fault, and does not count. A round takes all servers at the same time, so that
 * whatever else this machine does slows them alike.
 */
export async function mediansOf(count: number, rates: readonly number[], round: Round): Promise<Medians> {
  for (const perSecond of rates) {
    const found: (readonly number[])[] = [];
    for (let failed = 0; found.length < count && failed < TRIES; ) {
      const figures = await round(perSecond);
      if (isWhole(figures)) {
        found.push(figures);
        failed = 0;
      } else failed++;
    }
    const [first] = found;
    if (first === undefined) continue;
    return { perSecond, figures: first.map((_, at) => median(found.map((one) => one[at] ?? Number.NaN))) };
  }
  throw new Error('this machine is too busy: no round went without repetitions');
}

const isWhole = (figures: readonly (number | undefined)[]): figures is readonly number[] =>
  figures.every((figure) => figure !== undefined);

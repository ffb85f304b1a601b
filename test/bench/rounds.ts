/** Repeats a measurement of several servers, since a machine has other things to do. */
import { median } from './row.ts';

/** For each that is wanted: beyond them this machine is too busy for any figure to mean something. */
const TRIES = 3;

/**
 * @param once gives a figure of each server, taken at the same time, so that whatever else this machine does slows them
 * alike; undefined where something had to be sent twice: such a round costs more, whoever was at fault, and does not count.
 * @returns the median of each over `count` rounds.
 */
export async function mediansOf(
  count: number,
  once: () => Promise<readonly (number | undefined)[]>,
): Promise<readonly number[]> {
  const rounds: (readonly number[])[] = [];
  for (let tried = 0; rounds.length < count && tried < count * TRIES; tried++) {
    const figures = await once();
    if (isWhole(figures)) rounds.push(figures);
  }
  const [first] = rounds;
  if (first === undefined) throw new Error('this machine is too busy: no round went without repetitions');
  return first.map((_, at) => median(rounds.map((round) => round[at] ?? Number.NaN)));
}

const isWhole = (figures: readonly (number | undefined)[]): figures is readonly number[] =>
  figures.every((figure) => figure !== undefined);

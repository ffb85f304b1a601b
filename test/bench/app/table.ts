/** The figures of the desktop program as they are printed, beside another's, and whether they are what they must be. */

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const line = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(14))).join(''));

export class Table {
  isReached = true;

  constructor() {
    line(['', 'Tandem', 'Linphone', 'ratio', 'must']);
  }

  /** Medians. @param most what it must not be above; undefined: it is only told. */
  row(
    what: string,
    own: readonly number[],
    other: readonly number[],
    most: number | undefined,
    unit: string,
    digits = 0,
  ): void {
    const [ours, theirs] = [median(own), median(other)];
    const missed = most !== undefined && !(ours <= most);
    if (missed) this.isReached = false;
    line([
      what,
      `${ours.toFixed(digits)} ${unit}`,
      Number.isNaN(theirs) ? '–' : `${theirs.toFixed(digits)} ${unit}`,
      Number.isNaN(theirs) ? '' : `${(ours / theirs).toFixed(2)} ×`,
      most === undefined ? '' : `≤ ${most} ${unit}${missed ? ' MISSED' : ''}`,
    ]);
  }
}

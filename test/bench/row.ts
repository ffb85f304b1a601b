/** What a row of the table is, and how it is printed. */

export interface Scale {
  /** Fewer rounds and smaller ones, for a first look. */
  readonly quick: boolean;
  /** The built `tandem` command. */
  readonly program: string;
}

/** One figure, with its like of Kamailio from the same run where there is one. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly digits: number;
  readonly tandem: number;
  readonly kamailio?: number;
  /** What is to be compared with `must` and `aim`: the figure itself unless given. */
  readonly measure?: number;
  /** Bounds: at most, or at least where `more` is better. */
  readonly must?: number;
  readonly aim?: number;
  readonly more?: boolean;
}

export interface Row {
  /** For `--only`. */
  readonly name: string;
  run(scale: Scale): Promise<readonly Figure[]>;
}

/** A figure that is judged by its ratio to Kamailio's. */
export const compared = (figure: Figure & { readonly kamailio: number }): Figure => ({
  ...figure,
  measure: figure.tandem / figure.kamailio,
});

const WIDTHS = [58, 16, 16, 8, 9, 9, 8] as const;
const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[i] ?? 8))).join('');

export const heading = (): string => line(['', 'Tandem', 'Kamailio', 'ratio', 'must', 'aim', 'reached']);

export function printed(figure: Figure): string {
  const { what, unit, digits, tandem, kamailio, must, aim, more = false } = figure;
  const shown = (value: number): string => `${grouped(value, digits)} ${unit}`;
  const bound = (value: number | undefined): string =>
    value === undefined ? '' : `${more ? '≥' : '≤'} ${value >= 1000 ? grouped(value, 0) : value}`;
  const ratio = kamailio === undefined ? '' : `${(tandem / kamailio).toFixed(2)} ×`;
  const other = kamailio === undefined ? '–' : shown(kamailio);
  return line([what, shown(tandem), other, ratio, bound(must), bound(aim), verdict(figure)]);
}

function verdict({ tandem, measure = tandem, must, aim, more = false }: Figure): string {
  const isWithin = (bound: number): boolean => (more ? measure >= bound : measure <= bound);
  if (must === undefined) return '';
  if (aim !== undefined && isWithin(aim)) return 'aim';
  return isWithin(must) ? 'must' : 'NO';
}

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

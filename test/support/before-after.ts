/** Prints what there was before many calls and after them. */

const line = (...cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(36) : cell.padStart(16))).join('');

export function printBeforeAfter(
  what: string,
  rows: readonly (readonly [name: string, before: number, after: number, unit?: string])[],
): void {
  const lines = rows.map(([name, before, after, unit = '']) => line(name, `${before}${unit}`, `${after}${unit}`));
  console.log([line(what, 'before', 'after'), ...lines].join('\n'));
}

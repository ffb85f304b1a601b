/** How commands print what they found. */
import type { Output } from './io.ts';

export function printJson(out: Output, value: unknown): void {
  out.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A table in columns; nothing for no rows, so that a script can count lines. */
export function printTable(out: Output, head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  const shown = rows.map((row) => row.map(printable));
  const widths = head.map((title, column) =>
    shown.reduce((w, row) => Math.max(w, row[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  out.write([head, ...shown].map((row) => `${line(row)}\n`).join(''));
}

/** One line for each title and its value. */
export function printPairs(out: Output, pairs: readonly (readonly string[])[]): void {
  const lines = pairs.map(([title = '', value = '']) => `${title.padEnd(11)}${printable(value)}`.trimEnd());
  out.write(`${lines.join('\n')}\n`);
}

/** What came from the network must not steer the terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\ufffd');

/** Writes a part of much, and waits until it has gone where the reader is slow. */
export async function writeOut(out: Output, text: string): Promise<void> {
  if (out.write(text) !== false || out.once === undefined) return;
  await new Promise<void>((resolve) => out.once?.('drain', resolve));
}

/** Draws a ladder for a terminal: a column for each address, an arrow for each message. */
import type { Ladder, LadderArrow } from '../node/control/index.ts';
import { printable } from './output.ts';
import { clockTime } from './time.ts';

/** Between two columns, and before the first. */
const WIDTH = 26;
const LEFT = 26;
/** More columns than that are no picture any more; the others share the last one. */
const MOST_COLUMNS = 6;

export function drawLadder({ hops, arrows, callIds }: Ladder): string {
  const column = new Map(hops.map(({ id }, index) => [id, Math.min(index, MOST_COLUMNS - 1)]));
  const shown = hops.slice(0, MOST_COLUMNS);
  const heads = [shown.map(({ name }) => name), shown.map(({ id }) => (id === 'exchange' ? '' : id))];
  const lines = heads.map((texts) => `${' '.repeat(LEFT - WIDTH / 2)}${texts.map(centred).join('')}`.trimEnd());
  for (const arrow of arrows) lines.push(arrowLine(arrow, column, shown.length));
  return `${callIds.map((id) => `Call-ID ${id}`).join('\n')}\n${lines.map(printable).join('\n')}\n`.replaceAll(
    '\ufffd',
    '?',
  );
}

function arrowLine(arrow: LadderArrow, column: ReadonlyMap<string, number>, count: number): string {
  const [from = 0, to = 0] = [column.get(arrow.fromHop), column.get(arrow.toHop)];
  const [left, right] = from < to ? [from, to] : [to, from];
  const inner = (right - left) * WIDTH - 1;
  const text = labelOf(arrow).slice(0, Math.max(0, inner - 4));
  const dashes = Math.max(2, inner - text.length - 2);
  const line = from < to ? `${'-'.repeat(dashes - 1)} ${text} >` : `< ${text} ${'-'.repeat(dashes - 1)}`;
  const bars = (columns: number): string => `|${' '.repeat(WIDTH - 1)}`.repeat(columns);
  const rest = count - 1 - right;
  const after = rest > 0 ? `${' '.repeat(WIDTH - 1)}|`.repeat(rest) : '';
  const time = `${clockTime(arrow.at, 3)} +${(arrow.since / 1000).toFixed(3)}`.padEnd(LEFT);
  return `${time}${bars(left)}|${line.padEnd(inner, from < to ? '-' : '-')}|${after}`;
}

function labelOf({ label, handled, sdp }: LadderArrow): string {
  return `${label}${sdp === undefined ? '' : ' (SDP)'}${handled === 'taken' ? '' : ` [${handled}]`}`;
}

function centred(text: string): string {
  const cut = printable(text).slice(0, WIDTH - 1);
  const before = Math.floor((WIDTH - cut.length) / 2);
  return `${' '.repeat(before)}${cut}`.padEnd(WIDTH);
}

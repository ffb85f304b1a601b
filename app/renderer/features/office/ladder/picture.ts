/** A ladder as one SVG, to be kept or sent: in light colours, whatever the window has. */
import type { LadderHop } from '../../../store/office-types.ts';
import type { LadderRow, RowKind } from './rows.ts';

export interface PictureOptions {
  readonly title: string;
  readonly hops: readonly LadderHop[];
  readonly rows: readonly LadderRow[];
  /** Of a row: what stands over its arrow, under it, and beside it. */
  readonly labelOf: (row: LadderRow) => string;
  readonly meaningOf: (row: LadderRow) => string;
  readonly timeOf: (row: LadderRow) => string;
  readonly pauseOf: (ms: number) => string;
}

const LEFT = 96;
const COLUMN = 200;
const HEAD = 96;
const ROW = 48;
const PAUSE = 24;
const COLOURS: Readonly<Record<RowKind, string>> = {
  request: '#151a18',
  progress: '#54605a',
  success: '#0b7457',
  challenge: '#54605a',
  redirect: '#7a4c00',
  failure: '#a92323',
  unreadable: '#7a4c00',
};

/** @returns the text of an SVG document. */
export function pictureOf(options: PictureOptions): string {
  const { title, hops, rows } = options;
  const width = LEFT + COLUMN * hops.length;
  const centre = (column: number): number => LEFT + COLUMN * column + COLUMN / 2;
  const parts: string[] = [];
  let y = HEAD;
  for (const row of rows) {
    if (row.pause !== undefined) {
      parts.push(text(LEFT / 2, y + 16, options.pauseOf(row.pause), 'middle', 11, '#54605a'));
      y += PAUSE;
    }
    const [from, to] = [centre(row.from), centre(row.to)];
    const [colour, line, middle] = [COLOURS[row.kind], y + 24, (from + to) / 2];
    const room = Math.abs(to - from) - 16;
    parts.push(
      text(LEFT - 12, line + 4, options.timeOf(row), 'end', 11, '#54605a'),
      text(middle, line - 6, fitting(options.labelOf(row), room, 7), 'middle', 12, colour, 600),
      text(middle, line + 15, fitting(options.meaningOf(row), room, 6), 'middle', 11, '#54605a'),
      arrow(from, to, line, colour, row.arrow.handled === 'repeated'),
    );
    y += ROW;
  }
  const height = y + 24;
  const columns = hops.flatMap(({ id, name, userAgent }, column) => [
    `<path d="M${centre(column)} ${HEAD - 8}V${height - 16}" stroke="#dbe0de"/>`,
    text(centre(column), 52, fitting(name || id, COLUMN - 12, 8), 'middle', 14, '#151a18', 600),
    text(centre(column), 68, fitting(name === '' ? '' : columnAddress(id), COLUMN - 12, 6), 'middle', 11, '#54605a'),
    text(centre(column), 82, fitting(userAgent, COLUMN - 12, 6), 'middle', 11, '#54605a'),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(16, 24, title, 'start', 14, '#151a18', 600),
    ...columns,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** The exchange has no address of its own in a ladder. */
export const columnAddress = (id: string): string => (id === 'exchange' ? '' : id);

function arrow(from: number, to: number, y: number, colour: string, isDashed: boolean): string {
  const back = to > from ? -8 : 8;
  const dash = isDashed ? ' stroke-dasharray="4 3"' : '';
  return [
    `<path d="M${from} ${y}H${to}" stroke="${colour}" stroke-width="1.5"${dash}/>`,
    `<path d="M${to} ${y}l${back} -4v8z" fill="${colour}"/>`,
  ].join('');
}

function text(x: number, y: number, words: string, anchor: string, size: number, fill: string, weight = 400): string {
  if (words === '') return '';
  const font = `font-family="system-ui, sans-serif" font-size="${size}" font-weight="${weight}"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${font} fill="${fill}">${escaped(words)}</text>`;
}

/** An SVG breaks no lines: what is longer than its place is cut. */
function fitting(words: string, room: number, perCharacter: number): string {
  const most = Math.floor(room / perCharacter);
  const characters = [...words];
  return characters.length <= most ? words : `${characters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
/** Without what XML cannot hold (XML 1.0 §2.2). */
const escaped = (words: string): string =>
  words.replace(/[\p{Cc}\ufffe\uffff]/gu, '').replace(/[<>&"]/g, (character) => ENTITIES[character] ?? character);

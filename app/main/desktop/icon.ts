/**
 * Draws the signs of the tray and the taskbar out of shapes: a handset, and beside it what is going on. Nothing is
 * loaded, and each size is drawn anew, so that it is sharp.
 */
import type { TrayState } from '../../shared/desktop.ts';
import { encodePng } from './png.ts';

export interface TrayIcon {
  readonly state: TrayState;
  /** Something was missed. */
  readonly missed: boolean;
  /** Of the panel it stands on; `template` is black alone, and the system colours it (macOS). */
  readonly panel: 'light' | 'dark' | 'template';
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
/** Tells whether a point of the unit square belongs to the shape. */
type Shape = (x: number, y: number) => boolean;
/** A later one lies over an earlier one; null cuts a hole. */
type Layer = readonly [shape: Shape, colour: Colour | null];

const GREEN: Colour = [0x1f, 0xa8, 0x7a, 1];
const RED: Colour = [0xd9, 0x3a, 0x35, 1];
const AMBER: Colour = [0xe0, 0x9a, 0x1c, 1];
const WHITE: Colour = [0xff, 0xff, 0xff, 1];
const INK: Readonly<Record<TrayIcon['panel'], Colour>> = {
  light: [0x2b, 0x33, 0x30, 1],
  dark: [0xf2, 0xf5, 0xf4, 1],
  template: [0, 0, 0, 1],
};

/** Points of each pixel along one side. */
const FINE = 5;

/** @param size px along one side */
export function drawTrayIcon(icon: TrayIcon, size: number): Buffer {
  return draw(trayLayers(icon), size);
}

/** A red disc with the number, for the taskbar of Windows. */
export function drawCount(count: number, size: number): Buffer {
  const text = count > 9 ? '9+' : String(count);
  return draw([[disc(0.5, 0.5, 0.5), RED], ...figures(text).map((shape): Layer => [shape, WHITE])], size);
}

function trayLayers({ state, missed, panel }: TrayIcon): readonly Layer[] {
  const ink = INK[panel];
  const plain = panel === 'template';
  const layers: Layer[] = [[handset, state === 'offline' ? faded(ink) : ink]];
  if (state === 'offline') layers.push([slash(0.14), null], [slash(0.055), ink]);
  const sign = (colour: Colour) => layers.push([disc(0.73, 0.27, 0.25), plain ? ink : colour]);
  if (state === 'in-call') sign(GREEN);
  else if (state === 'ringing') sign(AMBER);
  else if (state === 'do-not-disturb') {
    sign(RED);
    layers.push([bar(0.57, 0.22, 0.89, 0.32), plain ? null : WHITE]);
  } else if (missed && state === 'ready') {
    sign(RED);
    // Without colours it is told from a call by its hole.
    if (plain) layers.push([disc(0.73, 0.27, 0.12), null]);
  }
  return layers;
}

const faded = ([red, green, blue]: Colour): Colour => [red, green, blue, 0.6];

const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) <= radius;

const bar =
  (left: number, top: number, right: number, bottom: number): Shape =>
  (x, y) =>
    x >= left && x <= right && y >= top && y <= bottom;

/** From above on the right to below on the left. */
const slash =
  (half: number): Shape =>
  (x, y) =>
    Math.abs(x + y - 1) / Math.SQRT2 <= half && Math.abs(x - y) < 0.9;

/** An arch with a piece for the ear and one for the mouth, laid aslant: above on the right there is room for a sign. */
function handset(x: number, y: number): boolean {
  const [dx, dy] = [x - 0.485, y - 0.515];
  const [along, across] = [(dx + dy) / Math.SQRT2, (dy - dx) / Math.SQRT2];
  return arch(along, across) || piece(Math.abs(along) - 0.41, across - 0.03);
}

function arch(along: number, across: number): boolean {
  const far = Math.hypot(along, across + 0.42);
  return Math.abs(along) <= 0.39 && across > 0 && far <= 0.76 && far >= 0.55;
}

/** With round corners, around its middle. */
function piece(along: number, across: number): boolean {
  const [dx, dy] = [Math.max(Math.abs(along) - 0.08, 0), Math.max(Math.abs(across) - 0.1, 0)];
  return Math.hypot(dx, dy) <= 0.06;
}

/** Five rows from above, each of three squares as the bits of an octal digit. */
const FIGURES: Readonly<Record<string, string>> = {
  ...{ 1: '26227', 2: '71747', 3: '71717', 4: '55711', 5: '74717', 6: '74757', 7: '71122', 8: '75757', 9: '75717' },
  '+': '02720',
};
/** Of one such square. */
const WIDE = 0.1;
const HIGH = 0.12;

function figures(text: string): readonly Shape[] {
  const start = 0.5 - (text.length * 4 * WIDE - WIDE) / 2;
  return [...text].map((figure, place) => (x, y) => {
    const [column, row] = [Math.floor((x - start) / WIDE - place * 4), Math.floor((y - 0.5) / HIGH + 2.5)];
    const bits = row < 0 || row > 4 ? '0' : (FIGURES[figure]?.[row] ?? '0');
    return column >= 0 && column < 3 && ((Number(bits) >> (2 - column)) & 1) === 1;
  });
}

/** Each pixel is the mean of its points. */
function draw(layers: readonly Layer[], size: number): Buffer {
  const pixels = new Uint8Array(size * size * 4);
  for (let at = 0; at < size * size; at += 1) {
    const [left, top] = [at % size, Math.floor(at / size)];
    let [red, green, blue, alpha] = [0, 0, 0, 0];
    for (let point = 0; point < FINE * FINE; point += 1) {
      const x = (left + ((point % FINE) + 0.5) / FINE) / size;
      const y = (top + (Math.floor(point / FINE) + 0.5) / FINE) / size;
      const colour = colourAt(layers, x, y);
      if (colour === null) continue;
      red += colour[0] * colour[3];
      green += colour[1] * colour[3];
      blue += colour[2] * colour[3];
      alpha += colour[3];
    }
    if (alpha === 0) continue;
    pixels.set([red / alpha, green / alpha, blue / alpha, (alpha / FINE ** 2) * 255].map(Math.round), at * 4);
  }
  return encodePng(size, size, pixels);
}

function colourAt(layers: readonly Layer[], x: number, y: number): Colour | null {
  let found: Colour | null = null;
  for (const [shape, colour] of layers) if (shape(x, y)) found = colour;
  return found;
}

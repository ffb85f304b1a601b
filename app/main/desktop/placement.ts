/** Where the small windows stand: always whole inside the part of a screen that programs may use. Whole pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area extends Point, Size {}

/** Between a window and the edge of the screen. */
export const MARGIN = 16;

/** What a page may want; larger and smaller is cut. */
const LEAST: Size = { width: 200, height: 40 };
const MOST: Size = { width: 520, height: 720 };

/** What the page wants, as far as it fits. */
export function sizeWithin(wanted: Size, area: Area): Size {
  const one = (side: 'width' | 'height') =>
    Math.min(Math.max(Math.ceil(wanted[side]), LEAST[side]), MOST[side], Math.max(area[side] - 2 * MARGIN, 1));
  return { width: one('width'), height: one('height') };
}

/** Where the system shows its own notices: below on the right on Windows, above on the right elsewhere. */
export function cornerPlace(size: Size, area: Area, platform: NodeJS.Platform): Area {
  const x = area.x + area.width - size.width - MARGIN;
  const y = platform === 'win32' ? area.y + area.height - size.height - MARGIN : area.y + MARGIN;
  return inside({ x, y, ...size }, area);
}

/** The bar's first place: above, in the middle. */
export function topPlace(size: Size, area: Area): Area {
  return inside({ x: area.x + Math.round((area.width - size.width) / 2), y: area.y + MARGIN, ...size }, area);
}

/** The same window, moved into the area that shows most of it, or that is nearest. */
export function keptInside(window: Area, areas: readonly Area[]): Area {
  let best: { readonly area: Area; readonly distance: number; readonly shared: number } | undefined;
  for (const area of areas) {
    const [shared, distance] = [overlap(window, area), distanceOf(window, area)];
    if (!best || shared > best.shared || (shared === best.shared && distance < best.distance)) {
      best = { area, distance, shared };
    }
  }
  return best === undefined ? window : inside(window, best.area);
}

/** Where it does not fit, its beginning is what is seen. */
function inside(window: Area, area: Area): Area {
  const x = Math.max(Math.min(window.x, area.x + area.width - window.width), area.x);
  const y = Math.max(Math.min(window.y, area.y + area.height - window.height), area.y);
  return { x: Math.round(x), y: Math.round(y), width: window.width, height: window.height };
}

function overlap(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function distanceOf(a: Area, b: Area): number {
  const apart = (from: number, length: number, start: number, room: number) =>
    Math.max(start - (from + length), from - (start + room), 0);
  return Math.hypot(apart(a.x, a.width, b.x, b.width), apart(a.y, a.height, b.y, b.height));
}

import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { drawCount, drawTrayIcon } from '../../../../../app/main/desktop/icon.ts';
import { TRAY_STATES } from '../../../../../app/shared/desktop.ts';

/** Red, green, blue and alpha of the pixel at a place of the unit square. */
function pixelOf(png: Buffer, x: number, y: number): number[] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  const side = png.readUInt32BE(16);
  const length = png.readUInt32BE(33);
  expect(png.toString('latin1', 37, 41)).toBe('IDAT');
  const rows = inflateSync(png.subarray(41, 41 + length));
  expect(rows.length).toBe(side * (side * 4 + 1));
  const at = Math.floor(y * side) * (side * 4 + 1) + 1 + Math.floor(x * side) * 4;
  return [...rows.subarray(at, at + 4)];
}

it.each([16, 18, 32])('each state has a sign of its own, %i pixels wide', (side) => {
  for (const panel of ['light', 'dark'] as const) {
    const signs = TRAY_STATES.flatMap((state) => [drawTrayIcon({ state, missed: false, panel }, side)]);
    signs.push(drawTrayIcon({ state: 'ready', missed: true, panel }, side));
    expect(new Set(signs.map((sign) => sign.toString('base64'))).size).toBe(TRAY_STATES.length + 1);
  }
});

it('the handset is dark on light and light on dark, around it the panel is seen', () => {
  const [light, dark] = (['light', 'dark'] as const).map((panel) =>
    drawTrayIcon({ state: 'ready', missed: false, panel }, 64),
  ) as [Buffer, Buffer];
  const belly = [0.3, 0.7] as const;
  expect(pixelOf(light, ...belly)).toEqual([0x2b, 0x33, 0x30, 255]);
  expect(pixelOf(dark, ...belly)).toEqual([0xf2, 0xf5, 0xf4, 255]);
  for (const icon of [light, dark]) expect(pixelOf(icon, 0.75, 0.25)).toEqual([0, 0, 0, 0]);
});

it('a call is green, do not disturb and a missed call are red', () => {
  const sign = (state: 'in-call' | 'do-not-disturb' | 'ready', missed: boolean) =>
    pixelOf(drawTrayIcon({ state, missed, panel: 'dark' }, 64), 0.73, 0.1);
  expect(sign('in-call', true)).toEqual([0x1f, 0xa8, 0x7a, 255]);
  expect(sign('do-not-disturb', false)).toEqual([0xd9, 0x3a, 0x35, 255]);
  expect(sign('ready', true)).toEqual([0xd9, 0x3a, 0x35, 255]);
});

it('for macOS nothing but black, by its alpha', () => {
  const icon = drawTrayIcon({ state: 'in-call', missed: true, panel: 'template' }, 36);
  for (let at = 0; at < 36 * 36; at += 1) {
    expect(pixelOf(icon, (at % 36) / 36, Math.floor(at / 36) / 36).slice(0, 3)).toEqual([0, 0, 0]);
  }
});

it('counts up to nine, and then more', () => {
  const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((count) => drawCount(count, 16).toString('base64'));
  expect(new Set(counts).size).toBe(10);
  expect(drawCount(10, 16)).toEqual(drawCount(99, 16));
});

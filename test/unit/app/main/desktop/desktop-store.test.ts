import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDesktopStore } from '../../../../../app/main/desktop/desktop-store.ts';
import { desktopDefaults } from '../../../../../app/shared/desktop.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-desktop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('comes back as it was left, with the place of the bar and what the person was told', async () => {
  const first = await openDesktopStore(folder);
  expect([first.settings, first.bar, first.toldOfTray]).toEqual([desktopDefaults, undefined, false]);
  const wanted = { ...desktopDefaults, callBar: false };
  expect(await first.set(wanted)).toEqual({ ok: true, value: undefined });
  await first.remember({ bar: { x: -20, y: 40 } });
  await first.remember({ toldOfTray: true });
  const again = await openDesktopStore(folder);
  expect([again.settings, again.bar, again.toldOfTray]).toEqual([wanted, { x: -20, y: 40 }, true]);
});

it('takes a file of a version that knew less', async () => {
  writeFileSync(join(folder, 'desktop.json'), '{"notices": false}');
  expect((await openDesktopStore(folder)).settings).toEqual({ ...desktopDefaults, notices: false });
});

it.each([
  ['a word for a switch', { callBar: 'yes' }],
  ['a place that is none', { bar: { x: 1e9, y: 0 } }],
])('takes no %s from the file', async (_, change) => {
  writeFileSync(join(folder, 'desktop.json'), JSON.stringify(change));
  expect((await openDesktopStore(folder)).settings).toEqual(desktopDefaults);
  expect(readdirSync(folder)[0]).toMatch(/^desktop\.json\.corrupt-/);
});

it('takes nothing but switches from the page, and its habits are not the page’s to set', async () => {
  const store = await openDesktopStore(folder);
  await expect(store.set({ ...desktopDefaults, notices: 1 })).rejects.toThrow();
  await store.set({ ...desktopDefaults, bar: { x: 1, y: 1 }, toldOfTray: true });
  expect([store.bar, store.toldOfTray]).toEqual([undefined, false]);
});

it('says why a setting could not be kept; a habit is only lost', async () => {
  const store = await openDesktopStore(folder);
  mkdirSync(join(folder, 'desktop.json.new', 'x'), { recursive: true });
  expect(await store.set(desktopDefaults)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/could not save/),
  });
  await store.remember({ bar: { x: 1, y: 1 } });
  expect(store.bar).toBeUndefined();
});

/**
 * Every screen in a real window of Electron: axe finds no breach of WCAG 2.2 AA, nothing is cut or has to be scrolled
 * sideways, all that can be pressed gets the keyboard and shows that it has it.
 */
import { resolve } from 'node:path';
import axe from 'axe-core';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showState, statesOf } from '../../scripts/screens/show.mjs';
import { openSite } from '../../scripts/screens/site.mjs';
import { electronPath, LOADER } from '../support/electron.ts';
import { breaches, misplaced, unseenFocus } from '../support/screens/faults.ts';

const sizes = { small: [360, 560], wide: [1000, 700], between: [760, 600], edge: [900, 600] } as const;
/** Where much stands beside each other, or with long words. */
const DENSE = /^(idle-empty|in-call|two-talks|no-sound|recorded|conference|sign-in|office-overview|office-records)$/;
type Size = keyof typeof sizes;

let site: Awaited<ReturnType<typeof openSite>>;
let app: ElectronApplication;
let page: Page;
let names: readonly string[];

beforeAll(async () => {
  site = await openSite();
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const blank = resolve(import.meta.dirname, '../support/blank-window');
  app = await _electron.launch({
    executablePath: electronPath(),
    args: [...asRoot, '-r', LOADER, '--disable-gpu', blank],
    timeout: 60_000,
  });
  page = await app.firstWindow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(site.url);
  await page.evaluate(axe.source);
  names = await statesOf(page);
});

afterAll(async () => {
  await app?.close();
  await site?.close();
});

async function resize(size: Size): Promise<void> {
  const [width, height] = sizes[size];
  await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setContentSize(to[0], to[1]), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, sizes[size]);
}

/** Each fault with the screen that has it; `look` finds them once the screen is there. */
async function inEachState(
  language: string,
  look: (tell: (found: string[], where: string) => void) => Promise<void>,
  which = names,
) {
  const faults: string[] = [];
  for (const name of which) {
    await showState(page, name, language);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await look((found, where) => faults.push(...found.map((fault) => `${name}, ${where}: ${fault}`)));
  }
  return faults;
}

const COLOURS = ['color-contrast'];

test('a small window, light and dark', { timeout: 300_000 }, async () => {
  await resize('small');
  const faults = await inEachState('en', async (tell) => {
    await page.emulateMedia({ colorScheme: 'light' });
    tell(await page.evaluate(breaches, null), 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    tell(await page.evaluate(breaches, COLOURS), 'dark');
    tell(await page.evaluate(misplaced), 'small');
    await page.keyboard.press('Shift');
    tell(await page.evaluate(unseenFocus), 'small');
  });
  expect(faults).toEqual([]);
});

test('a wide window, dark and in high contrast', { timeout: 300_000 }, async () => {
  await resize('wide');
  const faults = await inEachState('en', async (tell) => {
    await page.emulateMedia({ colorScheme: 'dark', contrast: 'no-preference' });
    tell(await page.evaluate(breaches, ['color-contrast', 'target-size', 'page-has-heading-one']), 'dark');
    await page.emulateMedia({ contrast: 'more' });
    tell(await page.evaluate(breaches, ['color-contrast-enhanced']), 'dark, high contrast');
    await page.emulateMedia({ colorScheme: 'light' });
    tell(await page.evaluate(breaches, ['color-contrast-enhanced']), 'light, high contrast');
    tell(await page.evaluate(misplaced), 'wide');
  });
  await page.emulateMedia({ contrast: 'no-preference' });
  expect(faults).toEqual([]);
});

test('nothing is cut or stands out in Russian and Czech', { timeout: 300_000 }, async () => {
  await resize('small');
  const faults = await inEachState('cs', async (tell) => {
    tell(await page.evaluate(misplaced), 'cs');
    await page.evaluate('screens.speak("ru")');
    tell(await page.evaluate(misplaced), 'ru');
  });
  expect(faults).toEqual([]);
});

test.each(['between', 'edge'] as const)('a window of a size in the middle: %s', { timeout: 120_000 }, async (size) => {
  await resize(size);
  const dense = names.filter((name) => DENSE.test(name));
  const faults = await inEachState('en', async (tell) => tell(await page.evaluate(misplaced), size), dense);
  expect(faults).toEqual([]);
});

/**
 * Takes the pictures in docs/screens: each state of the window from fakes, in a real browser, under the same content
 * security policy as the product. `--all DIR` takes every state into DIR, in both sizes, light, dark and in high contrast;
 * `--only NAME,NAME` some states; `--size small,wide`, `--look light,dark,contrast,forced` and `--language ru` narrow it
 * down or lead further. Wants a Chromium: TANDEM_CHROMIUM or one of the usual names.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { root } from './project.mjs';
import { showState, statesOf } from './screens/show.mjs';
import { openSite } from './screens/site.mjs';

const [small, wide] = ['small', 'wide'];
const sizes = { small: { width: 360, height: 560 }, wide: { width: 1000, height: 700 } };
const looks = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'light', contrast: 'more' },
  'contrast-dark': { colorScheme: 'dark', contrast: 'more' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
};

/** The pictures that are kept: state, size, look. */
const kept = [
  ['sign-in', small, 'light'],
  ['sign-in', wide, 'dark'],
  ['sign-in-found', small, 'light'],
  ['welcome', wide, 'dark'],
  ['password-asked', small, 'dark'],
  ['idle', small, 'light'],
  ['idle', wide, 'light'],
  ['idle', wide, 'dark'],
  ['dial-search', small, 'light'],
  ['dial-search', wide, 'dark'],
  ['dial-prefix', wide, 'light'],
  ['dial-office', small, 'dark'],
  ['dialling', small, 'dark'],
  ['offline', small, 'dark'],
  ['incoming', small, 'dark'],
  ['incoming', wide, 'light'],
  ['incoming-message', small, 'light'],
  ['incoming-send', small, 'dark'],
  ['small-incoming', small, 'light'],
  ['small-bar', wide, 'dark'],
  ['small-bar-trouble', wide, 'light'],
  ['small-bar-keypad', wide, 'light'],
  ['call-devices', small, 'dark'],
  ['in-call', wide, 'light'],
  ['reconnecting', small, 'light'],
  ['conference', wide, 'dark'],
  ['transfer', small, 'light'],
  ['keypad', small, 'light'],
  ['two-calls', wide, 'dark'],
  ['two-talks', wide, 'light'],
  ['conference-eight', small, 'light'],
  ['call-sound', small, 'dark'],
  ['ended', small, 'light'],
  ['sound', small, 'light'],
  ['sound', wide, 'dark'],
  ['settings-found', small, 'light'],
  ['settings-accounts', wide, 'dark'],
  ['settings-keys', small, 'light'],
  ['device-gone', wide, 'light'],
  ['no-sound', small, 'light'],
  ['recording', wide, 'dark'],
  ['recorded', small, 'light'],
  ['echo-test', wide, 'light'],
  ['recent', small, 'light'],
  ['recent', wide, 'dark'],
  ['people', small, 'light'],
  ['people', wide, 'dark'],
  ['people-office', small, 'dark'],
  ['people-office', wide, 'light'],
  ['contact-edit', small, 'dark'],
  ['contacts-import', wide, 'light'],
  ['conversation', wide, 'light'],
  ['messages-found', small, 'dark'],
  ['conversation-failed', small, 'dark'],
  ['connection', wide, 'light'],
  ['certificate', small, 'dark'],
  ['office-added', wide, 'light'],
  ['office-overview', wide, 'light'],
  ['office-month', wide, 'light'],
  ['office-users', wide, 'dark'],
  ['office-user', wide, 'light'],
  ['office-user', small, 'dark'],
  ['office-code', wide, 'light'],
  ['office-code', small, 'dark'],
  ['office-overview', small, 'dark'],
  ['office-calls', wide, 'light'],
  ['office-records', small, 'light'],
  ['office-record', wide, 'dark'],
  ['office-ladder', wide, 'light'],
  ['office-ladder-message', small, 'dark'],
  ['office-lamps', wide, 'light'],
  ['office-lamp-lists', small, 'dark'],
  ['office-watchers', wide, 'dark'],
  ['office-security', wide, 'light'],
  ['office-security', small, 'dark'],
  ['office-refused', wide, 'light'],
  ['office-refused', small, 'dark'],
  ['office-trusted', small, 'light'],
  ['office-domains', wide, 'dark'],
  ['office-settings', wide, 'light'],
  ['office-settings', small, 'dark'],
  ['office-kept', wide, 'light'],
  ['office-diagnosis', wide, 'light'],
  ['office-traffic', small, 'dark'],
  ['office-log', wide, 'light'],
  ['office-log', small, 'light'],
  ['add-user', small, 'light'],
  ['long-names', small, 'dark'],
];

const { values } = parseArgs({
  options: Object.fromEntries(['all', 'only', 'size', 'look', 'language'].map((name) => [name, { type: 'string' }])),
});
const asked = (name, otherwise) => values[name]?.split(',') ?? otherwise;
const out = values.all ?? join(root, 'docs', 'screens');
await mkdir(out, { recursive: true });
let site;
let browser;
try {
  site = await openSite();
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const faults = await takeAll(site.url);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await browser?.close();
  await site?.close();
}

/** Gives what the page complained about. */
async function takeAll(url) {
  const list = values.all ? everything(await namesAt(url)) : kept;
  const faults = [];
  for (const [state, size, look] of list) {
    if (!asked('only', [state]).includes(state)) continue;
    const context = await browser.newContext({ viewport: sizes[size], reducedMotion: 'reduce', ...looks[look] });
    const page = await context.newPage();
    page.on('console', (said) => said.type() === 'error' && faults.push(`${state}: ${said.text()}`));
    page.on('pageerror', (error) => faults.push(`${state}: ${error.message}`));
    await page.goto(url);
    await showState(page, state, values.language);
    const language = values.language ? `-${values.language}` : '';
    const seen = state.startsWith('small-') ? await smallWindow(context, state.endsWith('-keypad')) : page;
    await seen.screenshot({ path: join(out, `${state}-${size}-${look}${language}.png`), caret: 'hide' });
    await context.close();
  }
  return faults;
}

/** What is in the window beside the page, which the page opens by itself. */
async function smallWindow(context, withKeypad) {
  const next = async () => context.pages()[1] ?? (await context.waitForEvent('page'));
  let page = await next();
  if (withKeypad) {
    const closed = page.waitForEvent('close');
    await page.getByRole('button', { name: 'Keypad' }).click();
    await closed;
    page = await next();
  }
  return page.locator('.small-content');
}

async function namesAt(url) {
  const page = await browser.newPage();
  await page.goto(url);
  const names = await statesOf(page);
  await page.close();
  return names;
}

function everything(names) {
  const inSizes = asked('size', Object.keys(sizes));
  const inLooks = asked('look', ['light', 'dark', 'contrast']);
  return names.flatMap((name) => inSizes.flatMap((size) => inLooks.map((look) => [name, size, look])));
}

function findChromium() {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = [process.env.TANDEM_CHROMIUM, ...usual].find((path) => path && existsSync(path));
  if (!found) throw new Error('Pictures want a Chromium: install chromium or set TANDEM_CHROMIUM to one.');
  return found;
}

/**
 * Takes the pictures in docs/screens: each state of the window from fakes, in a real browser, under the same content
 * security policy as the product. `--all DIR` takes every state in both sizes and both looks into DIR;
 * `--only NAME,NAME` some states. Wants a Chromium: TANDEM_CHROMIUM or one of the usual names.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import react from '@vitejs/plugin-react';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { root } from './project.mjs';
import { words } from './words/vite-plugin.mjs';

const small = { width: 360, height: 560 };
const wide = { width: 1000, height: 700 };

/** The pictures that are kept: state, size, look. */
const kept = [
  ['sign-in', small, 'light'],
  ['sign-in', wide, 'dark'],
  ['password-asked', small, 'dark'],
  ['idle', small, 'light'],
  ['idle', wide, 'light'],
  ['idle', wide, 'dark'],
  ['offline', small, 'dark'],
  ['incoming', small, 'dark'],
  ['incoming', wide, 'light'],
  ['in-call', wide, 'light'],
  ['reconnecting', small, 'light'],
  ['conference', wide, 'dark'],
  ['transfer', small, 'light'],
  ['keypad', small, 'light'],
  ['two-calls', wide, 'dark'],
  ['ended', small, 'light'],
  ['sound', small, 'light'],
  ['sound', wide, 'dark'],
  ['device-gone', wide, 'light'],
  ['no-sound', small, 'light'],
  ['recording', wide, 'dark'],
  ['recorded', small, 'light'],
  ['echo-test', wide, 'light'],
  ['people', small, 'light'],
  ['people', wide, 'dark'],
  ['contact-edit', small, 'dark'],
  ['contacts-import', wide, 'light'],
  ['conversation', wide, 'light'],
  ['conversation-failed', small, 'dark'],
  ['connection', wide, 'light'],
  ['certificate', small, 'dark'],
  ['office-added', wide, 'light'],
  ['office-overview', wide, 'light'],
  ['office-users', wide, 'dark'],
  ['office-user', wide, 'light'],
  ['office-user', small, 'dark'],
  ['office-overview', small, 'dark'],
  ['office-calls', wide, 'light'],
  ['office-records', small, 'light'],
  ['office-record', wide, 'dark'],
  ['office-ladder', wide, 'light'],
  ['office-ladder-message', small, 'dark'],
  ['office-security', wide, 'light'],
  ['office-security', small, 'dark'],
  ['office-domains', wide, 'dark'],
  ['office-settings', wide, 'light'],
  ['office-settings', small, 'dark'],
  ['office-log', wide, 'light'],
  ['office-log', small, 'light'],
  ['add-user', small, 'light'],
  ['long-names', small, 'dark'],
];

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'";
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const { values } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string' } } });
const out = values.all ?? join(root, 'docs', 'screens');
await mkdir(out, { recursive: true });
const site = await mkdtemp(join(tmpdir(), 'tandem-screens-'));
const server = createServer((request, response) => void serve(request, response));
let browser;
try {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(root, 'test', 'support', 'screens'),
    plugins: [words(), react()],
    build: { outDir: site, emptyOutDir: true, target: 'chrome114' },
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}/index.html`;
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const faults = await takeAll(base);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await browser?.close();
  server.close();
  await rm(site, { recursive: true, force: true });
}

/** Gives what the page complained about. */
async function takeAll(base) {
  const list = values.all ? everything(await namesAt(base)) : kept;
  const faults = [];
  for (const [state, viewport, colorScheme] of list) {
    if (values.only && !values.only.split(',').includes(state)) continue;
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (said) => said.type() === 'error' && faults.push(`${state}: ${said.text()}`));
    page.on('pageerror', (error) => faults.push(`${state}: ${error.message}`));
    await page.goto(`${base}?state=${state}`);
    await page.getByRole('status', { name: 'Line' }).waitFor();
    for (const { press, choose, fill, open, turn, see, give } of await page.evaluate(() => window.steps)) {
      if (fill) await page.getByRole('textbox', { name: fill[0], exact: true }).fill(fill[1]);
      if (give)
        await page.getByLabel(give[0]).setInputFiles({ name: give[1], mimeType: '', buffer: Buffer.from(give[2]) });
      if (press) await page.getByRole('button', { name: press, exact: true }).click();
      if (open) await page.locator('summary', { hasText: open }).last().click();
      if (see) await page.getByLabel(see, { exact: true }).scrollIntoViewIfNeeded();
      if (turn) await page.getByRole('switch', { name: turn, exact: true }).click();
      if (choose) await page.getByRole('menuitem', { name: choose, exact: true }).click();
    }
    await page.mouse.move(0, 0);
    await page.screenshot({
      path: join(out, `${state}-${viewport === small ? 'small' : 'wide'}-${colorScheme}.png`),
      caret: 'hide',
    });
    await context.close();
  }
  return faults;
}

async function namesAt(base) {
  const page = await browser.newPage();
  await page.goto(base);
  const names = await page.evaluate(() => window.names);
  await page.close();
  return names;
}

function everything(names) {
  return names.flatMap((name) => [small, wide].flatMap((size) => ['light', 'dark'].map((look) => [name, size, look])));
}

async function serve(request, response) {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const body = await readFile(join(site, path));
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(body);
  } catch {
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  }
}

function findChromium() {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = [process.env.TANDEM_CHROMIUM, ...usual].find((path) => path && existsSync(path));
  if (!found) throw new Error('Pictures want a Chromium: install chromium or set TANDEM_CHROMIUM to one.');
  return found;
}

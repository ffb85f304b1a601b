/** What the desktop keeps of the phone is real: links lead to the phone that runs, and the next start has the chosen look. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pressOnDisplay } from '../support/display-keys.ts';
import { launchTandem, type Tandem } from '../support/electron.ts';
import { until } from '../support/until.ts';

const home = mkdtempSync(join(tmpdir(), 'tandem-desktop-'));
const dataDir = join(home, 'profile');
const env = { XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
let tandem: Tandem;

const launch = async () => {
  tandem = await launchTandem({ dataDir, env });
};
/** One that needs no server: it is there at once. */
const account = {
  ...{ id: 'direct', number: '1001', displayName: 'Ada', server: '', outboundProxy: '' },
  settings: { registrar: false },
};
beforeAll(async () => {
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'profile.json'), JSON.stringify({ version: 2, accounts: [account], hosting: false }));
  await launch();
});
afterAll(async () => {
  await tandem?.close();
  rmSync(home, { recursive: true, force: true });
});

const turnOn = (name: string) => tandem.page.getByRole('switch', { name }).click();

/** The command of a `.desktop` file, as a desktop reads it. */
function commandIn(path: string): string[] {
  const line = /^Exec=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replace(/\\\\/g, '\\').replace(/\\(.)/g, '$1').replace(/%%/g, '%'),
  );
}

function run(program: string, ...words: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out })));
}

test('a link of another program stands in the field of the phone that runs; a hostile one is refused', async () => {
  const { page } = tandem;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('protocol');
  await page.getByRole('button', { name: /^Open links to numbers/ }).click();
  await page.keyboard.press('Space');
  const links = page.getByRole('switch', { name: 'Open links to numbers in Tandem' });
  await until('the switch', async () => (await links.getAttribute('aria-checked')) === 'true', 10_000);

  const chosen = (await run('xdg-mime', 'query', 'default', 'x-scheme-handler/callto')).out.trim();
  const [program = '', ...words] = commandIn(join(env.XDG_DATA_HOME, 'applications', chosen));
  const open = (link: string) => run(program, ...words.map((word) => (word === '%u' ? link : word)));
  expect((await open('callto:+420%20221%20000%20007')).code).toBe(0);
  const field = page.getByLabel('Name or number', { exact: true });
  await until('the number', async () => (await field.inputValue()) === '+420221000007');
  await open(`tel:${'1'.repeat(65_536)}`);
  await page.getByText('The link is too long').first().waitFor();
  await open('sip:1002@office.example?Replaces=a');
  await page.getByText('The link wants more').first().waitFor();
  expect(await field.inputValue()).toBe('+420221000007');
  expect(await page.getByRole('status', { name: 'Line' }).textContent()).toBe('Idle');
});

test('a key chosen by pressing it is held by the system, and the selected text stands in the field', async () => {
  const { page, app } = tandem;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('call the selected');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Alt+Shift+F9');
  const chooser = page.getByRole('button', { name: 'Call the selected text', exact: true });
  await until('the key', async () => (await chooser.textContent()) === 'Ctrl + Alt + Shift + F9');
  await until('the system', () => app.evaluate((e) => e.globalShortcut.isRegistered('Control+Alt+Shift+F9')));
  await app.evaluate(async ({ clipboard }, text) => {
    // Earlier versions of Electron have one clipboard object for both.
    const earlier = clipboard as unknown as { writeText(text: string, kind: 'selection'): void };
    const selection: typeof clipboard | undefined = clipboard.selection;
    if (selection) await selection.writeText(text);
    else earlier.writeText(text, 'selection');
  }, '+49 (30) 90 18 20');
  await pressOnDisplay(['Control_L', 'Alt_L', 'Shift_L', 'F9']);
  const field = page.getByLabel('Name or number', { exact: true });
  await until('the number', async () => (await field.inputValue()) === '+4930901820');
});

test('the start with the computer and the look outlast the program', async () => {
  const { page } = tandem;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'This computer' }).click();
  await turnOn('Start when I log in');
  await page.getByRole('combobox', { name: 'Light or dark' }).selectOption('dark');
  await turnOn('High contrast');
  await until('the file', () => existsSync(join(env.XDG_CONFIG_HOME, 'autostart')), 10_000);
  // Playwright has its own word on what the page sees of it.
  const look = () => tandem.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  await until('the dark look', async () => (await look()) === 'dark');
  await tandem.close();
  await launch();
  expect(await look()).toBe('dark');
  await until(
    'high contrast',
    () => tandem.page.evaluate<boolean>('document.documentElement.dataset.contrast === "more"'),
    10_000,
  );
});

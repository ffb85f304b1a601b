/**
 * An office gives a code, also as a picture and on paper; another Tandem finds the office by its name, joins with the code
 * alone, and calls. The link of a code waits for the person, and what is used up or too old is refused.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readJoinLink, writeJoinLink } from '../../app/shared/join-link.ts';
import { openSqlite } from '../../proxy-core/node/store/sqlite.ts';
import { tandem } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { codesIn, codesPrinted } from '../support/qr-code.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-joining-'));
const windows: PhoneWindow[] = [];
/** Of the code that the first test uses up. */
let used = '';
afterAll(async () => {
  for (const window of windows) await window.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<PhoneWindow> {
  const window = await PhoneWindow.open();
  windows.push(window);
  return window;
}

async function addUser({ page }: PhoneWindow, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Add user', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Add user', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(`${name} was added`).waitFor();
  return (await page.getByRole('status', { name: 'Code', exact: true }).textContent()) ?? '';
}

/** The clipboard of the newest Electron gives a promise. */
const copied = ({ app }: PhoneWindow): Promise<string> => app.evaluate(async ({ clipboard }) => clipboard.readText());

test('a colleague joins with a code alone, and calls', { timeout: 60_000 }, async () => {
  const host = await open();
  await host.page.getByRole('switch', { name: 'Host an office on this computer' }).click();
  const shown = host.page.getByText(/127\.0\.0\.1:\d+/).first();
  await shown.waitFor({ timeout: 20_000 });
  const server = /127\.0\.0\.1:\d+/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  await addUser(host, 'Ada');
  await host.press('Sign this computer in as 1001');
  await host.accountShows(/registered/i);
  await host.page.getByRole('link', { name: 'Office' }).click();
  const code = await addUser(host, 'Ben');
  expect(code).toMatch(/^\w{3}-\w{3}-\w{3}$/);
  used = writeJoinLink({ code, server });
  expect(readJoinLink(used)).toEqual({ code: code.replaceAll('-', ''), server });
  await host.press('Copy link');
  await until('the link to be copied', async () => (await copied(host)) === used);
  const picture = host.page.getByRole('img', { name: 'The code and the address of the office', exact: true });
  expect(await codesIn(await picture.screenshot())).toEqual([used]);

  // The page for him, as a file.
  const file = join(folder, 'Ben.pdf');
  await host.app.evaluate(({ dialog }, filePath) => {
    Object.assign(dialog, { showSaveDialog: async () => ({ canceled: false, filePath }) });
  }, file);
  await host.press('Save as PDF…');
  await expect
    .poll(() => readFileSync(file, { flag: 'a+' }).subarray(0, 5).toString(), { timeout: 20_000 })
    .toBe('%PDF-');
  expect(await codesPrinted(file)).toEqual([used]);

  const guest = await open();
  const { page } = guest;
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(code.toLowerCase());
  await page.getByRole('combobox', { name: 'Office on this network' }).selectOption(server, { timeout: 20_000 });
  await guest.press('Join');
  await page.getByText('Welcome, Ben. Your number is 1002.').waitFor();
  await guest.accountShows(/registered/i);

  await guest.call('1001');
  await host.lineShows(/incoming call from/i);
  await host.press('Answer');
  await guest.lineShows(/in a call/i);
  expect((await guest.hears(50)).lost).toBe(0);
  await guest.press('Hang up');
});

/** As the desktop does with a link: the program is started once more with it, which hands it to the one that runs. */
async function follow(link: string, { dataDir }: PhoneWindow): Promise<void> {
  const start = resolve(import.meta.dirname, '../../scripts/start.mjs');
  const [code] = await once(spawn(process.execPath, [start, '--data', dataDir, link], { stdio: 'ignore' }), 'exit');
  expect(code).toBe(0);
}

test('the link of a code opens joining and does nothing by itself; one that is too old or used up says what to do', {
  timeout: 60_000,
}, async () => {
  const [host, guest] = windows;
  if (host === undefined || guest === undefined) throw new Error('nobody has joined');
  const office = ['--data', join(host.dataDir, 'office')];
  const told = async (...words: string[]) => JSON.parse(await tandem(...words, '--json', ...office));
  const { code } = await told('invite', 'add', '1002');
  const link = writeJoinLink({ code, server: readJoinLink(used)?.server ?? '' });

  await follow(link, guest);
  const dialog = guest.page.getByRole('dialog', { name: 'Add account', exact: true });
  const field = dialog.getByRole('textbox', { name: 'Code', exact: true });
  await until('the link in the field', async () => (await field.inputValue()) === link);
  await dialog.getByText(/The link leads to the office at 127\.0\.0\.1:\d+\. Join it if you know/).waitFor();
  // The office has heard nothing of it.
  expect(await told('invite', 'list', '1002')).toMatchObject([{ id: code.slice(0, 3), attemptsLeft: 5 }]);
  expect(await told('device', 'list')).toHaveLength(1);

  const database = openSqlite(join(host.dataDir, 'office/tandem.db'), 2_000);
  database.exec('UPDATE invites SET expires_at = 1');
  database.close();
  const refused = async () => {
    await dialog.getByRole('button', { name: 'Join', exact: true }).click();
    const said = /or is too old\. Look at it once more, or ask for a new one\./;
    await dialog.getByRole('alert').filter({ hasText: said }).waitFor();
  };
  await refused();
  await field.fill(used);
  await refused();
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
  expect(await told('device', 'list')).toHaveLength(1);
});

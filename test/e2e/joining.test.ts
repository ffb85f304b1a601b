/** An office gives a code; another Tandem finds the office by its name, joins with the code alone, and calls. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PhoneWindow } from '../support/phone-window.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-joining-'));
const windows: PhoneWindow[] = [];
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

  // The page for him, as a file.
  const file = join(folder, 'Ben.pdf');
  await host.app.evaluate(({ dialog }, filePath) => {
    Object.assign(dialog, { showSaveDialog: async () => ({ canceled: false, filePath }) });
  }, file);
  await host.press('Save as PDF…');
  await expect
    .poll(() => readFileSync(file, { flag: 'a+' }).subarray(0, 5).toString(), { timeout: 20_000 })
    .toBe('%PDF-');

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

/** One window hosts an office and adds two users; two windows sign in there, and call each other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PhoneWindow } from '../support/phone-window.ts';

let host: PhoneWindow;
let guest: PhoneWindow;
let server = '';

const addUser = async (number: string, name: string, password: string): Promise<void> => {
  const { page } = host;
  await page.getByRole('button', { name: 'Add user', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Number', exact: true }).fill(number);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Add user', exact: true }).click();
  await page.getByText(name, { exact: true }).first().waitFor();
};

beforeAll(async () => {
  host = await PhoneWindow.open();
  guest = await PhoneWindow.open();
});

afterAll(async () => {
  await guest?.close();
  await host?.close();
});

test('hosting an office shows its address and takes users', async () => {
  await host.page.getByRole('switch', { name: 'Host an office on this computer' }).click();
  const shown = host.page.getByText(/127\.0\.0\.1:\d+/).first();
  await shown.waitFor({ timeout: 20_000 });
  server = /127\.0\.0\.1:\d+/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  expect(server).toMatch(/^127\.0\.0\.1:\d+$/);
  await addUser('1001', 'Ada Host', 'ada-secret-1');
  await addUser('1002', 'Ben Guest', 'ben-secret-2');
});

test('both windows sign in at it', async () => {
  const phoneTab = host.page.getByRole('tab', { name: 'Phone' }).or(host.page.getByRole('link', { name: 'Phone' }));
  if ((await phoneTab.count()) > 0) await phoneTab.first().click();
  await host.register({ number: '1001', password: 'ada-secret-1', server });
  await guest.register({ number: '1002', password: 'ben-secret-2', server });
});

test('they call each other, hear each other, and either hangs up', async () => {
  for (const [caller, callee, number] of [
    [host, guest, '1002'],
    [guest, host, '1001'],
  ] as const) {
    await caller.call(number);
    await callee.lineShows(/incoming call from/i);
    await caller.lineShows(/ringing/i);
    await callee.press('Answer');
    await caller.lineShows(/in a call/i);
    const [a, b] = await Promise.all([caller.hears(100), callee.hears(100)]);
    expect(a.lost).toBe(0);
    expect(b.lost).toBe(0);
    await callee.press('Hang up');
    await caller.lineShows(/call ended|idle/i);
    await callee.lineShows(/call ended|idle/i);
  }
});

/** The office is administered in its window: a user is added, a forward set and undone, a ban lifted, a failed call explained. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tandem } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

let profile: string;
let window: PhoneWindow | undefined;
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'tandem-pages-'));
});
afterEach(async () => {
  await window?.close();
  rmSync(profile, { recursive: true, force: true });
});

/** The first bytes of a capture in the format pcapng. */
const PCAPNG = '0a0d0d0a';

test('a user is added, a forward set and undone, a ban from elsewhere seen and lifted, a failed call explained', async () => {
  const office = join(profile, 'office');
  window = await PhoneWindow.open({ dataDir: profile });
  const { page } = window;
  const openPage = (name: string) =>
    page.getByRole('navigation', { name: 'Office pages' }).getByRole('link', { name, exact: true }).click();
  const done = () => page.getByRole('status', { name: 'Done' }).textContent();

  await page.getByRole('switch', { name: 'Host an office on this computer', exact: true }).click();
  for (const [number, name] of [
    ['1001', 'Ada'],
    ['1002', 'Ben'],
  ] as const) {
    await window.press('Add user');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Number', exact: true }).fill(number);
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await dialog.getByRole('button', { name: 'Add user', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  await window.press('Sign this computer in as 1002');
  await window.accountShows(/registered/i);
  await window.call('1001');
  await window.lineShows(/call ended/i);
  await page.getByRole('link', { name: 'Office', exact: true }).click();
  await openPage('Users');
  await window.press('Open Ben');

  await window.press('Forward: When busy');
  await page.getByRole('textbox', { name: 'Forward to', exact: true }).fill('1001');
  await window.press('Save');
  await until('the forward to be set', async () => (await done()) === 'Calls to Ben are forwarded to 1001.');
  const kept = async () => JSON.parse(await tandem('forward', 'show', '1002', '--json', '--data', office));
  expect((await kept()).forwards).toEqual({ busy: '1001' });
  await window.press('Undo');
  await until('it to be undone', async () => (await done()) === 'It is as it was before.');
  expect((await kept()).forwards).toEqual({});

  await openPage('Security');
  await page.getByText('Nobody is kept out').waitFor();
  await tandem('ban', 'add', '203.0.113.9', '--data', office);
  await window.press('Let in 203.0.113.9');
  await until('it to be let in', async () => (await done()) === '203.0.113.9 is let in again.');
  await page.getByText('Nobody is kept out').waitFor();

  await window.press('Trusted');
  await window.press('Trust a network…');
  await page.getByRole('textbox', { name: 'Network', exact: true }).fill('203.0.113.7/24');
  await window.press('Trust');
  await page.getByRole('button', { name: 'Remove 203.0.113.0/24', exact: true }).waitFor();
  expect(await tandem('trust', 'list', '--data', office)).toContain('203.0.113.0/24');
  await window.press('Undo');
  await page.getByText('Only this computer is trusted').waitFor();

  await openPage('Changes');
  await page.getByRole('button', { name: /^Undo Let in/ }).click();
  await until('the ban to be there again', async () => {
    const bans = JSON.parse(await tandem('ban', 'list', '--json', '--data', office)) as { address: string }[];
    return bans.some(({ address }) => address === '203.0.113.9');
  });

  await openPage('Calls');
  await window.press('Past');
  await page
    .getByRole('list', { name: 'Past calls' })
    .getByRole('button', { name: /^Open .*Ben.*Ada/ })
    .click();
  await window.press('Messages');
  await page
    .getByText(/Ada.* is known but none of its phones is registered/)
    .first()
    .waitFor();
  await page
    .getByRole('button', { name: /^INVITE.*, from / })
    .first()
    .click();
  await page.getByText(/^Who was called\. /).waitFor();
  await page.keyboard.press('Escape');
  const capture = join(profile, 'call.pcapng');
  await window.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, capture);
  await window.press('Save the messages');
  await page.getByRole('menuitem', { name: 'For Wireshark…' }).click();
  await until('the capture', () => readFileSync(capture, { flag: 'a+' }).subarray(0, 4).toString('hex') === PCAPNG);
});

test('users come from a table, the whole office from a backup, and the person is asked who is told of calls', async () => {
  const [office, backup] = [join(profile, 'office'), join(profile, 'office.tandem')];
  window = await PhoneWindow.open({ dataDir: profile });
  const { page, app } = window;
  // Whoever chooses files is the person, in a dialog of the system.
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] });
  }, backup);
  const openPage = (name: string) =>
    page.getByRole('navigation', { name: 'Office pages' }).getByRole('link', { name, exact: true }).click();
  const numbers = async () => {
    const users = JSON.parse(await tandem('user', 'list', '--json', '--data', office)) as { number: string }[];
    return users.map(({ number }) => number);
  };

  await page.getByRole('switch', { name: 'Host an office on this computer', exact: true }).click();
  await openPage('Users');
  const many = Array.from({ length: 60 }, (_, at) => `${2000 + at},pass,Zoë ${at}\n`).join('');
  const buffer = Buffer.from(`number,password,name\n1001,pass-1,Ada\n1002,pass-2,Ben\n${many}`);
  await page.getByLabel('File of users').setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('searchbox', { name: 'Find a user' }).fill('ZOE');
  const far = page.getByRole('button', { name: 'Open Zoë 40', exact: true });
  await until('the list to be scrolled there', async () => {
    await page.locator('.vlist').evaluate((list) => list.scrollBy(0, 400));
    return far.isVisible();
  });
  await far.scrollIntoViewIfNeeded();
  const before = await far.boundingBox();
  await far.click();
  await window.press('All users');
  await far.waitFor();
  // Where it was, but for a row that was measured meanwhile.
  expect(Math.abs(((await far.boundingBox())?.y ?? 0) - (before?.y ?? Number.NaN))).toBeLessThan(60);
  await page.getByRole('searchbox', { name: 'Find a user' }).fill('');
  await window.press('Open Ben');
  expect((await numbers()).slice(0, 3)).toEqual(['1001', '1002', '2000']);

  await openPage('Settings');
  await window.press('Back up…');
  await page.getByText(/The office is in office\.tandem/).waitFor();
  await tandem('user', 'remove', '1002', '--data', office);
  await window.press('Put a backup back…');
  await page.getByText(/1 comes back: 1002@/).waitFor();
  await window.press('Put back');
  await page.getByText('The office is the one of office.tandem now.').waitFor();
  expect((await numbers()).slice(0, 3)).toEqual(['1001', '1002', '2000']);

  // Before any call is told to anybody a box of the system asks, which the page cannot answer.
  const willAnswer = (answer: number) =>
    app.evaluate(({ dialog }, response) => {
      dialog.showMessageBox = async (...args: readonly unknown[]) => {
        Object.assign(globalThis, { asked: args.at(-1) });
        return { response, checkboxChecked: false };
      };
    }, answer);
  const told = async () => JSON.parse(await tandem('records', 'webhook', '--json', '--data', office)).url;
  const [yes, no] = [0, 1];
  await willAnswer(no);
  await openPage('Calls');
  await window.press('Keeping');
  await window.press('Change who is told of calls');
  await page.getByRole('textbox', { name: 'Address of the program', exact: true }).fill('https://crm.office.example/a');
  await window.press('Save');
  await page.getByText('Nothing was changed.').waitFor();
  expect(await app.evaluate(() => (globalThis as { asked?: { message: string } }).asked?.message)).toBe(
    'Tell crm.office.example of every call of the office?',
  );
  expect(await told()).toBeUndefined();
  await willAnswer(yes);
  await window.press('Save');
  await page.getByText('https://crm.office.example/a').waitFor();
  expect(await told()).toBe('https://crm.office.example/a');
  await window.press('Undo');
  await page.getByText('None. A program').waitFor();
  expect(await told()).toBeUndefined();
});

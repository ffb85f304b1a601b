/**
 * A day with the phone, in its real window: people are added, imported, found, called by name, removed and brought back;
 * one writes with linphone, is not disturbed for an hour, looks a call up, and speaks another language from then on.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { Linphone } from '../support/linphone.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { DAV_PASSWORD, DAV_USER, Radicale } from '../support/radicale.ts';
import { Tray } from '../support/tray.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-everyday-'));
const dataDir = join(folder, 'profile');
const ZOFIE = 'Žofie Dvořáková';

let exchange: ExchangeProcess;
let tray: Tray;
let phone: PhoneWindow;
let other: Linphone;
let books: Radicale;

/** With a language of its own, whatever the computer that tests has. */
const open = () =>
  PhoneWindow.open({ dataDir, env: { DBUS_SESSION_BUS_ADDRESS: tray.bus, LANGUAGE: 'en_US', LC_ALL: 'en_US.UTF-8' } });

beforeAll(async () => {
  exchange = await ExchangeProcess.start({ users: { 1001: 'window-pass', 1002: 'linphone-pass' } });
  [tray, books] = await Promise.all([Tray.open(), Radicale.start()]);
  phone = await open();
  await phone.register({ number: '1001', password: 'window-pass', server: exchange.server });
  other = await Linphone.start({ number: '1002', password: 'linphone-pass', server: exchange.server });
  for (const line of ['soundcard use files', 'autoanswer enable']) other.type(line);
});

afterAll(async () => {
  await other?.close();
  await phone?.close();
  await books?.stop();
  await tray?.close();
  await exchange?.close();
  rmSync(folder, { recursive: true, force: true });
});

const go = (name: string) => phone.page.getByRole('link', { name, exact: true }).click();
const list = (name: string) => phone.page.getByRole('list', { name, exact: true });
const dialog = (name: string) => phone.page.getByRole('dialog', { name, exact: true });
const text = (name: string) => phone.page.getByRole('textbox', { name, exact: true });

async function inMenu(menu: string, item: string): Promise<void> {
  await phone.press(menu);
  await phone.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** What was done, as the page says it. */
const done = (words: string) => phone.page.getByRole('status', { name: 'Done' }).filter({ hasText: words }).waitFor();

test('somebody is added, found without accents, and called by name from the one field', async () => {
  const { page } = phone;
  await go('People');
  await phone.press('Add contact');
  await text('Name').fill(ZOFIE);
  await text('Number').fill('1002');
  await dialog('Add contact').getByRole('button', { name: 'Save' }).click();
  await dialog('Add contact').waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Find people' }).fill('dvorak zof');
  await list('Contacts').getByText(ZOFIE).waitFor();

  await go('Phone');
  const field = page.getByRole('combobox', { name: 'Name or number' });
  await field.pressSequentially('zof');
  await page.getByRole('option', { name: ZOFIE }).waitFor();
  await field.press('ArrowDown');
  await page.getByText(/^Will call Žofie Dvořáková, 1002 by 1001/).waitFor();
  await field.press('Enter');
  await phone.lineShows(/in a call with Žofie Dvořáková/i);
  await phone.press('Hang up');
  await phone.lineShows(/call ended|idle/i);
});

test('contacts are read from a vCard and written into one; one is changed, removed, and brought back', async () => {
  const { page, app } = phone;
  await go('People');
  const cards = [
    ['FN:Émile Zola', 'TEL;TYPE=CELL:+33 1 23 45 67 89'],
    ['FN:Zofie', 'TEL:1002', 'EMAIL:zofie@office.example'],
  ].map((lines) => ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n'));
  const file = { name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from(cards.join('')) };
  await page.getByLabel('File of contacts').setInputFiles(file);
  await dialog('Import contacts').getByText('Read: 2. New: 1. Known by a number or an e-mail: 1.').waitFor();
  await dialog('Import contacts').getByRole('button', { name: 'Import', exact: true }).click();
  await done('Contacts added: 1, changed: 1.');

  await inMenu('More for Émile Zola', 'Edit…');
  await text('Company').fill('Aurore');
  await dialog('Edit contact').getByRole('switch', { name: 'Favourite' }).click();
  await dialog('Edit contact').getByRole('button', { name: 'Save' }).click();
  await list('Favourites').getByText('Aurore').waitFor();

  await inMenu('More for Émile Zola', 'Remove');
  await done('Émile Zola was removed.');
  await list('Favourites').waitFor({ state: 'detached' });
  await phone.press('Undo');
  await list('Favourites').getByText('Émile Zola').waitFor();

  const saved = join(folder, 'contacts.vcf');
  await app.evaluate(({ dialog: boxes }, filePath) => {
    boxes.showSaveDialog = async () => ({ canceled: false, filePath });
  }, saved);
  await inMenu('More for people', 'Export as vCards…');
  const written = () => readFileSync(saved, { encoding: 'utf8', flag: 'a+' });
  await until('both in the file', () => [ZOFIE, 'Émile Zola', 'ORG:Aurore'].every((word) => written().includes(word)));
});

test('an address book on a server stands beside them, and takes a change from here', async () => {
  const card = ['BEGIN:VCARD', 'VERSION:3.0', 'UID:karel', 'FN:Karel Čapek', 'TEL:+420 777 000 111', 'END:VCARD', ''];
  await books.put('office', 'karel.vcf', card.join('\r\n'));
  await inMenu('More for people', 'Address books and directories…');
  await phone.press('Add address books…');
  await text('Server or e-mail address').fill(`http://127.0.0.1:${books.port}`);
  await text('User name').fill(DAV_USER);
  await phone.page.getByLabel('Password', { exact: true }).fill(DAV_PASSWORD);
  await dialog('Add address books').getByRole('button', { name: 'Add', exact: true }).click();
  await dialog('Add address books').waitFor({ state: 'detached' });
  await phone.page.keyboard.press('Escape');
  await list('Book office').getByText('Karel Čapek').waitFor();
  await inMenu('More for Karel Čapek', 'Edit…');
  await text('Note').fill('R.U.R.');
  await dialog('Edit contact').getByRole('button', { name: 'Save' }).click();
  await until('the card on the server', async () => (await books.get('office', 'karel.vcf')).includes('NOTE:R.U.R.'));
});

test('one writes with linphone: a conversation, what became of a message, and what is found in it', async () => {
  const { page } = phone;
  await inMenu(`More for ${ZOFIE}`, 'Write a message');
  await text('Message').fill('Kdy přijdeš?');
  await text('Message').press('Enter');
  await until('linphone to show it', () => other.texts.some((one) => one.includes('Kdy přijdeš?')));
  const log = page.getByRole('log', { name: 'Messages' });
  await log
    .getByRole('listitem')
    .filter({ hasText: 'Kdy přijdeš?' })
    .getByText(/Sent|Delivered/)
    .waitFor();
  other.type(`chat sip:1001@${exchange.server} Hned jsem tam`);
  await log.getByText('Hned jsem tam').waitFor();

  await go('Phone');
  other.type(`chat sip:1001@${exchange.server} Otevřeš mi?`);
  await page.getByRole('link', { name: 'Messages' }).getByText('1').waitFor();
  await go('Messages');
  await page.getByRole('searchbox', { name: 'Find a message' }).fill('otevres');
  await list('Found messages').getByText('Otevřeš mi?').waitFor();
});

test('not disturbed for an hour: callers are told so, the tray ends it, and the next call that is missed is found', async () => {
  const { page } = phone;
  await inMenu('Account menu', 'Do not disturb for an hour');
  await phone.accountShows(/Do not disturb until \d{1,2}:\d\d/);
  const call = `call sip:1001@${exchange.server}`;
  other.type(call);
  await other.waitFor(/Establishing call[\s\S]*Call \d+ with .* error/);
  expect(await phone.line()).toMatch(/^(?:Call ended|Idle)/);

  await until('the tray to know', async () => (await tray.menu()).includes('Take calls again'));
  await tray.press('Take calls again');
  await phone.accountShows(/registered/i);
  await go('Phone');
  other.type(call);
  await phone.lineShows(/incoming call from Žofie Dvořáková/i);
  await phone.press('Message…');
  await phone.press('I cannot talk now. I will call you back.');
  await until('linphone to be told', () => other.texts.some((one) => one.includes('I will call you back')));
  await phone.lineShows(/call ended|idle/i);

  other.type(call);
  await phone.lineShows(/incoming call/i);
  other.type('terminate');
  await until('the tray to count it', async () => (await tray.menu()).includes('1 missed call'));
  await go('Recent');
  await page.getByRole('searchbox', { name: 'Find a call' }).fill('dvorak');
  await page.getByRole('combobox', { name: 'Which calls' }).selectOption('missed');
  const missed = list('Recent calls').getByRole('listitem');
  await missed.getByText(/^Missed call · /).waitFor();
  expect(await missed.count()).toBe(1);
});

test('another language holds at once, also for times and the tray, and is spoken again after a restart', async () => {
  const when = () => list('Recent calls').getByText(/^Missed call · .*[AP]M$/);
  await when().waitFor();
  await go('Settings');
  await phone.page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Čeština' });
  await go('Nedávné');
  await list('Nedávné hovory')
    .getByText(/ · \d{1,2}:\d\d$/)
    .first()
    .waitFor();
  expect(await phone.page.getByText(/\d [AP]M\b/).count()).toBe(0);
  await until('the tray to speak Czech', async () => (await tray.menu()).includes('Otevřít Tandem'));
  await go('Lidé');
  await inMenu(`Více: ${ZOFIE}`, 'Odebrat');
  await phone.page
    .getByRole('status')
    .filter({ hasText: `Odebráno: ${ZOFIE}.` })
    .waitFor();

  await phone.close();
  phone = await open();
  await go('Lidé');
  await list('Oblíbené').getByText('Émile Zola').waitFor();
});

/** What goes wrong with an office is said in the window in a sentence, nothing stored is lost, and it can be mended. */
import { spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

let profile: string;
let office: string;
let window: PhoneWindow | undefined;
const folders: string[] = [];

beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'tandem-faults-'));
  office = join(profile, 'office');
  folders.push(profile);
});
afterEach(async () => {
  await window?.close();
  window = undefined;
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<PhoneWindow> {
  window = await PhoneWindow.open({ dataDir: profile });
  return window;
}

const hostSwitch = ({ page }: PhoneWindow) =>
  page.getByRole('switch', { name: 'Host an office on this computer', exact: true });

/** The sentence that the person is told of what went wrong. */
const told = async ({ page }: PhoneWindow): Promise<string> =>
  (await page.getByRole('alert').locator('.banner-words').textContent()) ?? '';

const server = async ({ page }: PhoneWindow): Promise<string> => {
  const fact = page.locator('.fact', { hasText: 'Server on this computer' }).locator('.fact-value');
  return (await fact.textContent()) ?? '';
};

async function fillUser({ page }: PhoneWindow, number: string, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Number', exact: true }).fill(number);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
}

async function addUser(one: PhoneWindow, number: string, name: string): Promise<void> {
  await one.press('Add user');
  await fillUser(one, number, name);
  await one.page.getByRole('dialog').getByRole('button', { name: 'Add user', exact: true }).click();
}

/** A page of the office. */
const openPage = ({ page }: PhoneWindow, name: 'Overview' | 'Users') =>
  page.getByRole('navigation', { name: 'Office pages' }).getByRole('link', { name, exact: true }).click();

const userNamed = ({ page }: PhoneWindow, name: string) => page.getByRole('listitem').filter({ hasText: name });

/** On the page of all users. */
async function seeUser(one: PhoneWindow, name: string): Promise<void> {
  await openPage(one, 'Users');
  await userNamed(one, name).waitFor();
}

/** Takes UDP port 5060 of loopback, unless it is taken already. */
async function takeUsualPort(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => {
    socket.once('error', () => done());
    socket.bind(5060, '127.0.0.1', done);
  });
  return socket;
}

test('a port in use: the next free one is taken, shown, and a phone registers there', async () => {
  const other = await takeUsualPort();
  try {
    const one = await open();
    await hostSwitch(one).click();
    expect(await server(one)).toMatch(/^127\.0\.0\.1:506[1-9]$/);
    await addUser(one, '1001', 'Ada');
    await one.press('Sign this computer in as 1001');
    await one.accountShows(/registered/i);
  } finally {
    other.close();
  }
});

test('a corrupt database is named and left as it is; with a good one in its place the office goes on', async () => {
  const database = join(office, 'tandem.db');
  await tandem('user', 'add', '1001', '--password', 'secret-1001', '--name', 'Ada', '--data', office);
  const good = readFileSync(database);
  const damaged = Buffer.from(good);
  damaged.fill(0xa5, 0, 4_096);
  writeFileSync(database, damaged);

  const one = await open();
  await hostSwitch(one).click();
  expect(await told(one)).toMatch(/^The database .*office.tandem\.db is damaged .*: restore a backup over it, or move/);
  expect(readFileSync(database).equals(damaged)).toBe(true);

  writeFileSync(database, good);
  await one.press('Try again');
  await seeUser(one, 'Ada');
  expect(await one.page.getByRole('alert').count()).toBe(0);
});

test('an office that fails with the start of the program is told on the first page, and mended from there', async () => {
  await tandem('user', 'add', '1001', '--password', 'secret-1001', '--name', 'Ada', '--data', office);
  const database = join(office, 'tandem.db');
  const good = readFileSync(database);
  writeFileSync(database, Buffer.alloc(good.length, 0xa5));
  writeFileSync(join(profile, 'profile.json'), JSON.stringify({ version: 1, accounts: [], hosting: true }));

  const one = await open();
  expect(await told(one)).toMatch(/^The database .*office.tandem\.db is damaged /);
  const link = one.page.getByRole('link', { name: 'Office', exact: true });
  expect(await link.and(one.page.locator('[aria-describedby]')).count()).toBe(1);

  writeFileSync(database, good);
  await one.press('Try again');
  await until('the server to be filled in', () =>
    one.page.getByRole('textbox', { name: 'Server', exact: true }).inputValue(),
  );
  expect(await one.page.getByRole('alert').count()).toBe(0);
  await link.click();
  await seeUser(one, 'Ada');
});

test('an office that another program serves is not touched, and taken over once that program has ended', async () => {
  const exchange = await ExchangeProcess.start({ users: { 1001: 'secret-1001' } });
  try {
    symlinkSync(exchange.dataDir, office);
    const one = await open();
    await hostSwitch(one).click();
    expect(await told(one)).toMatch(/^Another Tandem is using the data directory .*: stop it first, or choose another/);
    await exchange.kill('SIGTERM');
    await one.press('Try again');
    await seeUser(one, '1001');
  } finally {
    await exchange.close();
  }
});

async function exchangePid(one: PhoneWindow): Promise<number> {
  const pid = await one.app.evaluate(
    ({ app }) => app.getAppMetrics().find((process) => process.name === 'Tandem exchange')?.pid,
  );
  if (pid === undefined) throw new Error('The exchange does not run');
  return pid;
}

test('the exchange falls while a user is being added: it is said, what was typed stays, and works once more', async () => {
  const one = await open();
  await hostSwitch(one).click();
  await one.press('Add user');
  const pid = await exchangePid(one);
  // It must fall with the question in hand.
  process.kill(pid, 'SIGSTOP');
  await fillUser(one, '1001', 'Ada');
  const dialog = one.page.getByRole('dialog');
  const add = dialog.getByRole('button', { name: 'Add user', exact: true });
  await add.click();
  await until('the question to be under way', () => add.isDisabled());
  process.kill(pid, 'SIGKILL');

  await dialog.getByRole('alert').waitFor();
  expect(await told(one)).toMatch(
    /^(The exchange did not do that: the Tandem exchange stopped|The office is not on)\.$/,
  );
  expect(await dialog.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Ada');
  await one.page.locator('.facts').waitFor({ state: 'attached' });
  await add.click();
  await seeUser(one, 'Ada');
});

/** Lets the exchange write nothing any more, or everything again: what a full disk is without mounting one. */
async function letWrite(one: PhoneWindow, bytes: '1' | 'unlimited'): Promise<void> {
  const pid = await exchangePid(one);
  const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:unlimited`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the exchange could not be limited: ${stderr}`);
}

test('a full disk: what cannot be kept is said and not done, and once there is room it works', async () => {
  const one = await open();
  await hostSwitch(one).click();
  await addUser(one, '1001', 'Ada');
  await seeUser(one, 'Ada');

  await letWrite(one, '1');
  await addUser(one, '1002', 'Bob');
  // SQLite tells a limit from a full disk; both are sentences of the same kind.
  expect(await told(one)).toMatch(/^The change could not be saved: the disk (is full|reports an error)\.$/);
  expect(await userNamed(one, 'Bob').count()).toBe(0);
  expect(await one.page.evaluate('window.tandem.office.get()')).toMatchObject({ state: 'on' });

  await letWrite(one, 'unlimited');
  await one.page.getByRole('dialog').getByRole('button', { name: 'Add user', exact: true }).click();
  await seeUser(one, 'Bob');
  await one.close();
  window = undefined;
  const kept = JSON.parse(await tandem('user', 'list', '--json', '--data', office)) as { number: string }[];
  expect(kept.map(({ number }) => number)).toEqual(['1001', '1002']);
});

test('a profile that cannot be written: signing in says so, and works once it can', async () => {
  const account = { number: '1001', password: 'secret-1001', server: '127.0.0.1:9' };
  const one = await open();
  // Where the new profile would be written, beside the old one; this refuses root too.
  const inTheWay = join(profile, 'profile.json.new');
  mkdirSync(join(inTheWay, 'full'), { recursive: true });
  await one.signIn(account);
  expect(await told(one)).toMatch(/^Tandem could not save: /);
  expect(existsSync(join(profile, 'profile.json'))).toBe(false);

  rmSync(inTheWay, { recursive: true });
  await one.press('Sign in');
  await until('the profile to be kept', () => existsSync(join(profile, 'profile.json')));
});

/** A profile that cannot be used is said to be so, in the terminal and in a box, and nothing in it is lost. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { boxesIn, launchTandem, runToEnd } from '../support/electron.ts';
import { until } from '../support/until.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-profile-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('a file in the place of its folder: it says so, ends with 1 and leaves the file alone', async () => {
  const file = join(newFolder(), 'profile');
  writeFileSync(file, 'mine');
  const message = `Tandem could not start: a file is in the way of its folder ${file}.`;
  const { code, stderr, boxes } = await runToEnd(file);
  expect(stderr.split('\n')).toContain(message);
  expect(boxes).toEqual([{ over: 'nothing', type: 'error', message }]);
  expect(code).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('a folder in the place of the profile: it says so and ends with 1', async () => {
  const folder = newFolder();
  const inTheWay = join(folder, 'profile.json');
  mkdirSync(inTheWay);
  const message = `Tandem could not start: ${inTheWay} is a folder where a file should be.`;
  const { code, stderr, boxes } = await runToEnd(folder);
  expect(stderr.split('\n')).toContain(message);
  expect(boxes).toEqual([{ over: 'nothing', type: 'error', message }]);
  expect(code).toBe(1);
});

test('a profile of a newer Tandem: it says so, ends with 1 and leaves the profile alone', async () => {
  const folder = newFolder();
  const path = join(folder, 'profile.json');
  writeFileSync(path, '{"version": 99}');
  const { code, stderr } = await runToEnd(folder);
  expect(stderr).toContain(`Tandem could not start: ${path} was made by a newer Tandem`);
  expect(code).toBe(1);
  expect(readFileSync(path, 'utf8')).toBe('{"version": 99}');
});

test('a torn profile is set aside, which is told over the window', async () => {
  const dataDir = newFolder();
  writeFileSync(join(dataDir, 'profile.json'), '{"version": 1, "accounts": [{');
  const tandem = await launchTandem({ dataDir });
  try {
    const boxes = () => boxesIn(tandem.output());
    await until('the box', () => boxes().length > 0);
    const aside = readdirSync(dataDir).find((name) => name.startsWith('profile.json.corrupt-')) ?? '';
    expect(boxes()).toMatchObject([
      { over: 'the window', type: 'warning', detail: expect.stringContaining(join(dataDir, aside)) },
    ]);
    await tandem.page.getByRole('textbox', { name: 'Number', exact: true }).waitFor();
  } finally {
    await tandem.close();
  }
});

test('a second Tandem with the same profile leaves it to the first', async () => {
  const dataDir = newFolder();
  const tandem = await launchTandem({ dataDir });
  try {
    const { code, stderr, boxes } = await runToEnd(dataDir);
    expect(stderr.split('\n')).toContain('Tandem already runs with this profile.');
    expect(boxes).toEqual([]);
    expect(code).toBe(0);
  } finally {
    await tandem.close();
  }
});

/** A build is stale when anything that it was made from is newer, or gone. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isStale } from '../../../scripts/fresh.mjs';
import { root } from '../../../scripts/project.mjs';

let folder;
const inFolder = (name) => join(folder, name);
const stale = () => isStale(relative(root, inFolder('built')), [relative(root, inFolder('source'))]);
const touch = (name, second) => utimesSync(inFolder(name), second, second);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-fresh-'));
  mkdirSync(inFolder('source/deep'), { recursive: true });
  for (const name of ['source/deep/a.ts', 'source/deep/b.ts', 'built']) writeFileSync(inFolder(name), '');
  for (const name of ['source/deep/a.ts', 'source/deep/b.ts', 'source/deep', 'source']) touch(name, 1_000);
  touch('built', 2_000);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is fresh when everything is older', () => expect(stale()).toBe(false));

it('is stale when a file below is newer', () => {
  touch('source/deep/a.ts', 3_000);
  expect(stale()).toBe(true);
});

it('is stale when a file was removed', () => {
  rmSync(inFolder('source/deep/b.ts'));
  expect(stale()).toBe(true);
});

it('is stale when it was never built', () => {
  rmSync(inFolder('built'));
  expect(stale()).toBe(true);
});

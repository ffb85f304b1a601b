/**
 * `npm start [-- --data DIR --loopback]`: opens the window. Builds first when something changed. Without a display it
 * says so and starts the exchange alone.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from './build.mjs';
import { whyNoDisplay } from './display.mjs';
import { electronPath } from './electron.mjs';
import { callersFolder, root } from './project.mjs';
import { installCommand, missingForWindow, onDebian } from './system-packages.mjs';

const usage = `Usage: npm start [-- --data DIR] [--loopback]
  --data DIR   keep everything of this profile in DIR
  --loopback   keep every socket on 127.0.0.1
Other options go to Chromium. Without a display the exchange starts alone.`;

try {
  const { help, wrong, dataDir, loopback, others } = readWords(process.argv.slice(2));
  if (help) console.log(usage);
  else if (wrong) {
    console.error(wrong);
    process.exitCode = 2;
  } else {
    const absent = await whyNoDisplay();
    process.exitCode =
      absent === undefined ? await openWindow(dataDir, loopback, others) : await serve(dataDir, loopback, absent);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function readWords(words) {
  const read = { help: false, wrong: '', dataDir: undefined, loopback: false, others: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === '--help' || word === '-h') read.help = true;
    else if (word === '--loopback') read.loopback = true;
    else if (word === '--data' || word.startsWith('--data=')) {
      const value = word === '--data' ? words[++at] : word.slice('--data='.length);
      if (!value || value.startsWith('--')) read.wrong = 'The option --data needs the name of a folder.';
      else read.dataDir = resolve(callersFolder(), value);
    } else if (word.startsWith('-')) read.others.push(word);
    else read.wrong = `npm start does not know "${word}"; "npm start -- --help" tells what it knows.`;
  }
  return read;
}

async function openWindow(dataDir, loopback, others) {
  const electron = await electronPath({ note: (sentence) => console.error(sentence) });
  const packages = missingForWindow(electron);
  if (packages.length > 0) {
    throw new Error(
      onDebian()
        ? `Electron needs libraries that are missing here. This installs them:\n  ${installCommand(packages)}`
        : `Electron needs libraries that are missing here. Debian's packages of them: ${packages.join(' ')}`,
    );
  }
  build({ ifStale: true });
  const asRoot = process.platform === 'linux' && process.getuid() === 0;
  if (asRoot) console.error('Running as root: Chromium’s sandbox is off. Use an account of your own for real work.');
  return run(electron, [
    ...(asRoot ? ['--no-sandbox'] : []),
    root,
    ...(dataDir === undefined ? [] : ['--data', dataDir]),
    ...(loopback ? ['--loopback'] : []),
    ...others,
  ]);
}

function serve(dataDir, loopback, absent) {
  const data = join(dataDir ?? profileFolder(), 'office');
  console.error(`There is no display here${absent}, so the exchange starts without a window (its data: ${data}).`);
  const words = ['serve', '--data', data, ...(loopback ? ['--loopback'] : [])];
  return run(process.execPath, [join(root, 'scripts/tandem.mjs'), ...words]);
}

/** Where Electron keeps the profile when it is not told (its `userData`), on the one system that may lack a display. */
function profileFolder() {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Tandem');
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

/**
 * `npm start [-- --data DIR --loopback]`: opens the window. Builds first when something changed. Without a display it
 * says so and starts the exchange alone. With something to do (`--call URI` …) it has the phone that runs do it.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from './build.mjs';
import { whyNoDisplay } from './display.mjs';
import { electronPath } from './electron.mjs';
import { callersFolder, root } from './project.mjs';
import { installCommand, missingForWindow, onDebian } from './system-packages.mjs';

const options = JSON.parse(readFileSync(join(root, 'app/main/options.json'), 'utf8'));

try {
  const { help, wrong, steers, dataDir, loopback, own } = readWords(process.argv.slice(2));
  if (help) console.log(usage());
  else if (wrong) {
    console.error(wrong);
    process.exitCode = 2;
  } else if (steers) {
    process.exitCode = await steer(own);
  } else {
    const absent = await whyNoDisplay();
    process.exitCode = absent === undefined ? await openWindow(own) : await serve(dataDir, loopback, absent);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** `own` are the words for the program itself, with the folder of the profile as it is meant where npm was called. */
function readWords(words) {
  const read = { help: false, wrong: '', steers: false, dataDir: undefined, loopback: false, own: [] };
  let link;
  for (let at = 0; at < words.length; at += 1) {
    const [name, ...rest] = words[at].split('=');
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (name === '--help' || name === '-h') read.help = true;
    else if (option?.value !== undefined) {
      const value = rest.length > 0 ? rest.join('=') : words[++at];
      if (!value || value.startsWith('--')) {
        const needed = name === '--data' ? 'the name of a folder' : `a value: ${name} ${option.value}`;
        read.wrong = `The option ${name} needs ${needed}.`;
        continue;
      }
      const meant = name === '--data' ? resolve(callersFolder(), value) : value;
      if (name === '--data') read.dataDir = meant;
      read.own.push(`${name}=${meant}`);
    } else if (words[at].startsWith('-')) read.own.push(words[at]);
    else if (/^(?:tel|sips?|callto|tandem):/i.test(words[at])) link = words[at];
    else read.wrong = `npm start does not know "${words[at]}"; "npm start -- --help" tells what it knows.`;
    if (name === '--loopback') read.loopback = true;
    read.steers ||= option?.steers === true;
  }
  // What comes after a link is not read.
  if (link !== undefined) read.own.push(link);
  return read;
}

function usage() {
  const wide = Math.max(...Object.entries(options).map(([name, { value = '' }]) => name.length + value.length)) + 1;
  const rows = (wanted) =>
    Object.entries(options)
      .filter(([, { steers, chooses }]) => wanted === (steers === true || chooses === true))
      .map(([name, { value = '', what }]) => `  ${`${name} ${value}`.padEnd(wide)}  ${what}`)
      .join('\n');
  return `Usage: npm start [-- --data DIR --loopback OPTION... LINK]
${rows(false)}
Other options go to Chromium. Without a display the exchange starts alone.

Where a phone runs with the same --data, one of these has it do something:
${rows(true)}`;
}

/** No window and no display: a phone that runs was built already. */
function steer(own) {
  const script = join(root, 'out/main/steer.cjs');
  if (!existsSync(script)) build();
  return run(process.execPath, [script, ...own]);
}

async function openWindow(own) {
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
  return run(electron, [...(asRoot ? ['--no-sandbox'] : []), root, ...own]);
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

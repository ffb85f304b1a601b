/** The Debian packages that running and testing need: the one list of them, and how to find out which are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package is there when its `program` is found on the path, its `library` by the loader, or its `file` below
 * /usr/lib. `names` has the newest Debian's name first where it differs.
 */
const windowPackages = [
  { names: ['libgtk-3-0t64', 'libgtk-3-0'], library: 'libgtk-3.so.0' },
  { names: ['libnss3'], library: 'libnss3.so' },
  { names: ['libasound2t64', 'libasound2'], library: 'libasound.so.2' },
  { names: ['libgbm1'], library: 'libgbm.so.1' },
  { names: ['libxss1'], library: 'libXss.so.1' },
  { names: ['libxtst6'], library: 'libXtst.so.6' },
];

const testPackages = [
  ...windowPackages,
  { names: ['xvfb'], program: 'Xvfb' },
  { names: ['sip-tester'], program: 'sipp' },
  { names: ['baresip-core'], program: 'baresip' },
  { names: ['kamailio'], program: 'kamailio' },
  { names: ['kamailio-sqlite-modules'], file: 'kamailio/modules/db_sqlite.so' },
  { names: ['tshark'], program: 'tshark' },
];

/** Packages that the tests need and that are not here. */
export function missingForTests() {
  return missing(testPackages);
}

/** Packages with the libraries that this Electron cannot find; empty also where that cannot be told. */
export function missingForWindow(electron) {
  if (process.platform !== 'linux') return [];
  const listed = spawnSync('ldd', [electron], { encoding: 'utf8' });
  if (listed.status !== 0 || !/not found/.test(listed.stdout)) return [];
  const packages = missing(windowPackages);
  // A library of a package that only comes along with the others: all of them, then, bring it.
  return packages.length > 0 ? packages : windowPackages.map(nameHere);
}

/** The one command that installs them. */
export function installCommand(packages) {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Installs as root; gives whether it worked. What apt says goes to stderr. */
export function install(packages) {
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const command = () => spawnSync('apt-get', installCommand(packages).split(' ').slice(1), options).status === 0;
  // A fresh machine has no lists of packages, or old ones.
  return command() || (spawnSync('apt-get', ['update'], options).status === 0 && command());
}

export function onDebian() {
  return existsSync('/usr/bin/apt-get');
}

function missing(packages) {
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return packages.filter((one) => !isHere(one, libraries)).map(nameHere);
}

function isHere({ program, library, file }, libraries) {
  if (program) return path().some((folder) => existsSync(join(folder, program)));
  if (library) return libraries.includes(`${library} `);
  return ['/usr/lib', ...subfolders('/usr/lib')].some((folder) => existsSync(join(folder, file)));
}

/** Daemons live where the path of a person who is not root does not lead. */
function path() {
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
}

function subfolders(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

/** The first of the names that apt knows here, else the oldest. */
function nameHere({ names }) {
  const known = (name) =>
    names.length === 1 || spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0;
  return names.find(known) ?? names.at(-1);
}

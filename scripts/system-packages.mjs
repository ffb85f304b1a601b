/** The Debian packages that running and testing need: the one list of them, and how to find out which are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package is there when its `program` is found on the path, its `library` by the loader, or its `file` below
 * /usr/lib. `t64` are those that got another name when Debian's times became 64 bits wide.
 */
const windowPackages = [
  { name: 'libgtk-3-0', t64: true, library: 'libgtk-3.so.0' },
  { name: 'libnss3', library: 'libnss3.so' },
  { name: 'libasound2', t64: true, library: 'libasound.so.2' },
  { name: 'libgbm1', library: 'libgbm.so.1' },
  { name: 'libxss1', library: 'libXss.so.1' },
  { name: 'libxtst6', library: 'libXtst.so.6' },
];

const testPackages = [
  ...windowPackages,
  { name: 'xvfb', program: 'Xvfb' },
  { name: 'sip-tester', program: 'sipp' },
  { name: 'sipvicious', program: 'svmap' },
  { name: 'baresip-core', program: 'baresip' },
  { name: 'python3-aioice', file: 'python3/dist-packages/aioice/ice.py' },
  { name: 'dbus-daemon', program: 'dbus-daemon' },
  { name: 'python3-dbus', file: 'python3/dist-packages/dbus/service.py' },
  { name: 'python3-gi', file: 'python3/dist-packages/gi/__init__.py' },
  { name: 'coturn', program: 'turnserver' },
  { name: 'linphone-cli', program: 'linphonec' },
  { name: 'kamailio', program: 'kamailio' },
  { name: 'kamailio-outbound-modules', file: 'kamailio/modules/outbound.so' },
  { name: 'kamailio-presence-modules', file: 'kamailio/modules/presence.so' },
  { name: 'kamailio-sqlite-modules', file: 'kamailio/modules/db_sqlite.so' },
  { name: 'kamailio-tls-modules', file: 'kamailio/modules/tls.so' },
  { name: 'kamailio-websocket-modules', file: 'kamailio/modules/websocket.so' },
  { name: 'dnsmasq-base', program: 'dnsmasq' },
  { name: 'openssl', program: 'openssl' },
  { name: 'poppler-utils', program: 'pdftoppm' },
  { name: 'radicale', program: 'radicale' },
  { name: 'slapd', program: 'slapd' },
  { name: 'tshark', program: 'tshark' },
  { name: 'util-linux', program: 'prlimit' },
  { name: 'iproute2', program: 'ip' },
  { name: 'nftables', program: 'nft' },
  { name: 'procps', program: 'sysctl' },
  { name: 'xdg-utils', program: 'xdg-mime' },
  { name: 'zbar-tools', program: 'zbarimg' },
];

/** Names of the packages that the tests need and that are not here. */
export function missingForTests() {
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return testPackages.filter((one) => !isHere(one, libraries)).map(nameHere);
}

/** Names of the packages with the libraries that this Electron cannot find; empty also where that cannot be told. */
export function missingForWindow(electron) {
  if (process.platform !== 'linux') return [];
  const { status, stdout } = spawnSync('ldd', [electron], { encoding: 'utf8' });
  if (status !== 0 || !stdout.includes('not found')) return [];
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  const missing = windowPackages.filter(
    (one) => stdout.includes(`${one.library} => not found`) || !isHere(one, libraries),
  );
  // A library of a package that only comes along with the others: all of them, then, bring it.
  return (missing.length > 0 ? missing : windowPackages).map(nameHere);
}

/** The one command line that installs them, for the person who runs this. */
export function installCommand(packages) {
  const sudo = process.getuid() === 0 ? '' : 'sudo ';
  const update = aptHasLists() ? '' : `${sudo}apt-get update && `;
  return `${update}${sudo}${['apt-get', ...installWords(packages)].join(' ')}`;
}

/** Installs as root; gives whether it worked. What apt says goes to stderr. */
export function install(packages) {
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const apt = (...words) => spawnSync('apt-get', words, options).status === 0;
  // A fresh machine has no lists of packages; others have old ones.
  return (aptHasLists() && apt(...installWords(packages))) || (apt('update') && apt(...installWords(packages)));
}

export function onDebian() {
  return existsSync('/usr/bin/apt-get');
}

const installWords = (packages) => ['install', '-y', '--no-install-recommends', ...packages];

function aptHasLists() {
  return namesIn('/var/lib/apt/lists').some((name) => name.includes('_Packages'));
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

/** A system with any of the renamed packages has all of them; apt itself may know no names yet. */
function nameHere({ name, t64 }) {
  const renamed = t64 && namesIn('/var/lib/dpkg/info').some((file) => /t64(:\w+)?\.list$/.test(file));
  return renamed ? `${name}t64` : name;
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where the sockets are by which what runs on a data directory is steered. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const LONGEST = 103;

/** That of the exchange. */
export const controlPath = (dataDir: string, platform?: NodeJS.Platform): string =>
  socketPath(dataDir, 'control', platform);

/** That of the desktop's phone, whose data directory is the profile. */
export const phonePath = (dataDir: string, platform?: NodeJS.Platform): string =>
  socketPath(dataDir, 'phone', platform);

/** A Unix domain socket in the data directory; a named pipe on Windows; where the path is too long, a private place. */
function socketPath(dataDir: string, name: string, platform: NodeJS.Platform = process.platform): string {
  const dir = canonical(dataDir);
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 24);
  const own = name === 'control' ? hash : `${name}-${hash}`;
  if (platform === 'win32') return `\\\\.\\pipe\\tandem-${own}`;
  const path = join(dir, `${name}.sock`);
  return Buffer.byteLength(path) <= LONGEST ? path : join(privateDir(), `${own}.sock`);
}

/** Both sides must come to the same path, whatever links they were given. */
function canonical(dataDir: string): string {
  try {
    return realpathSync(dataDir);
  } catch {
    // Not there yet: whoever makes it makes it here.
    return resolve(dataDir);
  }
}

/** A directory that nobody else can put a socket into: passwords go through it. */
function privateDir(): string {
  const uid = process.getuid?.() ?? 0;
  const dir = join(tmpdir(), `tandem-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(dir);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`The directory ${dir} belongs to somebody else: choose a data directory with a shorter path.`);
  }
  return dir;
}

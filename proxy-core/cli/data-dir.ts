/** Where the exchange's data is. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The place where the desktop program keeps the office that it hosts. */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.TANDEM_DATA) return env.TANDEM_DATA;
  const base =
    platform === 'win32'
      ? (env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? join(homedir(), 'Library', 'Application Support')
        : env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(base, 'Tandem', 'office');
}

/** `dir` itself; the office inside it when it is the profile of a desktop program that hosts one. */
export function officeIn(dir: string): string {
  const inside = join(dir, 'office');
  return !existsSync(join(dir, 'tandem.db')) && existsSync(join(inside, 'tandem.db')) ? inside : dir;
}

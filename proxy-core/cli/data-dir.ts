/** Where the exchange's data is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { profileFolder } from '../node/profile-folder.ts';

/** The place where the desktop program keeps the office that it hosts. */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.TANDEM_DATA) return env.TANDEM_DATA;
  return join(profileFolder(env, platform), 'office');
}

/** `dir` itself; the office inside it when it is the profile of a desktop program that hosts one. */
export function officeIn(dir: string): string {
  const inside = join(dir, 'office');
  return !existsSync(join(dir, 'tandem.db')) && existsSync(join(inside, 'tandem.db')) ? inside : dir;
}

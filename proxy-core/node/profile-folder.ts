/** Where the desktop program keeps what it is not told a place for. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** As Electron has it (`userData`). */
export function profileFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const base =
    platform === 'win32'
      ? (env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? join(homedir(), 'Library', 'Application Support')
        : env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return join(base, 'Tandem');
}

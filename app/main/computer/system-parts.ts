/** What of Electron and of the system the parts in this folder need. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, nativeTheme } from 'electron';
import { profileFolder } from '../../../proxy-core/node/profile-folder.ts';
import type { ComputerPorts } from './computer.ts';
import { createLoginStart } from './login-start.ts';
import { ownStart } from './own-start.ts';

/** @param folder of the profile, absolute */
export function systemParts(folder: string): Pick<ComputerPorts, 'loginStart' | 'wear'> {
  const { platform, env } = process;
  const start = ownStart({
    program: env.APPIMAGE ?? process.execPath,
    source: app.isPackaged ? undefined : app.getAppPath(),
    folder,
    usualFolder: profileFolder(env, platform),
    isRoot: platform === 'linux' && process.getuid?.() === 0,
  });
  return {
    loginStart: createLoginStart({
      ...{ app, platform, start },
      configFolder: env.XDG_CONFIG_HOME || join(homedir(), '.config'),
    }),
    wear(look) {
      nativeTheme.themeSource = look;
    },
  };
}

/** macOS gives no words to what it starts. */
export const startedByLogin = (): boolean =>
  process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;

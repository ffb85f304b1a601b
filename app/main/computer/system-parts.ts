/** What of Electron and of the system the parts in this folder need. */
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { app, type Clipboard, clipboard, nativeTheme } from 'electron';
import { profileFolder } from '../../../proxy-core/node/profile-folder.ts';
import type { ComputerPorts } from './computer.ts';
import { createLinkHandler } from './link-handler.ts';
import { createLoginStart } from './login-start.ts';
import { ownStart } from './own-start.ts';

const RUN_MS = 10_000;

async function run(program: string, words: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, [...words], { timeout: RUN_MS, maxBuffer: 65_536 })).stdout;
}

/** @param folder of the profile, absolute */
export function systemParts(folder: string): Pick<ComputerPorts, 'keyboard' | 'linkHandler' | 'loginStart' | 'wear'> {
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
    linkHandler: createLinkHandler({
      ...{ app, platform, start, run },
      dataFolder: env.XDG_DATA_HOME || join(homedir(), '.local', 'share'),
    }),
    keyboard: {
      onWayland: platform === 'linux' && (env.XDG_SESSION_TYPE === 'wayland' || env.WAYLAND_DISPLAY !== undefined),
      reads: platform === 'linux' ? 'selected' : 'copied',
    },
    wear(look) {
      nativeTheme.themeSource = look;
    },
  };
}

/** In earlier versions of Electron. */
interface EarlierClipboard {
  readText(kind: 'selection'): string;
}

/** What the person means by the text that is selected: on Linux that is known, elsewhere what was copied last. */
export async function selectedText(): Promise<string> {
  if (process.platform !== 'linux') return clipboard.readText();
  const selection: Pick<Clipboard, 'readText'> | undefined = clipboard.selection;
  return selection ? selection.readText() : (clipboard as unknown as EarlierClipboard).readText('selection');
}

/** macOS gives no words to what it starts. */
export const startedByLogin = (): boolean =>
  process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;

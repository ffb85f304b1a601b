/** Whether the system starts the phone when the person logs in: by Electron, on Linux by a file in `autostart`. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from 'electron';
import type { Outcome } from '../../shared/bridge.ts';
import { FileNotWritten, writeText } from '../atomic-file.ts';
import { desktopEntry } from './desktop-entry.ts';
import type { OwnStart } from './own-start.ts';

/** What the phone is started with then. */
export const IN_BACKGROUND = '--in-background';

/** Something that the system keeps, not the profile. */
export interface SystemSwitch {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<Outcome>;
}

export interface LoginStartPorts {
  readonly platform: NodeJS.Platform;
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly start: OwnStart;
  /** `XDG_CONFIG_HOME`, or what stands for it. */
  readonly configFolder: string;
}

export function createLoginStart(ports: LoginStartPorts): SystemSwitch {
  return ports.platform === 'linux' ? byFile(ports) : bySystem(ports);
}

function bySystem({ app, start }: LoginStartPorts): SystemSwitch {
  const item = { path: start.program, args: [...start.words, IN_BACKGROUND] };
  const isOn = async () => app.getLoginItemSettings(item).openAtLogin;
  return {
    isOn,
    async set(on) {
      app.setLoginItemSettings({ ...item, openAtLogin: on });
      if ((await isOn()) === on) return { ok: true, value: undefined };
      return { ok: false, reason: 'The system did not take the change.' };
    },
  };
}

function byFile({ start, configFolder }: LoginStartPorts): SystemSwitch {
  const path = join(configFolder, 'autostart', `tandem${start.suffix}.desktop`);
  return {
    async isOn() {
      // A file that cannot be read starts nothing.
      const text = await readFile(path, 'utf8').catch(() => undefined);
      // Desktops switch such a file off by a line in it.
      return text !== undefined && !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(text);
    },
    async set(on) {
      try {
        if (on) await writeText(path, desktopEntry([start.program, ...start.words, IN_BACKGROUND], {}));
        else await rm(path, { force: true });
        return { ok: true, value: undefined };
      } catch (error) {
        if (error instanceof FileNotWritten || error instanceof RangeError) return { ok: false, reason: error.message };
        return { ok: false, reason: `The file could not be removed: ${(error as Error).message}.` };
      }
    },
  };
}

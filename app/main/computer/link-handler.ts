/**
 * Whether links to numbers and addresses open in this phone. On Linux a desktop is told by a `.desktop` file and by
 * `xdg-mime`, which also works for a program that was never installed; elsewhere Electron does it.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from 'electron';
import type { Outcome } from '../../shared/bridge.ts';
import { FileNotWritten, writeText } from '../atomic-file.ts';
import { LINK_SCHEMES } from '../link.ts';
import { desktopEntry } from './desktop-entry.ts';
import type { SystemSwitch } from './login-start.ts';
import type { OwnStart } from './own-start.ts';

export interface LinkHandlerPorts {
  readonly platform: NodeJS.Platform;
  readonly app: Pick<App, 'isDefaultProtocolClient' | 'setAsDefaultProtocolClient' | 'removeAsDefaultProtocolClient'>;
  readonly start: OwnStart;
  /** `XDG_DATA_HOME`, or what stands for it. */
  readonly dataFolder: string;
  /** Runs a program to its end and gives what it wrote; rejects where it fails or is not there. */
  readonly run: (program: string, words: readonly string[]) => Promise<string>;
}

const types = LINK_SCHEMES.map((scheme) => `x-scheme-handler/${scheme}`);

export function createLinkHandler(ports: LinkHandlerPorts): SystemSwitch {
  return ports.platform === 'linux' ? byFile(ports) : bySystem(ports);
}

function bySystem({ app, start }: LinkHandlerPorts): SystemSwitch {
  const words = [...start.words];
  const isOn = async () => LINK_SCHEMES.every((scheme) => app.isDefaultProtocolClient(scheme, start.program, words));
  return {
    isOn,
    async set(on) {
      for (const scheme of LINK_SCHEMES) {
        if (on) app.setAsDefaultProtocolClient(scheme, start.program, words);
        else app.removeAsDefaultProtocolClient(scheme, start.program, words);
      }
      if ((await isOn()) === on) return { ok: true, value: undefined };
      return { ok: false, reason: 'The system did not take the change.' };
    },
  };
}

function byFile({ start, dataFolder, run }: LinkHandlerPorts): SystemSwitch {
  const folder = join(dataFolder, 'applications');
  const name = `tandem-links${start.suffix}.desktop`;
  const path = join(folder, name);
  const lines = { MimeType: `${types.join(';')};`, NoDisplay: 'true', StartupNotify: 'false' };
  const failed = (error: unknown): Outcome =>
    error instanceof FileNotWritten || error instanceof RangeError
      ? { ok: false, reason: error.message }
      : { ok: false, reason: 'This desktop could not be told: its program xdg-mime (xdg-utils) is missing or failed.' };
  return {
    async isOn() {
      try {
        await readFile(path);
        const chosen = await Promise.all(types.map((type) => run('xdg-mime', ['query', 'default', type])));
        return chosen.every((one) => one.trim() === name);
      } catch {
        return false;
      }
    },
    async set(on) {
      try {
        // Without the file, what was the default before is so again.
        if (!on) await rm(path, { force: true });
        else {
          await writeText(path, desktopEntry([start.program, ...start.words, '%u'], lines));
          await run('xdg-mime', ['default', name, ...types]);
        }
        // Some desktops read this index alone; where its program is missing they do not.
        await run('update-desktop-database', [folder]).catch(() => '');
        return { ok: true, value: undefined };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

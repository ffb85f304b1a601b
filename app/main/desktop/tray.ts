/** The sign in the tray, and the number at the dock or in the taskbar. */
import { app, type BrowserWindow, Menu, type NativeImage, nativeImage, nativeTheme, Tray } from 'electron';
import type { TrayFacts } from '../../shared/desktop.ts';
import { i18n } from '../../words/language.ts';
import { drawCount, drawTrayIcon, type TrayIcon } from './icon.ts';
import { hasTrayHost } from './tray-host.ts';
import { type TrayActions, trayMenu, trayTip } from './tray-menu.ts';

export interface TraySign {
  readonly isThere: boolean;
  /** Looks whether there is a tray, which on Linux may come later than this program. Gives whether there is. */
  look(): Promise<boolean>;
  show(facts: TrayFacts): void;
  close(): void;
}

export interface TrayPorts {
  readonly window: BrowserWindow;
  readonly actions: TrayActions;
  /** Before the page has told anything. */
  readonly first: TrayFacts;
}

/** Side of the sign in px at 100 %; panels on Linux scale it themselves. */
const SIDE = process.platform === 'darwin' ? 18 : process.platform === 'win32' ? 16 : 32;
const SCALES = [1, 1.25, 1.5, 2, 3];

export function createTraySign({ window, actions, first }: TrayPorts): TraySign {
  let facts = first;
  let tray: Tray | undefined;
  let drawn = '';
  let looking: Promise<boolean> | undefined;

  const draw = (): void => {
    if (tray === undefined) return;
    const icon = iconOf(facts);
    if (JSON.stringify(icon) !== drawn) tray.setImage(imageOf(icon));
    drawn = JSON.stringify(icon);
    tray.setToolTip(trayTip(facts));
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(facts, actions)));
  };
  const count = (): void => {
    app.setBadgeCount(facts.missed);
    if (process.platform !== 'win32' || window.isDestroyed()) return;
    const badge = facts.missed > 0 ? scaled(16, (side) => drawCount(facts.missed, side)) : null;
    window.setOverlayIcon(badge, trayTip(facts));
  };
  const again = (): void => {
    drawn = '';
    draw();
  };
  nativeTheme.on('updated', again);
  const stop = i18n.on('change', draw);

  return {
    get isThere() {
      return tray !== undefined;
    },
    look() {
      looking ??= hasTrayHost().then((there) => {
        looking = undefined;
        if (there && tray === undefined) {
          tray = new Tray(imageOf(iconOf(facts)));
          // On macOS the click opens the menu.
          if (process.platform !== 'darwin') tray.on('click', actions.open);
          draw();
        }
        return tray !== undefined;
      });
      return looking;
    },
    show(next) {
      facts = next;
      draw();
      count();
    },
    close() {
      nativeTheme.removeListener('updated', again);
      stop();
      tray?.destroy();
      tray = undefined;
    },
  };
}

function iconOf({ state, missed }: TrayFacts): TrayIcon {
  const panel = process.platform === 'darwin' ? 'template' : nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
  return { state, missed: missed > 0, panel };
}

function imageOf(icon: TrayIcon): NativeImage {
  const image = scaled(SIDE, (side) => drawTrayIcon(icon, side));
  image.setTemplateImage(icon.panel === 'template');
  return image;
}

function scaled(side: number, draw: (side: number) => Buffer): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of SCALES)
    image.addRepresentation({ scaleFactor, buffer: draw(Math.round(side * scaleFactor)) });
  return image;
}

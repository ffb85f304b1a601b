/** The one window, closed to everything but its own page. */
import { join } from 'node:path';
import { type App, BrowserWindow } from 'electron';
import { LOCKED_DOWN } from './locked-down.ts';

const MAX_FALLS = 3;
const FALLS_WITHIN_MS = 60_000;

export interface WindowOptions {
  readonly preload: string;
  readonly url: string;
  /** It waits until somebody wants it: hidden where this gives true, else minimised. Undefined: it is shown. */
  readonly inBackground: (() => Promise<boolean>) | undefined;
}

export function createWindow({ preload, url, inBackground }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1080,
    height: 720,
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: 'Tandem',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      ...LOCKED_DOWN,
      // Timers keep calls and registrations alive while the window is hidden.
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => {
    if (inBackground === undefined) return window.show();
    void inBackground()
      .catch(() => false)
      .then((isHidden) => {
        if (isHidden || window.isDestroyed() || window.isVisible()) return;
        // A window that was never shown cannot be minimised on every system.
        window.showInactive();
        window.minimize();
      });
  });
  window.removeMenu();
  reviveFallenPage(window);
  void window.loadURL(url).catch((error: Error) => {
    // A page that is left while it loads was closed by somebody; anything else is a broken installation.
    if (!window.isDestroyed()) console.error(`The window's page could not be loaded: ${error.message}`);
  });
  return window;
}

/** A page that fell is loaded again; one that falls again and again is left, since it would only flicker. */
function reviveFallenPage(window: BrowserWindow): void {
  let falls: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    falls = [...falls.filter((at) => now - at < FALLS_WITHIN_MS), now];
    console.error(`The window's page ended: ${reason}.`);
    if (falls.length <= MAX_FALLS) window.webContents.reload();
  });
}

/** Holds for every page that ever comes to exist, whoever made it. */
export function refuseNavigation(app: App): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** Where the built parts are, seen from the built main script. */
export function builtParts(folder: string): {
  preload: string;
  renderer: string;
  phone: string;
  exchange: string;
  people: string;
  backup: string;
} {
  return {
    preload: join(folder, '../preload/index.cjs'),
    renderer: join(folder, '../renderer'),
    phone: join(folder, 'phone.cjs'),
    exchange: join(folder, 'exchange.cjs'),
    people: join(folder, 'people.cjs'),
    backup: join(folder, 'backup.cjs'),
  };
}

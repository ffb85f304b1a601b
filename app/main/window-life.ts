/** What becomes of the window while the program runs: shown, brought to the front, and closed together with the program. */
import { t } from '@lingui/core/macro';
import { app, type BrowserWindow, dialog } from 'electron';
import type { ProfileStore } from './profile-store.ts';

/** Over the window, once that is there to be under it. */
export function tellOfCorruptProfile(window: BrowserWindow, profile: ProfileStore): void {
  const { setAside } = profile;
  if (setAside === undefined) return;
  window.once('show', () => {
    void dialog.showMessageBox(window, {
      type: 'warning',
      title: 'Tandem',
      message: t`The profile could not be read, so Tandem starts with an empty one.`,
      detail: t`Nothing was deleted: the old profile is now ${setAside}`,
    });
  });
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/**
 * Ending the program closes the window, and closing the window ends the program, by the same steps, once; unless the
 * phone stays in the tray without it.
 */
export function endTogether(
  window: BrowserWindow,
  close: () => Promise<void>,
  stays: () => Promise<boolean> = async () => false,
): void {
  let closing = false;
  let deciding = false;
  const end = (): void => {
    if (closing) return;
    closing = true;
    close()
      .catch((error: Error) => console.error(`Closing went wrong: ${error.message}`))
      .finally(() => app.exit(0));
  };
  window.on('close', (event) => {
    event.preventDefault();
    if (closing || deciding) return;
    deciding = true;
    void stays()
      .catch(() => false)
      .then((stay) => {
        deciding = false;
        if (!stay) end();
      });
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    end();
  });
  app.on('window-all-closed', () => {
    if (!closing) app.quit();
  });
}

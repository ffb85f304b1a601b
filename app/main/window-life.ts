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

/** Closing the window ends the program and ending the program closes the window, both by the same steps, once. */
export function endTogether(window: BrowserWindow, close: () => Promise<void>): void {
  let closing = false;
  const end = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    close()
      .catch((error: Error) => console.error(`Closing went wrong: ${error.message}`))
      .finally(() => app.exit(0));
  };
  window.on('close', end);
  app.on('before-quit', end);
  app.on('window-all-closed', () => {
    if (!closing) app.quit();
  });
}

/** The end of a program that could not start, told to whoever started it: from a terminal or from a menu. */
import { app, dialog } from 'electron';

/**
 * Settles when the person has read it; the program is then ending with code 1, as it does when it is asked to quit
 * meanwhile. Electron's `showErrorBox` would be deaf to that.
 * @param reason the end of a sentence, with its full stop
 */
export async function endWithReason(reason: string): Promise<void> {
  const message = `Tandem could not start: ${reason}`;
  console.error(message);
  // Whoever mends the cause and starts again, with this still on the screen, is not to be told that Tandem runs.
  app.releaseSingleInstanceLock();
  app.on('before-quit', () => app.exit(1));
  await app.whenReady();
  await dialog.showMessageBox({ type: 'error', title: 'Tandem', message });
  app.exit(1);
}

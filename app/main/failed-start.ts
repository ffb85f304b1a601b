/** The end of a program that could not start, told to whoever started it: from a terminal or from a menu. */
import { t } from '@lingui/core/macro';
import { app, dialog } from 'electron';
import { languageFor, speak } from '../words/language.ts';
import { said } from '../words/said.ts';

/**
 * Settles when the person has read it; the program is then ending with code 1, as it does when it is asked to quit
 * meanwhile. Electron's `showErrorBox` would be deaf to that.
 * @param reason the end of a sentence, with its full stop
 */
export async function endWithReason(reason: string): Promise<void> {
  console.error(`Tandem could not start: ${reason}`);
  // Whoever mends the cause and starts again, with this still on the screen, is not to be told that Tandem runs.
  app.releaseSingleInstanceLock();
  app.on('before-quit', () => app.exit(1));
  await app.whenReady();
  const system = app.getLocale();
  await speak(languageFor(undefined, system), system);
  await dialog.showMessageBox({ type: 'error', title: 'Tandem', message: t`Tandem could not start: ${said(reason)}` });
  app.exit(1);
}

/** Where the page's exports and backups go: the person names the file, the page never does. */
import { appendFile, writeFile } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import type { BackupPorts } from './office-backups.ts';
import type { ExportPorts } from './office-questions.ts';

const today = (): string => new Date().toISOString().slice(0, 10);

const CSV = [{ name: 'CSV', extensions: ['csv'] }];

export function exportTo(window: BrowserWindow): ExportPorts {
  return {
    async chooseFile() {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: `calls-${today()}.csv`,
        filters: CSV,
      });
      return canceled || !filePath ? undefined : filePath;
    },
    write: (file, text, begin) => (begin ? writeFile : appendFile)(file, text),
  };
}

/** Passwords are in it as hashes: only its owner may read it. */
export const saveUsersTo =
  (window: BrowserWindow) =>
  async (csv: string): Promise<boolean> => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: `users-${today()}.csv`,
      filters: CSV,
    });
    if (canceled || !filePath) return false;
    await writeFile(filePath, csv, { mode: 0o600 });
    return true;
  };

const BACKUPS = [{ name: 'Tandem', extensions: ['tandem'] }];

export function backupFiles(window: BrowserWindow): Pick<BackupPorts, 'chooseNew' | 'chooseOld'> {
  return {
    async chooseNew() {
      const options = { defaultPath: `office-${today()}.tandem`, filters: BACKUPS };
      const { canceled, filePath } = await dialog.showSaveDialog(window, options);
      return canceled || !filePath ? undefined : filePath;
    },
    async chooseOld() {
      const { filePaths } = await dialog.showOpenDialog(window, { filters: BACKUPS, properties: ['openFile'] });
      return filePaths[0];
    },
  };
}

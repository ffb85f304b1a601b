/** Where the page's exports go: the person names the file, the page never does. */
import { appendFile, writeFile } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import type { ExportPorts } from './office-questions.ts';

export function exportTo(window: BrowserWindow): ExportPorts {
  return {
    async chooseFile() {
      const day = new Date().toISOString().slice(0, 10);
      const filters = [{ name: 'CSV', extensions: ['csv'] }];
      const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: `calls-${day}.csv`, filters });
      return canceled || !filePath ? undefined : filePath;
    },
    write: (file, text, begin) => (begin ? writeFile : appendFile)(file, text),
  };
}

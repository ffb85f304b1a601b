/** The folder of a profile, looked at before Chromium is given it: Chromium does not tell a bad folder from a taken one. */
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the folder where there is none, and gives why it cannot be used: the end of a sentence, or undefined. */
export function whyUnusable(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Permissions alone do not tell of a file system that is read-only or full.
    rmdirSync(mkdtempSync(join(folder, '.writable-')));
    return undefined;
  } catch (error) {
    return reasonOf(error as NodeJS.ErrnoException, folder);
  }
}

function reasonOf(error: NodeJS.ErrnoException, folder: string): string {
  switch (error.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `a file is in the way of its folder ${folder}.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `it may not write into its folder ${folder}.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk that holds its folder ${folder} is full.`;
    default:
      return `its folder ${folder} cannot be used (${error.message}).`;
  }
}

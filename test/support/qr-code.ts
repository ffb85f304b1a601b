/** QR codes as a telephone's camera reads them: by zbar, which nobody here wrote, in a picture or on a printed page. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The texts of all codes in a PNG, as Chromium gives one of what it shows. */
export async function codesIn(png: Buffer): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-qr-'));
  try {
    const file = join(folder, 'seen.png');
    writeFileSync(file, png);
    return await codesInFile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Those on the first page of a PDF, at the fineness of a poor printer. */
export async function codesPrinted(pdf: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-qr-'));
  try {
    await run('pdftoppm', ['-r', '100', '-f', '1', '-l', '1', '-singlefile', '-png', pdf, join(folder, 'page')]);
    return await codesInFile(join(folder, 'page.png'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function codesInFile(file: string): Promise<string[]> {
  // It ends with 4 where it finds none.
  const { stdout } = await run('zbarimg', ['--quiet', '--raw', file]).catch((error) => {
    if (error.code === 4) return { stdout: '' };
    throw error;
  });
  return stdout.split('\n').filter((line) => line !== '');
}

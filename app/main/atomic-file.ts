/** A small JSON file that is either the old one or the new one, whatever happens while it is written. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export type ReadResult =
  | { readonly state: 'absent' }
  | { readonly state: 'read'; readonly value: unknown }
  /** It was not JSON, or not acceptable, and was moved to `movedTo`, so that nothing in it is lost. */
  | { readonly state: 'corrupt'; readonly movedTo: string };

/** Its message is the end of a sentence, with its full stop. */
class FileNotRead extends Error {
  override readonly name = 'FileNotRead';
}

export class FileNotWritten extends Error {
  override readonly name = 'FileNotWritten';
}

/**
 * Rejects where there is something that can be neither read nor set aside.
 * @param accept tells whether the value is what the program once wrote
 * @param now ms since 1970, for the name under which a corrupt file is kept
 */
export async function readJson(
  path: string,
  accept: (value: unknown) => boolean,
  now: () => number = Date.now,
): Promise<ReadResult> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'absent' };
    throw new FileNotRead(unreadable(path, error as NodeJS.ErrnoException), { cause: error });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (accept(value)) return { state: 'read', value };
  } catch {
    // Falls through to being set aside.
  }
  const movedTo = `${path}.corrupt-${now()}`;
  try {
    await rename(path, movedTo);
  } catch (error) {
    const { message } = error as Error;
    throw new FileNotRead(`${path} is damaged and could not be set aside (${message}).`, { cause: error });
  }
  return { state: 'corrupt', movedTo };
}

function unreadable(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EISDIR':
      return `${path} is a folder where a file should be.`;
    case 'EACCES':
    case 'EPERM':
      return `it may not read ${path}.`;
    default:
      return `${path} could not be read (${error.message}).`;
  }
}

/** As `writeText`. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);

/** Rejects with FileNotWritten, whose message a person can read; the old file is then untouched. */
export async function writeText(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    // What is told is why it could not be written; the next attempt writes over what is left.
    await rm(beside, { force: true }).catch(() => {});
    throw new FileNotWritten(reasonOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Tandem may not write into its own folder.';
    default:
      return `Tandem could not save: ${error.message}`;
  }
}

/** Runs pieces of work one after another, so that of two changes the later one is on disk in the end. */
export function inOrder(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    // Whoever asked for it hears of it; the next piece runs all the same.
    last = result.catch(() => {});
    return result;
  };
}

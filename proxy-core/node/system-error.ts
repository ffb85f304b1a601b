/** What the operating system says, in words that end a sentence for a person. */
import { phrase } from '../server/phrase.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: phrase('there is no such file or directory'),
  EACCES: phrase('permission is denied'),
  EPERM: phrase('permission is denied'),
  EEXIST: phrase('something else has this name'),
  ENOTDIR: phrase('a part of the path is no directory'),
  EISDIR: phrase('it is a directory'),
  ENOSPC: phrase('the disk is full'),
  EFBIG: phrase('the disk is full'),
  EROFS: phrase('the disk is read-only'),
  EIO: phrase('the disk reports an error'),
  EMFILE: phrase('too many files are open'),
  ELOOP: phrase('the path leads round in a circle'),
  ENAMETOOLONG: phrase('the path is too long'),
};

/** Without a full stop; the system's own words for what is not known here. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}

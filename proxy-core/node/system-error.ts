/** What the operating system says, in words that end a sentence for a person. */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EEXIST: 'something else has this name',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
  EFBIG: 'the disk is full',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ELOOP: 'the path leads round in a circle',
  ENAMETOOLONG: 'the path is too long',
};

/** Without a full stop; the system's own words for what is not known here. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}

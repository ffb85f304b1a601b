/** What a group of people is called, by where they are known from. */
import { t } from '@lingui/core/macro';
import { type BooksView, bookName } from '../../store/books-store.ts';
import { type DirectoryView, directoryName } from '../../store/directory-store.ts';
import { OFFICE } from '../../store/people-groups.ts';

export function sourceName(
  source: string,
  servers: readonly BooksView[],
  directories: readonly DirectoryView[],
): string {
  if (source === 'own') return t`Contacts`;
  if (source === OFFICE) return t`Office`;
  const directory = directories.find(({ id }) => id === source);
  if (directory !== undefined) return directoryName(directory);
  return bookName(servers, source) ?? t`Contacts`;
}

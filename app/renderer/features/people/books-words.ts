/** How address books are, in words. */
import { plural, t } from '@lingui/core/macro';
import type { BooksView } from '../../store/books-store.ts';
import { dates } from '../../store/notation.ts';

export const countWords = (count: number): string => plural(count, { one: '# contact', other: '# contacts' });

export const unreadWords = (count: number): string =>
  plural(count, { one: '# card could not be read.', other: '# cards could not be read.' });

export function stateWords({ state, syncedAt, user }: BooksView): string {
  const when = syncedAt === 0 ? '' : dates({ dateStyle: 'short', timeStyle: 'short' }).format(syncedAt);
  switch (state) {
    case 'syncing':
      return t`Looking for changes…`;
    case 'ready':
      return t`${user} · in step at ${when}`;
    case 'offline':
      return when === '' ? t`Not reached yet` : t`Not reached · as it was at ${when}`;
    case 'failed':
      return when === '' ? t`Not signed in` : t`Not signed in · as it was at ${when}`;
  }
}

/** Without what goes without saying. */
export const shortAddress = (server: string): string => server.replace(/^https:\/\//i, '').replace(/\/$/, '');

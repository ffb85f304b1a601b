/** What pressing Call would do with the text in the field, told before it is done. */
import type { AccountSnapshot, OfficeUser } from './types.ts';
import { accountName } from './words.ts';

export type DialPreview =
  | { readonly kind: 'empty' }
  /** `target` is what the softphone is asked to call, `shown` what a person reads. */
  | { readonly kind: 'ready'; readonly target: string; readonly shown: string; readonly from: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** What people put between digits: spaces (also narrow ones), dots, dashes, slashes and brackets. */
const SEPARATORS = /[\s\u00a0\u202f./()\u2010-\u2015-]/g;
const NUMBER = /^\+?[0-9*#]+$/;
const MAX_NAMED = 3;

export function previewDial(
  text: string,
  account: AccountSnapshot | undefined,
  directory: readonly OfficeUser[] = [],
): DialPreview {
  const typed = text.trim();
  if (!typed) return { kind: 'empty' };
  if (!account) return { kind: 'unclear', reason: 'Sign in first to make calls.' };
  const from = accountName(account);

  if (/^sips?:/i.test(typed) || typed.includes('@')) {
    if (/\s/.test(typed)) return { kind: 'unclear', reason: 'An address has no spaces in it.' };
    return { kind: 'ready', target: typed, shown: typed.replace(/^sips?:/i, ''), from };
  }
  if (account.domain === '') {
    if (/^[^\s]*[.:][^\s]*$/.test(typed)) return { kind: 'ready', target: typed, shown: typed, from };
    return { kind: 'unclear', reason: 'This account has no server: type a whole address, such as anna@192.0.2.10.' };
  }
  const number = typed.replace(/^tel:/i, '').replace(SEPARATORS, '');
  if (NUMBER.test(number)) {
    return { kind: 'ready', target: number, shown: `${number}@${account.domain}`, from };
  }
  const found = findByName(typed, directory);
  if (found.length === 1 && found[0]) {
    return { kind: 'ready', target: found[0].number, shown: `${found[0].name}, ${found[0].number}`, from };
  }
  if (found.length > 1) {
    const names = found.slice(0, MAX_NAMED).map((user) => `${user.name} (${user.number})`);
    const more = found.length > MAX_NAMED ? ` and ${found.length - MAX_NAMED} more` : '';
    return { kind: 'unclear', reason: `Several people match: ${names.join(', ')}${more}.` };
  }
  if (/^[\w.!~'$&+,;=%-]+$/.test(typed)) {
    return { kind: 'ready', target: typed, shown: `${typed}@${account.domain}`, from };
  }
  return { kind: 'unclear', reason: 'Nobody of that name is known here. Type a number.' };
}

/** Users one of whose names begins as typed, whatever the case and the accents. */
function findByName(typed: string, directory: readonly OfficeUser[]): readonly OfficeUser[] {
  const wanted = plain(typed).split(/\s+/);
  const found = directory.filter((user) => {
    const names = plain(user.name).split(/\s+/);
    return wanted.every((part) => names.some((name) => name.startsWith(part)));
  });
  const exact = found.filter((user) => plain(user.name) === plain(typed));
  return exact.length === 1 ? exact : found;
}

/** Lower case without accents, for comparing names. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim();
}

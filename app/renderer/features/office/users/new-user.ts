/** What a new user may be: the next free number, and what is wrong with a form. */
import { plural, t } from '@lingui/core/macro';
import type { OfficeUser } from '../../../store/types.ts';

const FIRST_NUMBER = 1001;
/** What may stand before the @ of an address without being written in another way (RFC 3261 §25.1, user). */
const NUMBER = /^[A-Za-z0-9_.!~*'()&=+$,;?/-]+$/;
const MAX_LENGTH = 64;

/** One more than the highest number in use. */
export function nextNumber(users: readonly OfficeUser[]): string {
  const numbers = users.map((user) => (/^\d{1,9}$/.test(user.number) ? Number(user.number) : 0));
  return String(Math.max(FIRST_NUMBER - 1, ...numbers) + 1);
}

export interface NewUserErrors {
  readonly number?: string;
  readonly password?: string;
}

export function newUserErrors(
  form: { readonly number: string; readonly password: string },
  users: readonly OfficeUser[],
): NewUserErrors {
  const number = numberError(form.number.trim(), users);
  return {
    ...(number ? { number } : {}),
    ...(form.password ? {} : { password: t`A user needs a password.` }),
  };
}

function numberError(number: string, users: readonly OfficeUser[]): string | undefined {
  if (!number) return t`A user needs a number.`;
  if (number.length > MAX_LENGTH)
    return t`A number has at most ${plural(MAX_LENGTH, { one: '# character', other: '# characters' })}.`;
  if (!NUMBER.test(number)) return t`Use digits, letters, dots and dashes, without spaces.`;
  const taken = users.find((user) => user.number === number);
  if (!taken) return undefined;
  return taken.name ? t`${number} is taken by ${taken.name}.` : t`${number} is taken.`;
}

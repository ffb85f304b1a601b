/** What a question to a server came to, with its reason where it failed. */
import type { BooksOutcome } from '../../shared/people-service.ts';
import { textOf } from '../../shared/text-of.ts';
import { WebError } from './web-error.ts';

export async function outcome<T>(work: () => Promise<T>): Promise<BooksOutcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof WebError)) return { ok: false, reason: textOf(error), trouble: 'other' };
    const { message, trouble, certificate } = error;
    return { ok: false, reason: message, trouble, ...(certificate === undefined ? {} : { certificate }) };
  }
}

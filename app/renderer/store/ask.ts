/** Asking the main process: every answer is an Outcome, also when the process does not answer at all. */
import type { Outcome } from '../../shared/bridge.ts';
import { textOf } from '../../shared/text-of.ts';

export async function ask<T>(question: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await question();
  } catch (error) {
    return { ok: false, reason: noAnswer(error) };
  }
}

/** The sentence for a question that failed on the way. */
export function noAnswer(error: unknown): string {
  const detail = textOf(error);
  return `Tandem could not do that: ${detail}`;
}

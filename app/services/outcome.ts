/** What was asked of a service, or why not: below it sentences are thrown that a person can read. */
import type { Outcome } from '../shared/bridge.ts';
import { textOf } from '../shared/text-of.ts';

export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, reason: textOf(error) };
  }
}

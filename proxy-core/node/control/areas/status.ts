/** What the exchange is doing. */
import * as v from 'valibot';
import { method } from '../area.ts';
import type { RunningFacts } from '../parts.ts';

const MOST_NOTES = 20;

export interface ExchangeStatus extends RunningFacts {
  readonly pid: number;
  readonly domains: readonly string[];
  readonly users: number;
  readonly bindings: number;
  /** The newest of what the log warned of, as far as it is kept; `at` in ms since 1970. */
  readonly notes?: readonly { readonly at: number; readonly text: string }[];
  /** Absent when no exchange runs. */
  readonly events?: { readonly subscriptions: number; readonly publications: number };
}

export const statusArea = {
  status: method(
    v.strictObject({}),
    (_, { store: { users, location }, facts, exchange }): ExchangeStatus => ({
      ...facts(),
      pid: process.pid,
      domains: users.domains(),
      users: users.size,
      bindings: location.size,
      ...(exchange !== undefined && {
        events: { subscriptions: exchange.events.size, publications: exchange.events.publications },
        notes: (exchange.trace?.notes() ?? []).slice(-MOST_NOTES).map(({ at, text }) => ({ at, text })),
      }),
    }),
  ),
};

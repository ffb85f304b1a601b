/** What the exchange is doing. */
import * as v from 'valibot';
import { method } from '../area.ts';
import type { RunningFacts } from '../parts.ts';

export interface ExchangeStatus extends RunningFacts {
  readonly pid: number;
  readonly domains: readonly string[];
  readonly users: number;
  readonly bindings: number;
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
      }),
    }),
  ),
};

/**
 * How an area of the administration declares its methods: a table of names, each with the schema of its parameters and
 * the handler that answers it. Parameters are checked against the schema before the handler sees them; results are
 * trusted.
 */
import type * as v from 'valibot';
import type { ExchangeParts } from '../../server/parts.ts';
import type { NatStatus } from '../nat-status.ts';
import type { Store } from '../store/index.ts';

/** What the running exchange knows beyond its store. */
export interface RunningFacts {
  readonly version: string;
  /** ms since 1970; 0 when no exchange runs. */
  readonly startedAt: number;
  readonly listeners: readonly string[];
  readonly mode: string;
  readonly nat?: NatStatus;
}

/** What handlers work on. */
export interface AdminParts {
  readonly store: Store;
  /** Asked anew each time. */
  readonly facts: () => RunningFacts;
  /** The parts of the running exchange; absent where the store was opened without one. */
  readonly exchange?: ExchangeParts;
  /** ms since 1970. */
  readonly now: () => number;
}

export interface Method<Schema extends v.GenericSchema, Result> {
  readonly params: Schema;
  readonly handle: (params: v.InferOutput<Schema>, parts: AdminParts) => Result | Promise<Result>;
}

/** @param handle throws AdminError with one sentence for a person. */
export const method = <const Schema extends v.GenericSchema, Result>(
  params: Schema,
  handle: (params: v.InferOutput<Schema>, parts: AdminParts) => Result | Promise<Result>,
): Method<Schema, Result> => ({ params, handle });

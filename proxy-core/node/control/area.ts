/**
 * How an area of the administration declares its methods: a table of names, each with the schema of its parameters and
 * the handler that answers it. Parameters are checked against the schema before the handler sees them; results are
 * trusted.
 */
import type * as v from 'valibot';
import type { Author, Recorder } from './audit/record.ts';
import type { Page } from './paging.ts';
import type { AdminParts } from './parts.ts';

export type { AdminParts } from './parts.ts';

/** What a handler gets: the parts, and the log of who changes what. */
export interface AdminContext extends AdminParts, Recorder {
  /** Who asks. */
  readonly by: string;
  /** A recorder that says more of what is done. */
  recording(more: Pick<Author, 'undoes'>): Recorder;
}

type Handle<Schema extends v.GenericSchema, Result> = (
  params: v.InferOutput<Schema>,
  context: AdminContext,
) => Result | Promise<Result>;

export interface Method<Schema extends v.GenericSchema, Result> {
  readonly params: Schema;
  readonly changes: boolean;
  readonly handle: Handle<Schema, Result>;
}

/** Something to ask. @param handle throws AdminError with one sentence for a person. */
export const method = <const Schema extends v.GenericSchema, Result>(
  params: Schema,
  handle: Handle<Schema, Result>,
): Method<Schema, Result> => ({ params, changes: false, handle });

/**
 * Something that changes the exchange. `handle` does it through `context.record`, so that it can be taken back; what it
 * does otherwise is written down without its parameters.
 */
export const change = <const Schema extends v.GenericSchema, Result>(
  params: Schema,
  handle: Handle<Schema, Result>,
): Method<Schema, Result> => ({ params, changes: true, handle });

/** How a listing is watched: what changes in `topic` is looked up again, one by one. */
export interface Watching<Params, Item, Watched> {
  /** In the store's feed. */
  readonly topic: string;
  /** What the feed calls a listed item; several of them may come under one key. */
  readonly keyOf: (item: Item) => string;
  /** What is there under a key, where it is something that `params` list. */
  readonly one: (key: string, params: Params, parts: AdminParts) => Watched | undefined;
}

export interface ListMethod<Schema extends v.GenericSchema, Item, Watched> extends Method<Schema, Page<Item>> {
  readonly handle: (params: v.InferOutput<Schema>, parts: AdminParts) => Page<Item>;
  readonly watch: Watching<v.InferOutput<Schema>, Item, Watched>;
}

/** A listing that can be watched; see `method`. */
export const list = <const Schema extends v.GenericSchema, Item, Watched>(
  params: Schema,
  handle: (params: v.InferOutput<Schema>, parts: AdminParts) => Page<Item>,
  watch: Watching<v.InferOutput<Schema>, Item, Watched>,
): ListMethod<Schema, Item, Watched> => ({ params, changes: false, handle, watch });

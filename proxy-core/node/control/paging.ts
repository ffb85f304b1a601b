/** Listings come a page at a time. */
import * as v from 'valibot';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Hand it in as `after` for the next page; absent on the last one. */
  readonly next?: string;
}

/** What every paged listing takes. */
export const pageFields = {
  after: v.optional(v.string()),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000)), 1_000),
};

/** A page of items that the store gave in order; `placeOf` tells where one stands, for the next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
  placeOf: (row: Row) => string,
): Page<Item> {
  const items = rows.map(show);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return last === undefined ? { items } : { items, next: placeOf(last) };
}

/** Everything of a paged listing, a page at a time. */
export async function* everything<Item>(
  fetch: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let after: string | undefined;
  do {
    const { items, next } = await fetch(after);
    yield* items;
    after = next;
  } while (after !== undefined);
}

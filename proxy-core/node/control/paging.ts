/** Listings come a page at a time, sorted and filtered by the store. */
import * as v from 'valibot';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Hand it in as `after` for the next page, asking for the same otherwise; absent on the last one. */
  readonly next?: string;
}

/** What every listing takes. */
export const pageFields = {
  after: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000)), 1_000),
  /** Only what has this text in it. */
  text: v.optional(v.pipe(v.string(), v.maxLength(128))),
  descending: v.optional(v.boolean()),
};

/** What a listing takes that can be in other orders than that of its key. */
export const sortedBy = <const Sorts extends readonly [string, ...string[]]>(...sorts: Sorts) => ({
  ...pageFields,
  sort: v.optional(v.picklist(sorts)),
});

/** A page of rows as it is shown. */
export const pageOf = <Row, Item>(
  { rows, next }: { readonly rows: readonly Row[]; readonly next?: string },
  show: (row: Row) => Item,
): Page<Item> => ({ items: rows.map(show), ...(next !== undefined && { next }) });

/** The same of rows that a store of its own gave; `placeOf` tells where one stands, for the next page. */
export function pageAfter<Row, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
  placeOf: (row: Row) => string,
): Page<Item> {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { items: rows.map(show), ...(last !== undefined && { next: placeOf(last) }) };
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

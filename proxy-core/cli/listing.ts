/** Commands that list: derived from a listing of the administration, each with order, search, bounds and following. */
import type { CAC, Command } from 'cac';
import {
  type ExchangeAdmin,
  everything,
  type Page,
  type Params,
  type Result,
  type WatchEvent,
  type Watched,
  type WatchName,
} from '../node/control/index.ts';
import type { Given } from './arguments.ts';
import { declare, withAdmin } from './commands/common.ts';
import { CommandError, type Io, UsageError } from './io.ts';
import { printable, printJson, printTable } from './output.ts';

type Item<M extends WatchName> = Result<M> extends Page<infer One> ? One : never;

export interface ListingCommand<M extends WatchName> {
  /** As it is declared, such as `alias list [number]`. */
  readonly command: string;
  readonly description: string;
  readonly method: M;
  /** The orders that `method` knows. */
  readonly sorts?: readonly string[];
  /** The order where none is asked for. */
  readonly usually?: { readonly sort?: string; readonly descending?: boolean };
  /** Options for its filters, each with its explanation. */
  readonly options?: readonly (readonly [option: string, explanation: string])[];
  readonly params?: (given: Given, ...words: (string | undefined)[]) => object;
  readonly head: readonly string[];
  readonly row: (item: Item<M>) => readonly string[];
  /** How an item stands in JSON, where not as it is. */
  readonly json?: (item: Item<M>) => unknown;
  /** What the watch tells of, where that is not one item. */
  readonly items?: (watched: Watched<M>) => readonly Item<M>[];
}

const MOST_AT_ONCE = 1_000;

/** Declares a command that lists. */
export function addListing<M extends WatchName>(cli: CAC, io: Io, listing: ListingCommand<M>): Command {
  const { sorts = [], options = [] } = listing;
  const command = declare(cli, listing.command, listing.description, (given, ...words) => {
    const query = { ...listing.params?.(given, ...words), ...orderOf(given, listing) } as Params<M>;
    return withAdmin(given, io, (admin) =>
      given.flag('follow') ? follow(given, io, admin, listing, query) : print(given, io, admin, listing, query),
    );
  });
  for (const [option, explanation] of options) command.option(option, explanation);
  command.option('--find <text>', 'Only what has this text in it');
  if (sorts.length > 0) command.option('--sort <order>', `In the order of: ${sorts.join(', ')}`);
  return command
    .option('--reverse', 'The other way round')
    .option('--limit <count>', 'At most so many')
    .option('--follow', 'Go on with what changes until interrupted; with --json, an event a line');
}

function orderOf<M extends WatchName>(given: Given, { sorts = [], usually = {} }: ListingCommand<M>): object {
  const text = given.text('find');
  const sort = given.text('sort') ?? usually.sort;
  if (sort !== undefined && !sorts.includes(sort)) {
    throw new UsageError(`--sort is one of ${sorts.join(', ')}, not "${sort}".`);
  }
  const descending = (usually.descending === true) !== given.flag('reverse');
  return {
    ...(text !== undefined && { text }),
    ...(sort !== undefined && { sort }),
    ...(descending && { descending }),
  };
}

function limitOf(given: Given): number {
  const text = given.text('limit');
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--limit is a whole number from 1 up, not "${text}".`);
  return Number(text);
}

async function print<M extends WatchName>(
  given: Given,
  io: Io,
  admin: ExchangeAdmin,
  { method, head, row, json = (item) => item }: ListingCommand<M>,
  query: Params<M>,
): Promise<void> {
  const most = limitOf(given);
  const found: Item<M>[] = [];
  const pages = everything(async (after) => {
    const place = { ...(after !== undefined && { after }), limit: Math.min(most - found.length, MOST_AT_ONCE) };
    return (await admin.call(method, { ...query, ...place })) as Page<Item<M>>;
  });
  for await (const item of pages) {
    if (found.push(item) >= most) break;
  }
  if (given.flag('json')) printJson(io.stdout, found.map(json));
  else printTable(io.stdout, head, found.map(row));
}

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;

/** What is there as a table, then a line for each change, until the process is asked to end. */
async function follow<M extends WatchName>(
  given: Given,
  io: Io,
  admin: ExchangeAdmin,
  listing: ListingCommand<M>,
  query: Params<M>,
): Promise<void> {
  // Else the store would be held, and nobody could change what is followed.
  const { startedAt } = await admin.call('status', {});
  if (startedAt === 0) throw new CommandError('No exchange is running: there is nothing to follow.');
  const end = new AbortController();
  void io.asked().then(() => end.abort());
  const print = given.flag('json') ? jsonLines(io, listing) : tableAndLines(io, listing);
  for await (const event of admin.watch(listing.method, query, { signal: end.signal })) print(event);
}

type Print<M extends WatchName> = (event: WatchEvent<Watched<M>>) => void;

const jsonLines =
  <M extends WatchName>(io: Io, { json = (item) => item, items }: ListingCommand<M>): Print<M> =>
  (event) => {
    const shown = 'item' in event ? { ...event, item: shownItem(event.item, json, items) } : event;
    io.stdout.write(`${JSON.stringify(shown)}\n`);
  };

/** One item, or the list of those that come together. */
function shownItem<M extends WatchName>(
  watched: Watched<M>,
  json: (item: Item<M>) => unknown,
  items: ListingCommand<M>['items'],
): unknown {
  return items === undefined ? json(watched as unknown as Item<M>) : items(watched).map(json);
}

function tableAndLines<M extends WatchName>(io: Io, listing: ListingCommand<M>): Print<M> {
  const { head, row, items = (one) => [one as unknown as Item<M>] } = listing;
  let first: (readonly string[])[] | undefined = [];
  const line = (sign: string, cells: readonly string[]): void => {
    io.stdout.write(`${[sign, ...cells].map(printable).join('  ').trimEnd()}\n`);
  };
  return (event) => {
    if (event.event === 'resync') {
      first = [];
      line('!', ['More changed than could be followed: what is there now comes anew.']);
    } else if (event.event === 'ready') {
      printTable(io.stdout, head, first ?? []);
      first = undefined;
    } else if (event.event === 'removed') line(SIGNS.removed, [event.key]);
    else if (first !== undefined) first.push(...items(event.item).map(row));
    else for (const item of items(event.item)) line(SIGNS[event.event], row(item));
  };
}

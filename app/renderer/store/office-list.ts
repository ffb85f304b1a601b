/**
 * A listing of the exchange as a page shows it: sorted and filtered by the exchange, a page at a time as it is scrolled,
 * and then only what changes. All pages of the office have their lists from here.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WatchEvent, Watched } from '../../shared/office-admin.ts';
import type { Clock, Timer } from './clock.ts';
import type { ListName, OfficeAdmin, OfficeWatch } from './office-admin.ts';
import type { OfficeStore } from './office-store.ts';
import type { ListItem, ListQuery } from './office-types.ts';

/** How a listing is kept. */
export interface ListSpec<M extends ListName> {
  readonly method: M;
  /** What the exchange calls an item, in what it tells of changes. */
  readonly keyOf: (item: ListItem<M>) => string;
  /** New ones stand first: they need not be looked up where they belong. */
  readonly newestFirst?: true;
  /** Several items have one key: any change has them read again. */
  readonly grouped?: true;
}

export interface ListView<Item> {
  /** `failed` may still show what was read before. */
  readonly state: 'loading' | 'ready' | 'failed';
  readonly reason: string;
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

export interface OfficeList<M extends ListName> extends StoreApi<ListView<ListItem<M>>> {
  /** Reads and watches from now on, while the office is on, until the returned function is called. */
  follow(): () => void;
  /** Shows something else of it. */
  aim(query: ListQuery<M>): void;
  /** The next page. */
  more(): Promise<void>;
  again(): void;
}

export interface ListPorts {
  readonly admin: OfficeAdmin;
  readonly office: Pick<OfficeStore, 'getState' | 'subscribe'>;
  readonly clock: Clock;
}

const PAGE = 100;
/** The most that every listing gives at once. */
const MOST_AT_ONCE = 1_000;
/** Pages that may hold nothing are read on for so long. */
const MOST_PAGES = 50;
/** Changes whose place only the exchange knows have the list read again, this often at most. */
export const AGAIN_MS = 300;

interface Reading<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

export function createOfficeList<M extends ListName>(
  { admin, office, clock }: ListPorts,
  spec: ListSpec<M>,
  first: ListQuery<M>,
): OfficeList<M> {
  type Item = ListItem<M>;
  const store = createStore<ListView<Item>>()(() => ({ state: 'loading', reason: '', items: [], hasMore: false }));
  let query = first;
  let followed = false;
  /** Counts beginnings: what was asked before the last one no longer counts. */
  let turn = 0;
  let watch: OfficeWatch<Watched<M>> | undefined;
  let next: string | undefined;
  let isReading = false;
  let due: Timer | undefined;

  const fail = (reason: string): void => store.setState({ state: 'failed', reason });

  /** Reads on behind `after` until there are `count`. */
  async function read(mine: number, count: number, after?: string): Promise<Reading<Item> | undefined> {
    const items: Item[] = [];
    let place = after;
    for (let pages = 0; pages < MOST_PAGES && items.length < count; pages += 1) {
      const limit = Math.min(MOST_AT_ONCE, count - items.length);
      const params = { ...query, limit, ...(place === undefined ? {} : { after: place }) };
      const answer = await admin.ask(spec.method, params as never);
      if (mine !== turn) return undefined;
      if (!answer.ok) {
        fail(answer.reason);
        return undefined;
      }
      const page = answer.value as { readonly items: readonly Item[]; readonly next?: string };
      items.push(...page.items);
      place = page.next;
      if (place === undefined) break;
    }
    return { items, next: place };
  }

  const show = (items: readonly Item[], place: string | undefined): void => {
    next = place;
    store.setState({ state: 'ready', reason: '', items, hasMore: place !== undefined });
  };

  async function refresh(mine: number): Promise<void> {
    const found = await read(mine, Math.max(PAGE, store.getState().items.length));
    if (found) show(found.items, found.next);
  }

  const refreshSoon = (mine: number): void => {
    due ??= clock.after(AGAIN_MS, () => {
      due = undefined;
      if (mine === turn) void refresh(mine);
    });
  };

  function take(mine: number, events: readonly WatchEvent<Watched<M>>[]): void {
    const before = store.getState().items;
    const { items, isUnsure } = afterEvents(spec, query, before, events);
    if (items !== before) store.setState({ items });
    if (isUnsure) refreshSoon(mine);
  }

  async function begin(): Promise<void> {
    end();
    const mine = turn;
    // Watched first, so that nothing that changes while it is read is missed.
    const opened = await admin.watch(spec.method, query as never);
    if (mine !== turn) {
      if (opened.ok) opened.value.close();
      return;
    }
    if (!opened.ok) return fail(opened.reason);
    watch = opened.value;
    const found = await read(mine, PAGE);
    if (!found) return;
    show(found.items, found.next);
    await listen(mine, opened.value);
  }

  async function listen(mine: number, to: OfficeWatch<Watched<M>>): Promise<void> {
    for (;;) {
      const told = await to.next();
      if (mine !== turn) return;
      if (!told.ok) return fail(told.reason);
      if (told.value.length === 0) return;
      take(mine, told.value);
    }
  }

  function end(): void {
    turn += 1;
    watch?.close();
    watch = undefined;
    due?.cancel();
    due = undefined;
    isReading = false;
  }

  const isOn = (): boolean => office.getState().office?.state === 'on';

  return Object.assign(store, {
    follow() {
      followed = true;
      if (isOn()) void begin();
      const release = office.subscribe((state, before) => {
        if (state.office?.state === before.office?.state) return;
        if (isOn()) void begin();
        else end();
      });
      return () => {
        followed = false;
        release();
        end();
      };
    },
    aim(wanted: ListQuery<M>) {
      if (JSON.stringify(wanted) === JSON.stringify(query)) return;
      query = wanted;
      if (followed && isOn()) void begin();
    },
    async more() {
      if (next === undefined || isReading) return;
      isReading = true;
      const mine = turn;
      const found = await read(mine, PAGE, next);
      if (mine !== turn) return;
      isReading = false;
      if (found) show([...store.getState().items, ...found.items], found.next);
    },
    again() {
      if (isOn()) void begin();
    },
  });
}

/** The list after what was told, the same one where nothing is new; `isUnsure` where only the exchange knows an order. */
function afterEvents<M extends ListName>(
  { keyOf, newestFirst, grouped }: ListSpec<M>,
  query: ListQuery<M>,
  before: readonly ListItem<M>[],
  events: readonly WatchEvent<Watched<M>>[],
): { readonly items: readonly ListItem<M>[]; readonly isUnsure: boolean } {
  if (grouped) return { items: before, isUnsure: events.length > 0 };
  const places = new Map(before.map((item, at) => [keyOf(item), at]));
  const changed = new Map<number, ListItem<M> | undefined>();
  const fresh = new Map<string, ListItem<M>>();
  let isUnsure = false;
  for (const event of events) {
    if (event.event === 'resync') isUnsure = true;
    if (!('key' in event)) continue;
    const at = places.get(event.key);
    if (event.event === 'removed') {
      fresh.delete(event.key);
      if (at !== undefined) changed.set(at, undefined);
      continue;
    }
    // Where nothing is grouped, an item is watched as it is listed.
    const item = event.item as unknown as ListItem<M>;
    if (at !== undefined) {
      changed.set(at, item);
      if (hasMoved('sort' in query ? query.sort : undefined, before[at], item)) isUnsure = true;
    } else if (newestFirst && event.event === 'added') fresh.set(event.key, item);
    else isUnsure = true;
  }
  if (changed.size === 0 && fresh.size === 0) return { items: before, isUnsure };
  const kept: ListItem<M>[] = [...fresh.values()].reverse();
  before.forEach((item, at) => {
    const now = changed.has(at) ? changed.get(at) : item;
    if (now !== undefined) kept.push(now);
  });
  return { items: kept, isUnsure };
}

/** Whether what the list is sorted by is another now. */
function hasMoved(sort: unknown, before: unknown, after: unknown): boolean {
  if (typeof sort !== 'string') return false;
  return (before as Record<string, unknown>)[sort] !== (after as Record<string, unknown>)[sort];
}

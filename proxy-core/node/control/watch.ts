/**
 * A live view of a listing: what is there, page by page, then only what changes. The reader fetches; what changes while he
 * does not is remembered by its key alone and looked up when he comes, so that a slow reader sees the latest and costs
 * little. Beyond a limit he is told to begin anew.
 */
import type { Change } from '../store/feed.ts';
import type { Page } from './paging.ts';
import type { AdminParts } from './parts.ts';

export type WatchEvent<Item> =
  /** With a filter, what begins to be listed may come as `changed`, and what was never listed as `removed`. */
  | { readonly event: 'added' | 'changed'; readonly key: string; readonly item: Item }
  | { readonly event: 'removed'; readonly key: string }
  /** What was there has been told; from now on it is only changes. */
  | { readonly event: 'ready' }
  /** More changed than is remembered: forget what you know; what is there follows if it did at first. */
  | { readonly event: 'resync' };

export interface OpenWatch<Item> {
  /** Waits for something to tell; empty once the watch is closed. */
  next(): Promise<readonly WatchEvent<Item>[]>;
  close(): void;
}

export interface WatchSource<Item> {
  readonly topic: string;
  readonly page: (after: string | undefined, limit: number) => Page<string>;
  readonly one: (key: string) => Item | undefined;
  readonly snapshot: boolean;
}

const MOST_PENDING = 10_000;
const AT_ONCE = 500;

/** @param page gives keys; several items under one key are told once. */
export class Watch<Item> implements OpenWatch<Item> {
  readonly #source: WatchSource<Item>;
  readonly #end: () => void;
  /** What happened first to each since it was last told. */
  #pending = new Map<string, Change>();
  #overflowed = false;
  /** Where the snapshot goes on; undefined once it is told. */
  #snapshot: { after: string | undefined } | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(source: WatchSource<Item>, feed: AdminParts['store']['feed']) {
    this.#source = source;
    if (source.snapshot) this.#snapshot = { after: undefined };
    this.#end = feed.watch(source.topic, (key, change) => this.#changed(key, change));
  }

  async next(): Promise<readonly WatchEvent<Item>[]> {
    for (;;) {
      if (this.#closed) return [];
      if (this.#overflowed) return [this.#beginAnew()];
      if (this.#snapshot !== undefined) return this.#nextOfSnapshot(this.#snapshot);
      const events = this.#nextChanges();
      if (events.length > 0) return events;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#closed = true;
    this.#end();
    this.#pending.clear();
    this.#wake?.();
  }

  #changed(key: string, change: Change): void {
    if (this.#overflowed) return;
    const first = this.#pending.get(key);
    // What came and went before anybody looked is nothing; what went and came back has changed.
    if (first === undefined) this.#pending.set(key, change);
    else if (first === 'removed' && change === 'added') this.#pending.set(key, 'changed');
    if (this.#pending.size > MOST_PENDING) {
      this.#overflowed = true;
      this.#pending.clear();
    }
    this.#wake?.();
    this.#wake = undefined;
  }

  #beginAnew(): WatchEvent<Item> {
    this.#overflowed = false;
    if (this.#source.snapshot) this.#snapshot = { after: undefined };
    return { event: 'resync' };
  }

  /** What changes meanwhile is told after it, whether or not the snapshot had it already. */
  #nextOfSnapshot({ after }: { after: string | undefined }): WatchEvent<Item>[] {
    const { items: keys, next } = this.#source.page(after, AT_ONCE);
    const events: WatchEvent<Item>[] = [];
    for (const key of new Set(keys)) {
      const item = this.#source.one(key);
      if (item !== undefined) events.push({ event: 'added', key, item });
    }
    this.#snapshot = next === undefined ? undefined : { after: next };
    if (next === undefined) events.push({ event: 'ready' });
    return events.length > 0 ? events : this.#nextOfSnapshot({ after: next });
  }

  #nextChanges(): WatchEvent<Item>[] {
    const events: WatchEvent<Item>[] = [];
    for (const [key, first] of this.#pending) {
      if (events.length >= AT_ONCE) break;
      this.#pending.delete(key);
      const item = this.#source.one(key);
      if (item !== undefined) events.push({ event: first === 'added' ? 'added' : 'changed', key, item });
      else if (first !== 'added') events.push({ event: 'removed', key });
    }
    return events;
  }
}

/** The events of a watch one by one; it is closed when the loop over them ends, or by `signal`. */
export async function* eventsOf<Item>(
  opening: OpenWatch<Item> | Promise<OpenWatch<Item>>,
  signal?: AbortSignal,
): AsyncGenerator<WatchEvent<Item>> {
  const watch = await opening;
  const close = (): void => watch.close();
  signal?.addEventListener('abort', close, { once: true });
  if (signal?.aborted === true) close();
  try {
    for (;;) {
      const events = await watch.next();
      if (events.length === 0) return;
      yield* events;
    }
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

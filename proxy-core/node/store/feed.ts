/** Tells whoever watches that something changed: only what it is called, so that it costs nothing where nobody looks. */

export type Change = 'added' | 'changed' | 'removed';
type Watcher = (key: string, change: Change) => void;

export class Feed {
  readonly #watchers = new Map<string, Set<Watcher>>();

  isWatched(topic: string): boolean {
    return this.#watchers.has(topic);
  }

  /** @param topic an area, such as `users`; @param key what its listing calls the one that changed. */
  changed(topic: string, key: string, change: Change = 'changed'): void {
    const watchers = this.#watchers.get(topic);
    if (watchers !== undefined) for (const watcher of watchers) watcher(key, change);
  }

  /** @returns what ends it. */
  watch(topic: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(topic) ?? new Set();
    this.#watchers.set(topic, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(topic) === watchers) this.#watchers.delete(topic);
    };
  }
}

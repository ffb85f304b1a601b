/** Resources that somebody watches, each with all who do: what is not watched is not here and costs nothing. */
import type { WatchListener } from './event-package.ts';

export interface Topic {
  readonly listeners: Set<WatchListener>;
}

export class Topics<T extends Topic> {
  readonly #topics = new Map<string, T>();

  get isEmpty(): boolean {
    return this.#topics.size === 0;
  }

  get(resource: string): T | undefined {
    return this.#topics.get(resource);
  }

  all(): Iterable<T> {
    return this.#topics.values();
  }

  watching(resource: string): number {
    return this.#topics.get(resource)?.listeners.size ?? 0;
  }

  /** @param make called where nobody has watched it yet. */
  join(resource: string, listener: WatchListener, make: () => T): T {
    let topic = this.#topics.get(resource);
    if (topic === undefined) {
      topic = make();
      this.#topics.set(resource, topic);
    }
    topic.listeners.add(listener);
    return topic;
  }

  leave(resource: string, listener: WatchListener): void {
    const topic = this.#topics.get(resource);
    topic?.listeners.delete(listener);
    if (topic?.listeners.size === 0) this.#topics.delete(resource);
  }
}

/** Tells all of them; one who leaves meanwhile is not told. */
export function tell({ listeners }: Topic, what: 'changed' | 'gone'): void {
  for (const listener of listeners) {
    if (what === 'gone') listener.gone();
    else listener.changed();
  }
}

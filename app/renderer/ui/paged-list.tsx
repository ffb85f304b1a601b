/** A list that is read a page at a time as it is scrolled, in a frame of its own; the arrow keys walk it. */
import { observeElementRect, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

export interface PagedListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  /** Height of most rows in px; each is measured. */
  readonly rowHeight: number;
  readonly hasMore: boolean;
  keyOf(item: Item): string;
  /** The first button or link in a row is where the arrow keys lead. */
  row(item: Item): ReactNode;
  onMore(): void;
}

/** So many rows before the end the next page is asked for. */
const AHEAD = 20;
/** Of a page that is not laid out. */
const UNKNOWN_HEIGHT = 600;

export function PagedList<Item>({ label, items, rowHeight, hasMore, keyOf, row, onMore }: PagedListProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    initialRect: { width: 0, height: UNKNOWN_HEIGHT },
    observeElementRect: (instance, tell) =>
      observeElementRect(instance, (rect) => tell(rect.height > 0 ? rect : { ...rect, height: UNKNOWN_HEIGHT })),
    measureElement: (element) => (element as HTMLElement).offsetHeight || rowHeight,
  });
  const rows = list.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && last >= items.length - AHEAD) onMore();
  }, [hasMore, last, items.length, onMore]);

  const walk = (event: KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index') ?? -1);
    const to = stepOf(event.key, from, items.length);
    if (to === undefined || from < 0) return;
    event.preventDefault();
    list.scrollToIndex(to);
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] :is(button, a)`)?.focus(),
    );
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons inside
    <div className="vlist" ref={scroller} onKeyDown={walk}>
      <ul aria-label={label} className="vlist-rows" style={{ height: list.getTotalSize() }}>
        {rows.map(({ index, key, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={key}
              ref={list.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={hasMore ? -1 : items.length}
              className="vlist-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              {row(item)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function stepOf(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(from + 1, count - 1);
    case 'ArrowUp':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'PageDown':
      return Math.min(from + 8, count - 1);
    case 'PageUp':
      return Math.max(from - 8, 0);
    default:
      return undefined;
  }
}

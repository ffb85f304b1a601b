/**
 * A list of which only the rows in sight are drawn, however long it is: in a frame of its own, or scrolled with the page
 * around it. The arrow keys walk from row to row. A row that is not known yet is a grey one.
 */
import { observeElementRect, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';

export interface VirtualListProps<Item> {
  readonly label: string;
  readonly count: number;
  /** Of one row in px, before it is measured. */
  readonly rowHeight: number;
  /** It scrolls in a frame of its own. */
  readonly framed?: boolean;
  /** There are more than `count`, nobody knows how many. */
  readonly hasMore?: boolean;
  readonly rowClass?: string;
  /** Undefined while it is being read. */
  itemAt(place: number): Item | undefined;
  keyOf(item: Item): string;
  /** What stands inside the row's `li`. The first button or link in it is where the arrow keys lead. */
  row(item: Item): ReactNode;
  /** The places that are drawn from now on. */
  onShown?(first: number, last: number): void;
}

/** Rows beyond those in sight, for the keyboard and for quick scrolling. */
const OVERSCAN = 8;
/** Of a page that is not laid out. */
const UNKNOWN_HEIGHT = 600;
const PAGES = '.messages-list, .office-page, .main';

export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, count, rowHeight, framed = false, hasMore = false, rowClass, itemAt, keyOf, row, onShown } = props;
  const frame = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  /** Of the first row that was measured: each that is other than was thought has the places of all behind it counted anew. */
  const typical = useRef<number>(undefined);
  // What stands above it on the page may change with every drawing.
  useLayoutEffect(() => {
    if (!framed) setMargin(rows.current?.offsetTop ?? 0);
  });
  const list = useVirtualizer({
    count,
    getScrollElement: () => (framed ? frame.current : (rows.current?.closest(PAGES) ?? null)),
    estimateSize: () => typical.current ?? rowHeight,
    overscan: OVERSCAN,
    scrollMargin: margin,
    initialRect: { width: 0, height: UNKNOWN_HEIGHT },
    observeElementRect: (instance, tell) =>
      observeElementRect(instance, (rect) => tell(rect.height > 0 ? rect : { ...rect, height: UNKNOWN_HEIGHT })),
    measureElement(element) {
      const height = (element as HTMLElement).offsetHeight;
      // Nor is a row measured that is hidden for the while: those behind it stay where they are.
      if (element.ariaBusy === 'true' || height === 0) return typical.current ?? rowHeight;
      typical.current ??= height;
      return height;
    },
  });
  const shown = list.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => onShown?.(first, last), [onShown, first, last]);

  const walk = (event: KeyboardEvent) => {
    const from = Number((event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index') ?? -1);
    const to = stepOf(event.key, from, count);
    if (to === undefined || from < 0) return;
    event.preventDefault();
    list.scrollToIndex(to);
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      rows.current?.querySelector<HTMLElement>(`[data-index="${to}"] :is(button, a)`)?.focus(),
    );
  };

  const drawn = (
    <ul
      ref={rows}
      aria-label={label}
      className={framed ? 'vlist-rows' : 'vlist-rows user-list'}
      style={{ height: list.getTotalSize() }}
      onKeyDown={walk}
    >
      {shown.map(({ index, start }) => {
        const item = itemAt(index);
        return (
          <li
            // The list itself counts by places: it would ask every row, however many there are, whenever that changed.
            key={item === undefined ? index : keyOf(item)}
            ref={list.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={hasMore ? -1 : count}
            aria-busy={item === undefined ? true : undefined}
            className={classes('vlist-row', item === undefined ? 'user-row user-row-loading' : rowClass)}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {item === undefined ? null : row(item)}
          </li>
        );
      })}
    </ul>
  );
  if (!framed) return drawn;
  return (
    <div className="vlist" ref={frame}>
      {drawn}
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

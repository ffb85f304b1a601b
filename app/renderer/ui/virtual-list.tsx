/** A list of rows of which, where there are many, only those in sight are drawn. It scrolls with the page around it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

export interface VirtualListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  /** Of one row, in pixels, before it is measured. */
  readonly estimate: number;
  keyOf(item: T): string;
  /** What stands inside the row's `li`, which has the class `className`. */
  readonly children: (item: T) => ReactNode;
  readonly className: string;
}

/** As many are drawn at once without being felt. */
const PLAIN = 60;
/** Rows beyond those in sight, for the keyboard and for quick scrolling. */
const OVERSCAN = 8;

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, items, keyOf, children, className } = props;
  if (items.length > PLAIN) return <LongList {...props} />;
  return (
    <ul className="user-list" aria-label={label}>
      {items.map((item) => (
        <li key={keyOf(item)} className={className}>
          {children(item)}
        </li>
      ))}
    </ul>
  );
}

function LongList<T>({ label, items, estimate, keyOf, children, className }: VirtualListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  // What stands above it on the page may change with every drawing.
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0));
  const rows = useVirtualizer({
    count: items.length,
    estimateSize: () => estimate,
    getScrollElement: () => list.current?.closest('.main') ?? null,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: OVERSCAN,
    scrollMargin: margin,
  });
  return (
    <ul ref={list} className="user-list virtual-list" aria-label={label} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ key, index, start }) => {
        const item = items[index];
        return item === undefined ? null : (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            className={className}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {children(item)}
          </li>
        );
      })}
    </ul>
  );
}

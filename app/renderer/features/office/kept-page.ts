/** A list that stays as it was, hidden, while one of its things is shown in its place: scrolled, searched, and in order. */
import { type RefObject, useLayoutEffect, useRef } from 'react';

export interface KeptPage {
  /** Of the element with the list. */
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Whoever came past the list has none to go back to. */
  readonly wasShown: boolean;
}

export function useKeptPage(isShown: boolean): KeptPage {
  const ref = useRef<HTMLDivElement>(null);
  const wasShown = useRef(false);
  /** How far the page and the list in its frame were scrolled, and where the keyboard was. */
  const left = useRef<{ readonly page: number; readonly frame: number; readonly focus: Element | null }>(undefined);
  if (isShown) wasShown.current = true;

  useLayoutEffect(() => {
    const list = ref.current;
    const page = list?.closest('.office-page');
    if (!list || !page) return;
    if (!isShown) {
      page.scrollTop = 0;
      return;
    }
    const frame = (): Element | null => list.querySelector('.vlist');
    const { current: before } = left;
    if (before !== undefined) {
      page.scrollTop = before.page;
      const framed = frame();
      if (framed) framed.scrollTop = before.frame;
      if (before.focus?.isConnected) (before.focus as HTMLElement).focus({ preventScroll: true });
    }
    const note = () => {
      if (list.hidden) return;
      const focus = list.contains(document.activeElement) ? document.activeElement : null;
      left.current = { page: page.scrollTop, frame: frame()?.scrollTop ?? 0, focus };
    };
    // Before what is pressed takes the list away.
    page.addEventListener('click', note, { capture: true });
    return () => page.removeEventListener('click', note, { capture: true });
  }, [isShown]);
  return { ref, wasShown: wasShown.current };
}

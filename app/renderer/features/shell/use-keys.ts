/** Keys that hold on every page: Ctrl (or ⌘) and a number opens one, and a comma the settings; Ctrl+L or / leads to the field to dial in. */
import { useEffect } from 'react';
import { useStores } from '../../store/context.tsx';
import type { View } from '../../store/view-store.ts';

export function useKeys(views: readonly View[]): void {
  const { view } = useStores();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.altKey || event.shiftKey || event.defaultPrevented) return;
      const { show, dial } = view.getState();
      const isCommand = event.ctrlKey || event.metaKey;
      const wanted = event.key === ',' ? 'settings' : views[Number(event.key) - 1];
      const page = isCommand ? wanted : undefined;
      const isDial = isCommand ? event.key.toLowerCase() === 'l' : event.key === '/' && !takesText(event.target);
      // What a dialog asks is answered first.
      if ((page === undefined && !isDial) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      if (page === undefined) dial();
      else show(page);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [view, views]);
}

const takesText = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null;

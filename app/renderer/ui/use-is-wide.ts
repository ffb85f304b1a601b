/** Whether the window has room for something beside something. */
import { useSyncExternalStore } from 'react';

/** @param width px of the window from which on it has. */
export function useIsWide(width: number): boolean {
  const query = `(min-width: ${width}px)`;
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(query);
      media.addEventListener('change', tell);
      return () => media.removeEventListener('change', tell);
    },
    () => matchMedia(query).matches,
  );
}

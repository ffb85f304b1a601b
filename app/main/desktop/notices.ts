/** The system's own notices of what happened while the main window was away; pressing one opens the place of it. */
import { Notification } from 'electron';
import type { Notice, NoticePlace } from '../../shared/desktop.ts';

/** Within `WITHIN_MS`; more are a flood and not told. */
const MOST = 8;
const WITHIN_MS = 60_000;

export interface Notices {
  /** Gives whether the system takes it. */
  tell(notice: Notice | (Omit<Notice, 'place'> & { readonly place: null })): boolean;
  close(): void;
}

/** @param opened where the pressed one leads; null: to the window as it is */
export function createNotices(opened: (place: NoticePlace | null) => void, now: () => number = Date.now): Notices {
  /** One that nobody holds would be collected, and its press not heard. */
  const shown = new Set<Notification>();
  let told: number[] = [];
  return {
    tell({ title, body, place }) {
      told = told.filter((at) => at > now() - WITHIN_MS);
      if (!Notification.isSupported() || told.length >= MOST) return false;
      told.push(now());
      // The phone has sounds of its own.
      const notice = new Notification({ title, body, silent: true });
      shown.add(notice);
      notice.on('click', () => opened(place));
      notice.on('close', () => shown.delete(notice));
      notice.show();
      return true;
    },
    close() {
      for (const notice of shown) notice.close();
      shown.clear();
    },
  };
}

/** The phone outside of its window, as the page sees it: where the main window is, and what the person wants of the rest. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import { type DesktopState, desktopDefaults } from '../../shared/desktop.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';
import type { Clock, Timer } from './clock.ts';
import type { DesktopSettings, SmallWindow } from './types.ts';

export { frameNameOf } from '../../shared/desktop.ts';

/** A main window that others lie over counts as away after so long: a glance elsewhere changes nothing. */
export const AWAY_MS = 3_000;

export interface DesktopStoreState extends DesktopState {
  /** The main window is hidden, or has been without the keyboard for a while. */
  readonly away: boolean;
  /** Why a setting was not kept. */
  readonly problem: string | undefined;
  set(change: Partial<DesktopSettings>): Promise<void>;
  /** Brings the main window to the front. */
  open(): void;
  /** A small window is drawn, in this size. */
  fit(which: SmallWindow, size: { readonly width: number; readonly height: number }): void;
  moveBar(x: number, y: number, done: boolean): void;
}

export type DesktopStore = StoreApi<DesktopStoreState>;

export interface DesktopStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'desktop'>;
  readonly clock: Clock;
}

export function createDesktopStore({ bridge, clock }: DesktopStorePorts): DesktopStore & { close(): void } {
  const { desktop } = bridge;
  let timer: Timer | undefined;
  // The windows go on without word of them.
  const quietly = (asked: Promise<void>): void => void asked.catch(() => {});
  const store = createStore<DesktopStoreState>()((set, get) => ({
    window: { focused: true, seen: true },
    hasTray: false,
    settings: desktopDefaults,
    away: false,
    problem: undefined,
    async set(change) {
      const settings = { ...get().settings, ...change };
      set({ settings });
      const outcome = await ask(() => desktop.set(settings));
      set({ problem: outcome.ok ? undefined : outcome.reason });
    },
    open: () => quietly(desktop.open()),
    fit: (which, { width, height }) => quietly(desktop.fit({ which, width, height })),
    moveBar: (x, y, done) => quietly(desktop.move({ x, y, done })),
  }));

  const take = (next: DesktopState): void => {
    const { focused, seen } = next.window;
    timer?.cancel();
    timer = undefined;
    store.setState({ ...next, away: !focused && (!seen || store.getState().away) });
    if (seen && !focused && !store.getState().away) {
      timer = clock.after(AWAY_MS, () => store.setState({ away: true }));
    }
  };
  const stop = desktop.changed(take);
  desktop.get().then(
    take,
    // As it is in the beginning: in sight.
    () => {},
  );
  return Object.assign(store, {
    close() {
      timer?.cancel();
      stop();
    },
  });
}

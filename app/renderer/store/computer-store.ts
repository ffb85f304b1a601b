/** How the phone fits into this computer, as the window shows it and as the person chooses it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema, Outcome } from '../../shared/bridge.ts';
import { type ComputerSettings, type ComputerState, computerDefaults } from '../../shared/computer.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';

export type { KeyDeed } from '../../shared/computer.ts';

/** What is changed and kept by itself. */
export type ComputerPart = 'settings' | 'start' | 'links';

export interface ComputerStoreState extends ComputerState {
  /** Why the last change of a part is not kept. */
  readonly problems: Readonly<Partial<Record<ComputerPart, string>>>;
  /** Learns what was chosen before. */
  load(): Promise<void>;
  /** Holds at once. */
  set(change: Partial<ComputerSettings>): Promise<void>;
  startWithSystem(on: boolean): Promise<void>;
  openLinks(on: boolean): Promise<void>;
}

export type ComputerStore = StoreApi<ComputerStoreState>;

export function createComputerStore({
  bridge,
}: {
  readonly bridge: Pick<Client<BridgeSchema>, 'computer'>;
}): ComputerStore & { close(): void } {
  const store = createStore<ComputerStoreState>()((set, get) => {
    const told = (part: ComputerPart, outcome: Outcome): void => {
      const { [part]: _, ...others } = get().problems;
      set({ problems: outcome.ok ? others : { ...others, [part]: outcome.reason } });
    };
    return {
      settings: computerDefaults,
      startsWithSystem: false,
      opensLinks: false,
      keyboard: { problems: {}, onWayland: false, reads: 'copied' },
      problems: {},
      async load() {
        try {
          set(await bridge.computer.get());
        } catch {
          // It looks as usual; what is changed tells why it cannot be.
        }
      },
      async set(change) {
        set({ settings: { ...get().settings, ...change } });
        told('settings', await ask(() => bridge.computer.set(change)));
      },
      async startWithSystem(on) {
        told('start', await ask(() => bridge.computer.startWithSystem({ on })));
      },
      async openLinks(on) {
        told('links', await ask(() => bridge.computer.openLinks({ on })));
      },
    };
  });
  const close = bridge.computer.changed((state) => store.setState(state));
  return { ...store, close };
}

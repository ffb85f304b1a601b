/** Joining an office by a code: the offices that were found, and what came of it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema, Joined } from '../../shared/bridge.ts';
import { type FoundOffice, readJoinLink, writeJoinLink } from '../../shared/join-link.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';
import type { Clock } from './clock.ts';
import type { Outcome } from './types.ts';

export type { FoundOffice } from '../../shared/join-link.ts';

export interface JoiningState {
  readonly offices: readonly FoundOffice[];
  /** A link that was opened elsewhere: the person decides whether to join. */
  readonly offered: string | undefined;
  /** Who one has just become; told once. */
  readonly welcome: Joined | undefined;
  /** Looks for offices until what is given back is called. */
  look(): () => void;
  /** @param text a code, or the link of one, which says where the office is. */
  join(text: string, server: string): Promise<Outcome>;
  dismissWelcome(): void;
  dismissOffer(): void;
}

export type JoiningStore = StoreApi<JoiningState>;

export interface JoiningPorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'joining'>;
  readonly clock: Clock;
}

const LOOK_MS = 2_000;

export function createJoiningStore({ bridge, clock }: JoiningPorts): JoiningStore {
  return createStore<JoiningState>()((set, get) => ({
    offices: [],
    offered: undefined,
    welcome: undefined,
    look() {
      let isOver = false;
      let timer: { cancel(): void } | undefined;
      const once = async (): Promise<void> => {
        // What cannot be looked for is not found.
        const offices = await bridge.joining.offices().catch(() => []);
        if (isOver) return;
        if (!same(offices, get().offices)) set({ offices });
        timer = clock.after(LOOK_MS, () => void once());
      };
      void once();
      return () => {
        isOver = true;
        timer?.cancel();
      };
    },
    async join(text, server) {
      const joined = await ask(() => bridge.joining.join({ text: text.trim(), server: server.trim() }));
      if (!joined.ok) return joined;
      set({ welcome: joined.value, offered: undefined });
      return { ok: true, value: undefined };
    },
    dismissWelcome: () => set({ welcome: undefined }),
    dismissOffer: () => set({ offered: undefined }),
  }));
}

/** Where the office is, where the text says it by itself. */
export const officeOfLink = (text: string): string | undefined => readJoinLink(text)?.server;

export const joinLink = (code: string, server: string): string => writeJoinLink({ code, server });

const same = (one: readonly FoundOffice[], other: readonly FoundOffice[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

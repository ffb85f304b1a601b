/** Which language the window speaks, and choosing another one, which holds at once. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Language, LanguageChoice } from '../../shared/language.ts';
import type { Client } from '../../shared/schema.ts';
import { languageFor, speak } from '../../words/language.ts';
import { ask } from './ask.ts';

export interface LanguageState extends LanguageChoice {
  /** Why a choice was not kept; it holds until the program ends. */
  readonly problem: string | undefined;
  /** Learns what was chosen before and speaks it. */
  load(): Promise<void>;
  /** Null: as the system. */
  choose(chosen: Language | null): Promise<void>;
}

export type LanguageStore = StoreApi<LanguageState>;

export function createLanguageStore({
  bridge,
}: {
  readonly bridge: Pick<Client<BridgeSchema>, 'language'>;
}): LanguageStore {
  return createStore<LanguageState>()((set, get) => ({
    chosen: null,
    system: 'en',
    problem: undefined,
    async load() {
      try {
        const choice = await bridge.language.get();
        set(choice);
        await speak(languageFor(choice.chosen ?? undefined, choice.system), choice.system);
      } catch {
        // English was spoken from the start.
      }
    },
    async choose(chosen) {
      const { system } = get();
      set({ chosen });
      const kept = ask(() => bridge.language.set({ chosen }));
      await speak(languageFor(chosen ?? undefined, system), system);
      const outcome = await kept;
      set({ problem: outcome.ok ? undefined : outcome.reason });
    },
  }));
}

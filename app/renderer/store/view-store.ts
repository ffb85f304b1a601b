/** Which page of the window is open, which section of the settings, and who wants to dial. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type View = 'phone' | 'recent' | 'people' | 'messages' | 'office' | 'settings';
export type SettingsSection = 'general' | 'keys' | 'sound' | 'accounts';

export interface ViewState {
  readonly view: View;
  readonly section: SettingsSection;
  /** How often the field to dial in was asked for: it takes the keyboard then. */
  readonly dialling: number;
  show(view: View): void;
  /** Opens the settings there. */
  openSettings(section: SettingsSection): void;
  /** Opens the page Phone and gives the keyboard to its field. */
  dial(): void;
}

export type ViewStore = StoreApi<ViewState>;

export function createViewStore(first: View = 'phone'): ViewStore {
  return createStore<ViewState>()((set, get) => ({
    view: first,
    section: 'general',
    dialling: 0,
    show: (view) => set({ view }),
    openSettings: (section) => set({ view: 'settings', section }),
    dial: () => set({ view: 'phone', dialling: get().dialling + 1 }),
  }));
}

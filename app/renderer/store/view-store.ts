/** Which page of the window is open, and which section of the settings. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type View = 'phone' | 'recent' | 'people' | 'messages' | 'office' | 'settings';
export type SettingsSection = 'general' | 'sound' | 'accounts';

export interface ViewState {
  readonly view: View;
  readonly section: SettingsSection;
  show(view: View): void;
  /** Opens the settings there. */
  openSettings(section: SettingsSection): void;
}

export type ViewStore = StoreApi<ViewState>;

export function createViewStore(first: View = 'phone'): ViewStore {
  return createStore<ViewState>()((set) => ({
    view: first,
    section: 'general',
    show: (view) => set({ view }),
    openSettings: (section) => set({ view: 'settings', section }),
  }));
}

/** Which page of the window is open. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type View = 'phone' | 'recent' | 'people' | 'messages' | 'office';

export interface ViewState {
  readonly view: View;
  show(view: View): void;
}

export type ViewStore = StoreApi<ViewState>;

export function createViewStore(first: View = 'phone'): ViewStore {
  return createStore<ViewState>()((set) => ({ view: first, show: (view) => set({ view }) }));
}

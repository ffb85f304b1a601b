/** Hands the stores to the features: each hook gives one selected part and renders again only when that part changes. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { BooksStoreState } from './books-store.ts';
import type { ColleaguesState } from './colleagues.ts';
import type { ComputerStoreState } from './computer-store.ts';
import type { Stores } from './connect.ts';
import type { ContactsState } from './contact-store.ts';
import type { DesktopStoreState } from './desktop-store.ts';
import type { DirectoryState } from './directory-store.ts';
import type { HeadsetState } from './headset-store.ts';
import type { HistoryState } from './history-store.ts';
import type { JoiningState } from './joining-store.ts';
import type { LanguageState } from './language-store.ts';
import type { MessagesState } from './message-store.ts';
import type { OfficeStoreState } from './office-store.ts';
import type { PhoneState } from './phone-store.ts';
import type { ProfileState } from './profile-store.ts';
import type { SoundState } from './sound-store.ts';
import type { ViewState } from './view-store.ts';

const StoresContext = createContext<Stores | undefined>(undefined);

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>;
}

/** The stores themselves, for actions and for subscriptions that need no rendering. */
export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (!stores) throw new Error('StoresProvider is missing above this component');
  return stores;
}

export const usePhone = <T,>(select: (state: PhoneState) => T): T => useStore(useStores().phone, select);
export const useOffice = <T,>(select: (state: OfficeStoreState) => T): T => useStore(useStores().office, select);
export const useColleagues = <T,>(select: (state: ColleaguesState) => T): T => useStore(useStores().colleagues, select);
export const useProfile = <T,>(select: (state: ProfileState) => T): T => useStore(useStores().profile, select);
export const useJoining = <T,>(select: (state: JoiningState) => T): T => useStore(useStores().joining, select);
export const useMessages = <T,>(select: (state: MessagesState) => T): T => useStore(useStores().messages, select);
export const useView = <T,>(select: (state: ViewState) => T): T => useStore(useStores().view, select);
export const useComputer = <T,>(select: (state: ComputerStoreState) => T): T => useStore(useStores().computer, select);
export const useHeadset = <T,>(select: (state: HeadsetState) => T): T => useStore(useStores().headset, select);
export const useSound = <T,>(select: (state: SoundState) => T): T => useStore(useStores().sound, select);
export const useLanguageChoice = <T,>(select: (state: LanguageState) => T): T => useStore(useStores().language, select);
export const useHistory = <T,>(select: (state: HistoryState) => T): T => useStore(useStores().history, select);
export const useBooks = <T,>(select: (state: BooksStoreState) => T): T => useStore(useStores().books, select);
export const useDirectories = <T,>(select: (state: DirectoryState) => T): T =>
  useStore(useStores().directories, select);
export const useContacts = <T,>(select: (state: ContactsState) => T): T => useStore(useStores().contacts, select);
export const useDesktop = <T,>(select: (state: DesktopStoreState) => T): T => useStore(useStores().desktop, select);

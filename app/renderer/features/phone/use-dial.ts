/** What the field offers, drawn again when anybody becomes known or an account dials in another way. */
import { useCallback, useEffect, useMemo } from 'react';
import {
  useColleagues,
  useContacts,
  useDirectories,
  useHistory,
  usePhone,
  useProfile,
  useStores,
} from '../../store/context.tsx';
import { type DialKnown, type DialOffer, offerFor } from '../../store/dial-options.ts';
import { callingAccount } from '../../store/phone-store.ts';
import { profileOf } from '../../store/profile-store.ts';
import type { AccountSnapshot } from '../../store/types.ts';
import { useNamer } from '../../store/use-who.ts';

/** At a time: a key that is pressed meanwhile waits no longer. */
const FILING_MS = 8;

/** @param accountId by which is called; the one that is chosen otherwise */
export function useDial(text: string, accountId?: string): { readonly known: DialKnown; readonly offer: DialOffer } {
  const { book, directories, planOf } = useStores();
  const account = usePhone(
    (state): AccountSnapshot | undefined => callingAccount(state, accountId ?? state.callAs) ?? state.accounts[0],
  );
  const nameOf = useNamer();
  const contacts = useContacts((state) => state.contacts);
  const users = useColleagues((state) => state.people);
  const profile = useProfile(profileOf);
  const calls = useHistory((state) => state.latest);
  const found = useDirectories((state) => state.found);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who is known now is filed before the next key
  useEffect(() => {
    let timer = setTimeout(function file() {
      const end = performance.now() + FILING_MS;
      if (!book.prepare(() => performance.now() < end)) timer = setTimeout(file);
    });
    return () => clearTimeout(timer);
  }, [book, contacts, users, calls, profile]);

  useEffect(() => directories.getState().look(text), [directories, text]);

  const search = useCallback<DialKnown['search']>((typed, most) => book.search(typed, most), [book]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plan is in the profile
  const known = useMemo<DialKnown>(
    () => ({ account, plan: planOf(account?.id), search, nameOf }),
    [account, planOf, search, nameOf, profile],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: those are what is searched
  const offer = useMemo(() => offerFor(text, known), [text, known, contacts, users, calls, found]);
  return { known, offer };
}

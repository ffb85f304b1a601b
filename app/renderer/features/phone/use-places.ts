/** Gives the function that finds where a call can be led; a new one when something else is known. */
import { useMemo } from 'react';
import { useColleagues, useContacts, usePhone, useProfile, useStores } from '../../store/context.tsx';
import { findPlaces, type Place } from '../../store/places.ts';
import { callSettingsOf, profileOf } from '../../store/profile-store.ts';

/** @param accountId of the account to whose voice mail it may lead */
export function usePlaces(accountId: string): (typed: string) => readonly Place[] {
  const { planOf } = useStores();
  const contacts = useContacts((state) => state.contacts);
  const watched = usePhone((state) => state.people);
  const users = useColleagues((state) => state.people);
  const account = useProfile((state) => profileOf(state)?.accounts.find(({ id }) => id === accountId));
  // The account names the country too.
  const { country } = planOf(account?.id);
  const voicemail = account ? callSettingsOf(account).voicemail : '';
  return useMemo(() => {
    const sources = { contacts: contacts ?? [], watched, users, voicemail, country };
    return (typed) => findPlaces(typed, sources);
  }, [contacts, watched, users, voicemail, country]);
}

/** Who somebody is, for rows and headings: drawn again when that changes. */
import { useCallback } from 'react';
import { useColleagues, useContacts, useDirectories, usePhone, useStores } from './context.tsx';
import type { PastCall } from './types.ts';
import { type Known, namedBy, type Who } from './who.ts';

function useWho(): Who {
  const { who } = useStores();
  useContacts((state) => state.contacts);
  usePhone((state) => state.people);
  useColleagues((state) => state.people);
  useDirectories((state) => state.found);
  return who;
}

/** The same call, with the name by which the other side is known now. */
export function useNamed<T extends { readonly peer: PastCall['peer'] }>(call: T): T {
  return namedBy(call, useWho());
}

/** What is known of the other side of a call beside its name; undefined for nothing. */
export const useKnown = (peer: PastCall['peer']): Known | undefined => useWho()(peer);

/** The name of a number or address; undefined where nobody knows it. */
export function useNameOf(number: string): string | undefined {
  const known = useWho()({ number });
  return known?.isHearsay ? undefined : known?.name;
}

/** Names numbers and addresses; another function whenever somebody else is known. */
export function useNamer(): (number: string) => string | undefined {
  const { who } = useStores();
  const contacts = useContacts((state) => state.contacts);
  const people = usePhone((state) => state.people);
  const users = useColleagues((state) => state.people);
  const found = useDirectories((state) => state.found);
  // biome-ignore lint/correctness/useExhaustiveDependencies: those are what is known
  return useCallback(
    (number) => {
      const known = who({ number });
      return known?.isHearsay ? undefined : known?.name;
    },
    [who, contacts, people, users, found],
  );
}

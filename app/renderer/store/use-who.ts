/** Who somebody is, for rows and headings: drawn again when that changes. */
import { useContacts, useOffice, usePhone, useStores } from './context.tsx';
import type { PastCall } from './types.ts';
import { namedBy, type Who } from './who.ts';

function useWho(): Who {
  const { who } = useStores();
  useContacts((state) => state.contacts);
  usePhone((state) => state.people);
  useOffice((state) => state.users);
  return who;
}

/** The same call, with the name by which the other side is known now. */
export function useNamed<T extends { readonly peer: PastCall['peer'] }>(call: T): T {
  return namedBy(call, useWho());
}

/** The name of a number or address; undefined where nobody knows it. */
export function useNameOf(number: string): string | undefined {
  const known = useWho()({ number });
  return known?.isHearsay ? undefined : known?.name;
}

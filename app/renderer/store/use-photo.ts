/** The picture of a contact, fetched when somebody looks at it. */
import { useEffect } from 'react';
import { useContacts, useStores } from './context.tsx';
import type { Contact } from './types.ts';

/** A `data:` address. */
export function usePhoto(contact: Contact | undefined): string | undefined {
  const { contacts } = useStores();
  const [id, hasPhoto] = [contact?.id, contact?.hasPhoto];
  useEffect(() => {
    if (id !== undefined && hasPhoto) contacts.getState().wantPhoto(id);
  }, [contacts, id, hasPhoto]);
  return useContacts((state) => (id === undefined ? undefined : state.photos.get(id)));
}

/** The contacts as the window sees them: all in memory, sorted by name; changes go to the profile and come back as news. */
import { t } from '@lingui/core/macro';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import {
  type Contact,
  type ContactChange,
  type ContactEdit,
  type ContactNews,
  PHOTOS_PAGE,
} from '../../shared/contact.ts';
import type { Client } from '../../shared/schema.ts';
import { i18n, notationOf } from '../../words/language.ts';
import { ask } from './ask.ts';
import { randomId } from './password.ts';
import type { Outcome } from './types.ts';

export { MAX_NUMBERS, MAX_PHOTO, NUMBER_KINDS } from '../../shared/contact.ts';

/** Pictures that are kept at hand. */
const MAX_PHOTOS_KNOWN = 400;

/** The last change, while it can be taken back. */
export interface Undoable {
  readonly number: number;
  readonly words: string;
}

export interface ContactsState {
  /** By name; undefined before they were read. */
  readonly contacts: readonly Contact[] | undefined;
  /** Pictures as `data:` addresses by id, of those who were looked at. */
  readonly photos: ReadonlyMap<string, string>;
  readonly undoable: Undoable | undefined;
  readonly problem: string | undefined;

  load(): Promise<void>;
  /** Adds one, or changes the one with its id. */
  save(edit: ContactEdit): Promise<Outcome>;
  remove(contact: Contact): Promise<Outcome>;
  /** Several at once; `words` say what was done. */
  change(change: ContactChange, words: string): Promise<Outcome>;
  undo(): Promise<void>;
  /** What was done is to stay. */
  settle(): void;
  favourite(contact: Contact, favourite: boolean): Promise<void>;
  /** Writes a file of one's own contacts to where the person wants it; `write` gives its text. */
  exportTo(name: string, write: ContactWriter): Promise<void>;
  /** Has the picture of this one fetched, soon and together with others. */
  wantPhoto(id: string): void;
}

/** Makes the text of a file of contacts. @param photos `data:` addresses by id */
export type ContactWriter = (contacts: readonly Contact[], photos: Readonly<Record<string, string>>) => string;

export type ContactStore = StoreApi<ContactsState>;

export interface ContactStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'contacts' | 'system'>;
}

export const newContact = (): ContactEdit => ({
  ...{ id: randomId(), name: '', company: '', numbers: [], emails: [], note: '', favourite: false },
});

/** What a contact is called: its name, else its company, else how it is reached. */
export const contactName = ({ name, company, numbers, emails }: Omit<ContactEdit, 'id'>): string =>
  name || company || numbers[0]?.value || emails[0] || t`No name`;

/** In the order of the person's language: Ch behind H in Czech. */
const collatorNow = () => new Intl.Collator(notationOf(), { sensitivity: 'base', numeric: true });

export function createContactStore({ bridge }: ContactStorePorts): ContactStore & { close(): void } {
  let collator = collatorNow();
  const byName = (contacts: readonly Contact[]): readonly Contact[] =>
    contacts
      .map((contact) => ({ contact, name: contactName(contact) }))
      .sort((a, b) => collator.compare(a.name, b.name))
      .map(({ contact }) => contact);
  const asked = new Set<string>();
  let wanted: string[] = [];

  const store = createStore<ContactsState>()((set, get) => ({
    contacts: undefined,
    photos: new Map(),
    undoable: undefined,
    problem: undefined,

    async load() {
      const listed = await ask(() => bridge.contacts.list());
      if (listed.ok) set({ contacts: byName(JSON.parse(listed.value) as readonly Contact[]), problem: undefined });
      else set({ contacts: get().contacts ?? [], problem: listed.reason });
    },
    save: (edit) => get().change({ put: [edit], remove: [] }, ''),
    remove: (contact) => get().change({ put: [], remove: [contact.id] }, t`${contactName(contact)} was removed.`),
    async change(change, words) {
      const done = await ask(() => bridge.contacts.change(change));
      if (!done.ok) return done;
      set({ undoable: words === '' ? undefined : { number: done.value, words }, problem: undefined });
      return { ok: true, value: undefined };
    },
    async undo() {
      const { undoable } = get();
      if (undoable === undefined) return;
      const done = await ask(() => bridge.contacts.undo(undoable.number));
      set({ undoable: undefined, problem: done.ok ? undefined : done.reason });
    },
    settle: () => set({ undoable: undefined }),
    async favourite(contact, favourite) {
      const { id, name, company, numbers, emails, note } = contact;
      if (!(get().contacts ?? []).some((known) => known.id === id)) {
        // Of the office or a directory: becomes one of one's own.
        const own = { ...newContact(), name, company, numbers, emails, note, favourite };
        const kept = await get().save(own);
        if (!kept.ok) set({ problem: kept.reason });
        return;
      }
      const done = await ask(() => bridge.contacts.favourite({ id, favourite }));
      if (!done.ok) set({ problem: done.reason });
    },
    async exportTo(name, write) {
      const own = (get().contacts ?? []).filter(({ source }) => source === '');
      const photos: Record<string, string> = {};
      const pictured = own.filter(({ hasPhoto }) => hasPhoto).map(({ id }) => id);
      for (let at = 0; at < pictured.length; at += PHOTOS_PAGE) {
        const found = await ask(() => bridge.contacts.photos(pictured.slice(at, at + PHOTOS_PAGE)));
        if (!found.ok) return set({ problem: found.reason });
        Object.assign(photos, found.value);
      }
      const done = await ask(() => bridge.system.saveFile({ name, content: write(own, photos) }));
      set({ problem: done.ok ? undefined : done.reason });
    },
    wantPhoto(id) {
      if (asked.has(id)) return;
      asked.add(id);
      wanted.push(id);
      // Whoever is drawn together is asked for together.
      if (wanted.length === 1) void Promise.resolve().then(fetchPhotos);
    },
  }));

  async function fetchPhotos(): Promise<void> {
    const all = wanted;
    wanted = [];
    for (let at = 0; at < all.length; at += PHOTOS_PAGE) {
      const found = await ask(() => bridge.contacts.photos(all.slice(at, at + PHOTOS_PAGE)));
      if (!found.ok) continue;
      const photos = [...store.getState().photos, ...Object.entries(found.value)];
      for (const [id] of photos.slice(0, -MAX_PHOTOS_KNOWN)) asked.delete(id);
      store.setState({ photos: new Map(photos.slice(-MAX_PHOTOS_KNOWN)) });
    }
  }

  function take(news: ContactNews): void {
    const { contacts, photos } = store.getState();
    if (contacts === undefined) return;
    if (news === null) {
      asked.clear();
      store.setState({ photos: new Map() });
      return void store.getState().load();
    }
    const gone = new Set([...news.removed, ...news.put.map(({ id }) => id)]);
    for (const id of gone) asked.delete(id);
    store.setState({
      contacts: byName([...contacts.filter(({ id }) => !gone.has(id)), ...news.put]),
      photos: new Map([...photos].filter(([id]) => !gone.has(id))),
    });
  }

  const releases = [
    bridge.contacts.changed(take),
    i18n.on('change', () => {
      const other = collatorNow();
      if (other.resolvedOptions().locale === collator.resolvedOptions().locale) return;
      collator = other;
      const { contacts } = store.getState();
      if (contacts !== undefined) store.setState({ contacts: byName(contacts) });
    }),
  ];
  return Object.assign(store, {
    close() {
      for (const release of releases) release();
    },
  });
}

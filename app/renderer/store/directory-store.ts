/**
 * People from directories (LDAP): asked for a moment after somebody stopped typing, and by the numbers of calls. Who was
 * found once is known for a while, and found like contacts, by name and by number in any notation.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BooksSignedIn } from '../../shared/address-books.ts';
import type { BridgeSchema } from '../../shared/bridge.ts';
import { type DirectorySignIn, type DirectoryView, LEAST_TYPED } from '../../shared/directories.ts';
import type { Client } from '../../shared/schema.ts';
import { ask, noAnswer } from './ask.ts';
import type { Clock, Timer } from './clock.ts';
import type { Contact, Outcome } from './types.ts';

export type {
  DirectoryKind,
  DirectorySettings,
  DirectoryView,
  DirectoryWay,
} from '../../shared/directories.ts';

export interface DirectoryState {
  readonly directories: readonly DirectoryView[];
  /** Whoever was found lately, the newest last. */
  readonly found: readonly Contact[];
  /** What is being looked for now; empty: nothing. */
  readonly looking: string;

  load(): Promise<void>;
  signIn(form: DirectorySignIn): Promise<BooksSignedIn>;
  remove(id: string): Promise<Outcome>;
  /** Looks for what was typed, soon, unless that was looked for lately. */
  look(typed: string): void;
  /** Asks who has this number, unless that was asked lately. */
  lookUp(number: string): void;
}

export type DirectoryStore = StoreApi<DirectoryState>;

/** Without a key press for so long. */
const PAUSE_MS = 250;
const FRESH_MS = 5 * 60_000;
const MOST_FOUND = 1_000;
const MOST_ASKED = 500;

export function createDirectoryStore(
  bridge: Pick<Client<BridgeSchema>, 'directories'>,
  clock: Clock,
): DirectoryStore & { close(): void } {
  /** When each question was asked. */
  const asked = new Map<string, number>();
  let pause: Timer | undefined;
  let wanted = '';
  let isAsking = false;

  const store = createStore<DirectoryState>()((set, get) => ({
    directories: [],
    found: [],
    looking: '',
    async load() {
      // One that does not answer now tells by itself when something changes.
      const directories = await bridge.directories.list().catch(() => undefined);
      if (directories !== undefined) set({ directories });
    },
    async signIn(form) {
      try {
        return await bridge.directories.signIn(form);
      } catch (error) {
        return { ok: false, reason: noAnswer(error) };
      }
    },
    remove: (id) => ask(() => bridge.directories.remove({ id })),
    look(typed) {
      const next = typed.trim().toLowerCase();
      if (next === wanted) return;
      wanted = next;
      pause?.cancel();
      pause = undefined;
      const isAsked = next.length >= LEAST_TYPED && get().directories.length > 0 && !isFresh(`typed ${next}`);
      set({ looking: isAsked ? next : '' });
      if (isAsked) pause = clock.after(PAUSE_MS, () => void search());
    },
    lookUp(number) {
      if (get().directories.length === 0 || number === '' || isFresh(`number ${number}`)) return;
      remember(`number ${number}`);
      void ask(() => bridge.directories.byNumber(number)).then((answer) => answer.ok && take(answer.value));
    },
  }));

  /** One question at a time: what was typed meanwhile is asked next. */
  async function search(): Promise<void> {
    pause = undefined;
    if (isAsking) return;
    const typed = wanted;
    isAsking = true;
    remember(`typed ${typed}`);
    const answer = await ask(() => bridge.directories.search(typed));
    isAsking = false;
    if (answer.ok) take(answer.value);
    if (wanted === typed) store.setState({ looking: '' });
    else if (pause === undefined && store.getState().looking !== '') void search();
  }

  const isFresh = (question: string): boolean => clock.now() - (asked.get(question) ?? -FRESH_MS) < FRESH_MS;

  function remember(question: string): void {
    asked.delete(question);
    asked.set(question, clock.now());
    const [oldest] = asked.keys();
    if (asked.size > MOST_ASKED && oldest !== undefined) asked.delete(oldest);
  }

  function take(people: readonly Contact[]): void {
    if (people.length === 0) return;
    const ids = new Set(people.map(({ id }) => id));
    const others = store.getState().found.filter(({ id }) => !ids.has(id));
    store.setState({ found: [...others, ...people].slice(-MOST_FOUND) });
  }

  const close = bridge.directories.changed((directories) => {
    const known = new Set(directories.map(({ id }) => id));
    const { directories: before, found } = store.getState();
    const isSame = JSON.stringify(before.map(settingsOf)) === JSON.stringify(directories.map(settingsOf));
    // Another directory, or one that is asked otherwise, knows other people.
    if (!isSame) asked.clear();
    store.setState({ directories, ...(isSame ? {} : { found: found.filter(({ source }) => known.has(source)) }) });
  });
  return Object.assign(store, {
    close() {
      pause?.cancel();
      close();
    },
  });
}

/** What people in it are said to be from. */
export const directoryName = ({ name, server }: DirectoryView): string => name || server.replace(/^ldaps?:\/\//i, '');

const settingsOf = ({ reason: _, ...settings }: DirectoryView) => settings;

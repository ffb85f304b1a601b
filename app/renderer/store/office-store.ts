/** The office that this computer hosts: whether it runs, who its users are, and what may be changed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import { ask, noAnswer } from './ask.ts';
import type { Clock, Timer } from './clock.ts';
import type { OfficeState, OfficeUser, Outcome } from './types.ts';

/** How often the list of users is asked for while somebody looks at it. */
export const USERS_EVERY_MS = 2_000;

export type Users =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly list: readonly OfficeUser[] }
  | { readonly state: 'failed'; readonly reason: string };

export interface NewUser {
  readonly number: string;
  readonly name: string;
  readonly password: string;
}

export interface OfficeStoreState {
  /** Undefined until the main process told it. */
  readonly office: OfficeState | undefined;
  /** A start or stop is under way. */
  readonly switching: boolean;
  /** Why the last start or stop did not work. */
  readonly problem: string | undefined;
  readonly users: Users;
  /** The user just added, with the password: shown once, to be handed over, and never kept. */
  readonly added: NewUser | undefined;

  start(): Promise<boolean>;
  stop(): Promise<boolean>;
  refreshUsers(): Promise<void>;
  /** Keeps the list fresh until the returned function is called. */
  watchUsers(): () => void;
  addUser(user: NewUser): Promise<Outcome>;
  removeUser(user: { number: string; domain: string }): Promise<Outcome>;
  setPassword(user: { number: string; domain: string; password: string }): Promise<Outcome>;
  dismissAdded(): void;
}

export type OfficeStore = StoreApi<OfficeStoreState>;

export interface OfficeStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'office'>;
  readonly clock: Clock;
}

export function createOfficeStore({ bridge, clock }: OfficeStorePorts): OfficeStore {
  /** Counts requests for the list, so that a late answer never replaces a newer one. */
  let listing = 0;

  const store = createStore<OfficeStoreState>()((set, get) => {
    async function turn(question: () => Promise<Outcome>): Promise<boolean> {
      set({ switching: true, problem: undefined });
      const outcome = await ask(question);
      set({ switching: false, problem: outcome.ok ? undefined : outcome.reason });
      return outcome.ok;
    }

    return {
      office: undefined,
      switching: false,
      problem: undefined,
      users: { state: 'loading' },
      added: undefined,

      start: () => turn(() => bridge.office.start()),
      stop: () => turn(() => bridge.office.stop()),
      async refreshUsers() {
        const mine = ++listing;
        const outcome = await ask(() => bridge.office.users());
        if (mine !== listing || get().office?.state !== 'on') return;
        if (outcome.ok) set({ users: { state: 'ready', list: sortUsers(outcome.value) } });
        else set({ users: { state: 'failed', reason: outcome.reason } });
      },
      watchUsers() {
        let watching = true;
        let timer: Timer | undefined;
        const round = async () => {
          if (get().office?.state === 'on') await get().refreshUsers();
          if (watching) timer = clock.after(USERS_EVERY_MS, () => void round());
        };
        void round();
        return () => {
          watching = false;
          timer?.cancel();
        };
      },
      async addUser(user) {
        const outcome = await ask(() => bridge.office.addUser(user));
        if (outcome.ok) {
          set({ added: user });
          await get().refreshUsers();
        }
        return outcome;
      },
      async removeUser(user) {
        const outcome = await ask(() => bridge.office.removeUser(user));
        if (outcome.ok && get().added?.number === user.number) set({ added: undefined });
        if (outcome.ok) await get().refreshUsers();
        return outcome;
      },
      async setPassword(user) {
        const outcome = await ask(() => bridge.office.setPassword(user));
        if (outcome.ok && get().added?.number === user.number) set({ added: undefined });
        return outcome;
      },
      dismissAdded: () => set({ added: undefined }),
    };
  });

  return store;
}

/** Why the office is not as it was asked to be: a sentence, or undefined. */
export function officeProblem({ office, problem }: OfficeStoreState): string | undefined {
  return office?.state === 'failed' ? office.reason : problem;
}

/**
 * Takes what the main process tells of the office; forgets the users of an office that stopped. The password just shown
 * outlives an exchange that fell and is coming back: nobody can see it again.
 */
export function takeOffice(store: OfficeStore, office: OfficeState): void {
  const was = store.getState().office?.state;
  if (office.state === 'on') {
    store.setState(was === 'on' ? { office } : { office, problem: undefined, users: { state: 'loading' } });
    if (was !== 'on') void store.getState().refreshUsers();
    return;
  }
  store.setState({ office, users: { state: 'loading' } });
  if (office.state !== 'starting') store.setState({ added: undefined });
}

/** Asks for the state of the office once, at the start. */
export async function loadOffice(store: OfficeStore, bridge: OfficeStorePorts['bridge']): Promise<void> {
  try {
    const office = await bridge.office.get();
    if (store.getState().office === undefined) takeOffice(store, office);
  } catch (error) {
    if (store.getState().office === undefined) takeOffice(store, { state: 'failed', reason: noAnswer(error) });
  }
}

/** By number, shorter ones first, as an office counts: 99 before 100 before 1000. */
function sortUsers(users: readonly OfficeUser[]): readonly OfficeUser[] {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return [...users].sort((a, b) => collator.compare(a.number, b.number) || collator.compare(a.domain, b.domain));
}

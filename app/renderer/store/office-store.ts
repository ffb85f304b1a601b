/** The office that this computer hosts: whether it runs, which page of it is open, and what was changed last. */

import { plural } from '@lingui/core/macro';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { OfficeMethod, OfficeParams, RecordFilter, WebhookChange } from '../../shared/office-admin.ts';
import type { Client } from '../../shared/schema.ts';
import { notationOf } from '../../words/language.ts';
import { ask, noAnswer } from './ask.ts';
import type { OfficeAdmin } from './office-admin.ts';
import type { OfficePlace } from './office-pages.ts';
import type { MadeBackup, NewInvite, ReadBackup } from './office-types.ts';
import type { OfficeState, OfficeUser, Outcome } from './types.ts';

export interface NewUser {
  readonly number: string;
  readonly name: string;
  readonly password: string;
}

export interface AddedUser extends NewUser {
  /** With which they join; absent where none could be made. */
  readonly invite?: NewInvite;
}

/** Everybody, for whoever looks a name up; pages of the office have lists of their own. */
export type Users =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly list: readonly OfficeUser[] }
  | { readonly state: 'failed'; readonly reason: string };

/** More names are not searched for while somebody types. */
const MOST_USERS = 10_000;

/** What was done last, said once, with the way back. */
export interface Done {
  /** Such as `Jana Dvořáková was removed.` */
  readonly words: string;
  /** The entry of the audit log that can be taken back; absent where nothing can. */
  readonly entry?: number;
  /** Why it could not be taken back. */
  readonly problem?: string;
}

export interface OfficeStoreState {
  /** Undefined until the main process told it. */
  readonly office: OfficeState | undefined;
  /** A start or stop is under way. */
  readonly switching: boolean;
  /** Why the last start or stop did not work. */
  readonly problem: string | undefined;
  readonly place: OfficePlace;
  readonly users: Users;
  /** The user just added, with the password: shown once, to be handed over, and never kept. */
  readonly added: AddedUser | undefined;
  readonly done: Done | undefined;

  start(): Promise<boolean>;
  stop(): Promise<boolean>;
  open(place: OfficePlace): void;
  refreshUsers(): Promise<void>;
  addUser(user: NewUser): Promise<Outcome>;
  /** Makes a code with which somebody joins as this user. */
  invite(wanted: OfficeParams<'invites.add'>): Promise<Outcome<NewInvite>>;
  /** Prints the page that is laid out for paper, or saves it where the person says. */
  print(as: 'paper' | 'pdf', name: string): Promise<Outcome>;
  /** Changes something; `words` say afterwards that it was done, beside the way back. */
  change<M extends OfficeMethod>(words: string, method: M, params: OfficeParams<M>): Promise<Outcome>;
  /** Takes an entry of the audit log back. */
  undo(entry: number): Promise<Outcome>;
  exportRecords(filter: RecordFilter): Promise<Outcome<number | null>>;
  /** Says who is told of each call, where the person agrees; gives whether. */
  setWebhook(words: string, wanted: WebhookChange): Promise<Outcome<boolean>>;
  /** Adds the users of a CSV file, all or none. */
  importUsers(csv: string): Promise<Outcome>;
  /** Asks the person for a file and writes all users to it. */
  exportUsers(): Promise<Outcome>;
  /** Asks the person for a file and writes the office into it; null where none was named. */
  backUp(): Promise<Outcome<MadeBackup | null>>;
  readBackup(): Promise<Outcome<ReadBackup | null>>;
  /** Puts the backup that was read last in the place of the office; `words` say so afterwards. */
  restore(words: string): Promise<Outcome>;
  /** Saves messages, of a call or of whatever is wanted, for Wireshark where the person says. */
  saveCapture(wanted: OfficeParams<'trace.pcap'>): Promise<Outcome>;
  /** Saves a file where the person says. */
  saveFile(name: string, content: string | Uint8Array): Promise<Outcome>;
  dismissAdded(): void;
  dismissDone(): void;
}

export type OfficeStore = StoreApi<OfficeStoreState>;

export interface OfficeStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'office' | 'system'>;
  readonly admin: OfficeAdmin;
}

export function createOfficeStore({ bridge, admin }: OfficeStorePorts): OfficeStore {
  /** The entry that a change has just left in the audit log, where it can be taken back. */
  async function entryOf(action: string): Promise<number | undefined> {
    const log = await admin.ask('audit.list', { action, descending: true, limit: 1 });
    const [entry] = log.ok ? log.value.items : [];
    return entry !== undefined && entry.changes.length > 0 ? entry.id : undefined;
  }

  async function everybody(): Promise<Outcome<readonly OfficeUser[]>> {
    const list: OfficeUser[] = [];
    let after: string | undefined;
    do {
      const page = await admin.ask('users.list', { limit: 5_000, ...(after === undefined ? {} : { after }) });
      if (!page.ok) return page;
      list.push(...page.value.items);
      after = page.value.next;
    } while (after !== undefined && list.length < MOST_USERS);
    return { ok: true, value: list };
  }

  /** Counts requests for everybody, so that a late answer never replaces a newer one. */
  let listing = 0;

  return createStore<OfficeStoreState>()((set, get) => {
    async function turn(question: () => Promise<Outcome>): Promise<boolean> {
      set({ switching: true, problem: undefined });
      const outcome = await ask(question);
      set({ switching: false, problem: outcome.ok ? undefined : outcome.reason });
      return outcome.ok;
    }

    /** Says what was done, with the way back where there is one. */
    async function done(words: string, action: string): Promise<void> {
      const entry = await entryOf(action);
      set({ done: { words, ...(entry === undefined ? {} : { entry }) } });
    }

    return {
      office: undefined,
      switching: false,
      problem: undefined,
      place: { page: 'overview' },
      users: { state: 'loading' },
      added: undefined,
      done: undefined,

      start: () => turn(() => bridge.office.start()),
      stop: () => turn(() => bridge.office.stop()),
      open: (place) => set({ place }),
      async refreshUsers() {
        const mine = ++listing;
        const outcome = await everybody();
        if (mine !== listing || get().office?.state !== 'on') return;
        if (outcome.ok) set({ users: { state: 'ready', list: sortUsers(outcome.value) } });
        else set({ users: { state: 'failed', reason: outcome.reason } });
      },
      async addUser(user) {
        const outcome = await admin.ask('users.add', user);
        if (!outcome.ok) return outcome;
        const invite = await get().invite({ number: user.number });
        set({ added: invite.ok ? { ...user, invite: invite.value } : user, done: undefined });
        void get().refreshUsers();
        return { ok: true, value: undefined };
      },
      invite: (wanted) => admin.ask('invites.add', wanted),
      async print(as, name) {
        const printed = await ask(() => bridge.system.print({ as, name }));
        return printed.ok ? { ok: true, value: undefined } : printed;
      },
      async change(words, method, params) {
        const outcome = await admin.ask(method, params);
        if (!outcome.ok) return outcome;
        const { added } = get();
        // Somebody who is gone, or has another password, has no use for it any more.
        if (added !== undefined && isAbout(added, method, params)) set({ added: undefined });
        if (method.startsWith('users.')) void get().refreshUsers();
        await done(words, method);
        return { ok: true, value: undefined };
      },
      async undo(entry) {
        const outcome = await admin.ask('audit.undo', { id: entry });
        if (outcome.ok) {
          set({ done: { words: 'It is as it was before.' } });
          return { ok: true, value: undefined };
        }
        const { done } = get();
        if (done?.entry === entry) set({ done: { words: done.words, problem: outcome.reason } });
        return outcome;
      },
      exportRecords: (filter) => ask(() => bridge.office.exportRecords(filter)),
      async setWebhook(words, wanted) {
        const outcome = await ask(() => bridge.office.setWebhook(wanted));
        if (outcome.ok && outcome.value) await done(words, 'records.webhook');
        return outcome;
      },
      async importUsers(csv) {
        const outcome = await ask(() => bridge.office.importUsers({ csv }));
        if (!outcome.ok) return outcome;
        await done(plural(outcome.value, { one: '# user was added.', other: '# users were added.' }), 'users.import');
        void get().refreshUsers();
        return { ok: true, value: undefined };
      },
      async exportUsers() {
        const outcome = await ask(() => bridge.office.exportUsers());
        if (!outcome.ok) return outcome;
        const count = outcome.value;
        if (count !== null) {
          set({ done: { words: plural(count, { one: '# user was written.', other: '# users were written.' }) } });
        }
        return { ok: true, value: undefined };
      },
      backUp: () => ask(() => bridge.office.backUp()),
      readBackup: () => ask(() => bridge.office.readBackup()),
      async restore(words) {
        const outcome = await ask(() => bridge.office.restore());
        if (!outcome.ok) return outcome;
        set({ done: { words }, place: { page: 'overview' } });
        return { ok: true, value: undefined };
      },
      async saveCapture(wanted) {
        const capture = await admin.ask('trace.pcap', wanted);
        if (!capture.ok) return capture;
        const bytes = Uint8Array.from(atob(capture.value.file), (character) => character.charCodeAt(0));
        return get().saveFile(wanted.callId === undefined ? 'office.pcapng' : 'call.pcapng', bytes);
      },
      async saveFile(name, content) {
        const saved = await ask(() => bridge.system.saveFile({ name, content }));
        return saved.ok ? { ok: true, value: undefined } : saved;
      },
      dismissAdded: () => set({ added: undefined }),
      dismissDone: () => set({ done: undefined }),
    };
  });
}

const isAbout = ({ number }: NewUser, method: OfficeMethod, params: object): boolean =>
  (method === 'users.remove' || method === 'users.setPassword') && (params as { number?: string }).number === number;

/** Why the office is not as it was asked to be: a sentence, or undefined. */
export function officeProblem({ office, problem }: OfficeStoreState): string | undefined {
  return office?.state === 'failed' ? office.reason : problem;
}

/**
 * Takes what the main process tells of the office. The password just shown outlives an exchange that fell and is coming
 * back: nobody can see it again.
 */
export function takeOffice(store: OfficeStore, office: OfficeState): void {
  const was = store.getState().office?.state;
  if (office.state === 'on') {
    store.setState(was === 'on' ? { office } : { office, problem: undefined });
    if (was !== 'on') void store.getState().refreshUsers();
    return;
  }
  store.setState({ office, users: { state: 'loading' } });
  if (office.state !== 'starting') store.setState({ added: undefined, done: undefined });
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
  const collator = new Intl.Collator(notationOf(), { numeric: true });
  return [...users].sort((a, b) => collator.compare(a.number, b.number) || collator.compare(a.domain, b.domain));
}

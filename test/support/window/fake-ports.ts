/** What the window talks to, without a main process or a softphone: set its state, read what was asked. */

import type { EchoView } from '../../../app/renderer/softphone/echo-test.ts';
import type { SoundPort } from '../../../app/renderer/softphone/page-sound.ts';
import type {
  AccountSnapshot,
  CallSnapshot,
  MessageFate,
  MessageListener,
  NewsSnapshot,
  SoftphoneListener,
} from '../../../app/renderer/softphone/snapshots.ts';
import type { SoundView } from '../../../app/renderer/softphone/sound-devices.ts';
import type { StorePorts } from '../../../app/renderer/store/connect.ts';
import { searchContacts } from '../../../app/renderer/store/contact-search.ts';
import type { BooksSignedIn, BooksView } from '../../../app/shared/address-books.ts';
import type { Account, BridgeSchema, Joined, OfficeState, Outcome, Profile } from '../../../app/shared/bridge.ts';
import { codecDefaults } from '../../../app/shared/codec-settings.ts';
import { type ComputerState, computerDefaults, type DialWish } from '../../../app/shared/computer.ts';
import { type CertificateProblem, certificateWords } from '../../../app/shared/connection-settings.ts';
import type { Contact, ContactNews } from '../../../app/shared/contact.ts';
import { type DesktopCommand, type DesktopState, desktopDefaults } from '../../../app/shared/desktop.ts';
import type { DirectoryView } from '../../../app/shared/directories.ts';
import { HISTORY_PAGE, type HistoryFilter, type PastCall } from '../../../app/shared/history.ts';
import type { FoundOffice } from '../../../app/shared/join-link.ts';
import type { ReadBackup } from '../../../app/shared/office-backup.ts';
import type { Client } from '../../../app/shared/schema.ts';
import { soundDefaults } from '../../../app/shared/sound-settings.ts';
import type { IncomingMessage, TextMessage } from '../../../app/shared/text-message.ts';
import { createFakeAdmin, type FakeAdmin, type FakeAdminState } from './fake-admin.ts';

export interface FakeState extends FakeAdminState {
  profile: Profile;
  office: OfficeState;
  /** On the network. */
  offices: readonly FoundOffice[];
  accounts: readonly AccountSnapshot[];
  calls: readonly CallSnapshot[];
  news: NewsSnapshot;
  messages: readonly TextMessage[];
  microphone: 'granted' | 'denied' | 'unknown';
  history: readonly PastCall[];
  contacts: readonly Contact[];
  books: readonly BooksView[];
  /** Whose certificate is doubted where somebody signs in to address books. */
  booksCertificate: CertificateProblem | undefined;
  directories: readonly DirectoryView[];
  /** Who is in them. */
  inDirectories: readonly Contact[];
  /** `data:` addresses by id. */
  photos: Readonly<Record<string, string>>;
  computer: ComputerState;
  sound: SoundView;
  desktop: DesktopState;
  /** Of the microphone where it is measured, 0 to 1. */
  level: number;
  /** What the test call to oneself tells once it is begun. */
  echo: EchoView;
  /** Reasons by the name of the question, such as `users.add`: it is then refused. */
  refuse: Readonly<Record<string, string>>;
  /** What the person says where main asks. */
  agrees: boolean;
  /** Questions that are never answered. */
  silent: readonly string[];
}

export interface FakePorts {
  readonly ports: StorePorts;
  readonly state: FakeState;
  /** All questions and commands so far, such as `['softphone.call', '1002']`. */
  readonly asked: readonly (readonly [name: string, argument?: unknown])[];
  /** Gives the arguments of all questions of that name. */
  named(name: string): readonly unknown[];
  readonly admin: FakeAdmin;
  setOffice(office: OfficeState): void;
  setProfile(profile: Profile): void;
  setAccounts(accounts: readonly AccountSnapshot[]): void;
  setCalls(calls: readonly CallSnapshot[]): void;
  setNews(news: NewsSnapshot): void;
  /** A message comes; gives whether it is kept. */
  receive(message: IncomingMessage): Promise<boolean>;
  setFate(fate: MessageFate): void;
  setSound(view: SoundView): void;
  setContacts(contacts: readonly Contact[]): void;
  setBooks(books: readonly BooksView[]): void;
  /** A link was opened. */
  dial(wish: DialWish): void;
  setDesktop(desktop: DesktopState): void;
  /** Somebody pressed something in the tray or on a notice. */
  press(command: DesktopCommand): void;
  /** A key was pressed in another program. */
  key(deed: 'answer' | 'hangUp' | 'mute'): void;
}

const nothing = { count: 0, names: [] };
/** As if a backup were read. */
const readBackup: ReadBackup = {
  ...{ name: 'office.tandem', createdAt: Date.UTC(2030, 0, 12, 18), version: '0.1.0' },
  changes: [
    {
      ...{ kind: 'users', before: 3, after: 4, changed: nothing },
      added: { count: 2, names: ['1003@office.internal', '1004@office.internal'] },
      removed: { count: 1, names: ['1009@office.internal'] },
    },
    { kind: 'aliases', before: 1, after: 1, added: nothing, removed: nothing, changed: nothing },
  ],
};

export const emptyState: FakeState = {
  profile: { accounts: [], codecs: codecDefaults, secrets: 'keychain', hasPassword: {} },
  office: { state: 'off' },
  offices: [],
  users: [],
  lists: {},
  answers: {},
  accounts: [],
  calls: [],
  news: { people: [], mailboxes: [] },
  messages: [],
  microphone: 'granted',
  history: [],
  contacts: [],
  books: [],
  booksCertificate: undefined,
  directories: [],
  inDirectories: [],
  photos: {},
  computer: {
    settings: computerDefaults,
    startsWithSystem: false,
    opensLinks: false,
    keyboard: { problems: {}, onWayland: false, reads: 'selected' },
  },
  sound: { settings: soundDefaults, inputs: [], outputs: [], missing: [] },
  desktop: { window: { focused: true, seen: true }, hasTray: true, settings: desktopDefaults },
  level: 0,
  echo: { state: 'ringing' },
  refuse: {},
  agrees: true,
  silent: [],
};

const ok: Outcome = { ok: true, value: undefined };

export function createFakePorts(given: Partial<FakeState> = {}, more: Partial<StorePorts> = {}): FakePorts {
  const state: FakeState = { ...emptyState, ...given };
  const asked: [string, unknown?][] = [];
  const office = new Set<(state: OfficeState) => void>();
  const profile = new Set<(profile: Profile) => void>();
  const sound = new Set<(view: SoundView) => void>();
  const history = new Set<() => void>();
  const contacts = new Set<(news: ContactNews) => void>();
  const keys = new Set<(deed: 'answer' | 'hangUp' | 'mute') => void>();
  const dial = new Set<(wish: DialWish) => void>();
  const computer = new Set<(state: ComputerState) => void>();
  const setComputer = (next: ComputerState): void => {
    state.computer = next;
    for (const tell of computer) tell(next);
  };
  const books = new Set<(views: readonly BooksView[]) => void>();
  const desktop = new Set<(state: DesktopState) => void>();
  const pressed = new Set<(command: DesktopCommand) => void>();
  let undo = { number: 0, before: state.contacts };
  let listener: (SoftphoneListener & MessageListener) | undefined;

  async function answer<T>(name: string, argument: unknown, value: () => T): Promise<T> {
    asked.push([name, argument]);
    if (state.silent.includes(name)) return new Promise(() => {});
    return value();
  }
  const outcome = (name: string, argument: unknown, work: () => void = () => {}) =>
    answer(name, argument, (): Outcome => {
      const reason = state.refuse[name];
      if (reason) return { ok: false, reason };
      work();
      return ok;
    });
  const answered = <T>(name: string, argument: unknown, value: T): Promise<Outcome<T>> =>
    answer(name, argument, (): Outcome<T> => {
      const reason = state.refuse[name];
      return reason ? { ok: false, reason } : { ok: true, value };
    });
  const subscribe =
    <T>(listeners: Set<T>) =>
    (next: T) => {
      listeners.add(next);
      return () => void listeners.delete(next);
    };

  const admin = createFakeAdmin(state, (method, params) => void asked.push([method, params]));
  const fake: Omit<FakePorts, 'ports'> = {
    state,
    admin,
    asked,
    named: (name) => asked.filter(([asking]) => asking === name).map(([, argument]) => argument),
    setOffice(next) {
      state.office = next;
      for (const tell of office) tell(next);
    },
    setProfile(next) {
      state.profile = next;
      for (const tell of profile) tell(next);
    },
    setAccounts(accounts) {
      state.accounts = accounts;
      listener?.accounts(accounts);
    },
    setCalls(calls) {
      state.calls = calls;
      listener?.calls(calls);
    },
    setNews(news) {
      state.news = news;
      listener?.news(news);
    },
    receive: async (message) => (await listener?.message(message)) ?? false,
    setFate: (fate) => listener?.messageFate(fate),
    setSound(view) {
      state.sound = view;
      for (const tell of sound) tell(view);
    },
    key(deed) {
      for (const tell of keys) tell(deed);
    },
    dial(wish) {
      for (const tell of dial) tell(wish);
    },
    setContacts(next) {
      state.contacts = next;
      for (const tell of contacts) tell(null);
    },
    setBooks(next) {
      state.books = next;
      for (const tell of books) tell(next);
    },
    setDesktop(next) {
      state.desktop = next;
      for (const tell of desktop) tell(next);
    },
    press(command) {
      for (const tell of pressed) tell(command);
    },
  };

  const change = (accountId: string, more: Partial<Account>): void => {
    const accounts = state.profile.accounts.map((known) => (known.id === accountId ? { ...known, ...more } : known));
    fake.setProfile({ ...state.profile, accounts });
  };
  let seenAt = 0;
  let removed: readonly PastCall[] = [];
  const foundCalls = ({ kind, accountId, text }: HistoryFilter): readonly PastCall[] => {
    if (kind === 'all' && accountId === '' && text === '') return state.history;
    return state.history.filter(
      (call) =>
        (kind === 'all' ||
          (kind === 'missed' && call.end === 'missed') ||
          (kind === 'recorded' && call.recordings.length > 0) ||
          call.direction === kind) &&
        (accountId === '' || call.accountId === accountId) &&
        `${call.peer.name} ${call.peer.number}`.toLowerCase().includes(text.toLowerCase()),
    );
  };
  const bridge: Client<BridgeSchema> = {
    profile: {
      get: () => answer('profile.get', undefined, () => state.profile),
      changed: subscribe(profile),
      signIn: (form) =>
        outcome('profile.signIn', form, () => {
          const { accounts, hasPassword } = state.profile;
          const { account, password } = form;
          const known = accounts.some(({ id }) => id === account.id);
          fake.setProfile({
            ...state.profile,
            accounts: known
              ? accounts.map((one) => (one.id === account.id ? { ...one, ...account } : one))
              : [...accounts, account],
            hasPassword: password === null ? hasPassword : { ...hasPassword, [account.id]: true },
          });
        }),
      signOut: (form) =>
        outcome('profile.signOut', form, () => {
          const accounts = state.profile.accounts.filter((account) => account.id !== form.accountId);
          fake.setProfile({ ...state.profile, accounts });
        }),
      setTrusted: ({ accountId, trusted }) =>
        outcome('profile.setTrusted', { accountId, trusted }, () => change(accountId, { trusted })),
      setSettings: ({ accountId, settings }) =>
        outcome('profile.setSettings', { accountId, settings }, () => change(accountId, { settings })),
      setCodecs: ({ accountId, codecs }) =>
        outcome('profile.setCodecs', { accountId, codecs }, () => {
          if (accountId === null) fake.setProfile({ ...state.profile, codecs: codecs ?? codecDefaults });
          else if (codecs !== null) change(accountId, { codecs });
          else {
            const accounts = state.profile.accounts.map((known) => {
              const { codecs: _, ...rest } = known;
              return known.id === accountId ? rest : known;
            });
            fake.setProfile({ ...state.profile, accounts });
          }
        }),
      setReplies: (form) =>
        outcome('profile.setReplies', form, () => {
          const { replies: _, ...rest } = state.profile;
          fake.setProfile({ ...rest, ...(form.replies && { replies: form.replies }) });
        }),
      setDefault: (form) =>
        outcome('profile.setDefault', form, () => {
          const { accounts } = state.profile;
          const first = accounts.filter(({ id }) => id === form.accountId);
          fake.setProfile({
            ...state.profile,
            accounts: [...first, ...accounts.filter((one) => !first.includes(one))],
          });
        }),
      setCalls: ({ accountId, calls }) =>
        outcome('profile.setCalls', { accountId, calls }, () => change(accountId, { calls })),
      setDialling: ({ accountId, dialling }) =>
        outcome('profile.setDialling', { accountId, dialling }, () => change(accountId, { dialling })),
      setPeople: (form) => outcome('profile.setPeople', form, () => change(form.accountId, { people: form.people })),
      setRelayPassword: (form) => outcome('profile.setRelayPassword', form, () => undefined),
      password: () => answer('profile.password', undefined, () => null),
    },
    joining: {
      offices: () => answer('joining.offices', undefined, () => state.offices),
      join: (asked) =>
        answer('joining.join', asked, (): Outcome<Joined> => {
          const reason = state.refuse['joining.join'];
          if (reason) return { ok: false, reason };
          const account = { id: 'joined', number: '1001', displayName: 'Ada', server: asked.server, outboundProxy: '' };
          fake.setProfile({ ...state.profile, accounts: [account], hasPassword: { joined: true } });
          return { ok: true, value: { accountId: 'joined', number: '1001', name: 'Ada' } };
        }),
    },
    language: {
      get: () => answer('language.get', undefined, () => ({ chosen: null, system: 'en-US' })),
      set: (choice) => outcome('language.set', choice),
    },
    messages: {
      list: () => answer('messages.list', undefined, () => ({ ok: true as const, value: state.messages })),
      keep: (message) =>
        answer('messages.keep', message, (): Outcome<boolean> => {
          const reason = state.refuse['messages.keep'];
          return reason ? { ok: false, reason } : { ok: true, value: true };
        }),
      read: (conversation) => outcome('messages.read', conversation),
      forget: (conversation) => outcome('messages.forget', conversation),
    },
    office: {
      get: () => answer('office.get', undefined, () => state.office),
      changed: subscribe(office),
      start: () => outcome('office.start', undefined, () => fake.setOffice(runningOffice)),
      stop: () => outcome('office.stop', undefined, () => fake.setOffice({ state: 'off' })),
      ask: admin.ask,
      watch: admin.watch,
      next: admin.next,
      unwatch: admin.unwatch,
      exportRecords: (filter) => answer('office.exportRecords', filter, () => ({ ok: true as const, value: 2 })),
      setWebhook: (wanted) => answered('office.setWebhook', wanted, state.agrees),
      importUsers: (file) => answered('office.importUsers', file, 2),
      exportUsers: () => answered('office.exportUsers', undefined, 3),
      backUp: () => answered('office.backUp', undefined, { name: 'office.tandem', bytes: 1_240_000 }),
      readBackup: () => answered('office.readBackup', undefined, readBackup),
      restore: () => answered('office.restore', undefined, readBackup),
    },
    history: {
      list: (question) =>
        answer('history.list', question, (): Outcome<readonly PastCall[]> => {
          const reason = state.refuse['history.list'];
          if (reason) return { ok: false, reason };
          const { filter, after, skip } = question;
          const found = foundCalls(filter);
          const at = (after === null ? 0 : found.findIndex(({ id }) => id === after.id) + 1) + skip;
          return { ok: true, value: found.slice(at, at + HISTORY_PAGE) };
        }),
      count: (filter) =>
        answer('history.count', filter, (): Outcome<number> => {
          const reason = state.refuse['history.list'];
          return reason ? { ok: false, reason } : { ok: true, value: foundCalls(filter).length };
        }),
      missed: () =>
        answer('history.missed', undefined, () => ({
          ok: true as const,
          value: state.history.filter(({ end, endedAt }) => end === 'missed' && endedAt > seenAt).length,
        })),
      seen: () =>
        outcome('history.seen', undefined, () => {
          seenAt = Number.POSITIVE_INFINITY;
          for (const tell of history) tell();
        }),
      add: (call) =>
        outcome('history.add', call, () => {
          state.history = [call, ...state.history.filter(({ id }) => id !== call.id)];
          for (const tell of history) tell();
        }),
      remove: (id) =>
        answer('history.remove', id, (): Outcome<number> => {
          const reason = state.refuse['history.remove'];
          if (reason) return { ok: false, reason };
          removed = state.history;
          state.history = id === null ? [] : state.history.filter((call) => call.id !== id);
          for (const tell of history) tell();
          return { ok: true, value: 1 };
        }),
      undo: (removal) =>
        outcome('history.undo', removal, () => {
          state.history = removed;
          for (const tell of history) tell();
        }),
      settle: () => outcome('history.settle', undefined),
      changed: subscribe(history),
    },
    computer: {
      get: () => answer('computer.get', undefined, () => state.computer),
      changed: subscribe(computer),
      set: (change) =>
        outcome('computer.set', change, () =>
          setComputer({ ...state.computer, settings: { ...state.computer.settings, ...change } }),
        ),
      dial: subscribe(dial),
      key: subscribe(keys),
      openLinks: (wanted) =>
        outcome('computer.openLinks', wanted, () => setComputer({ ...state.computer, opensLinks: wanted.on })),
      startWithSystem: (wanted) =>
        outcome('computer.startWithSystem', wanted, () =>
          setComputer({ ...state.computer, startsWithSystem: wanted.on }),
        ),
    },
    contacts: {
      list: () =>
        answer('contacts.list', undefined, (): Outcome<string> => {
          const reason = state.refuse['contacts.list'];
          return reason ? { ok: false, reason } : { ok: true, value: JSON.stringify(state.contacts) };
        }),
      changed: subscribe(contacts),
      change: (change) =>
        answer('contacts.change', change, (): Outcome<number> => {
          const reason = state.refuse['contacts.change'];
          if (reason) return { ok: false, reason };
          const gone = new Set([...change.remove, ...change.put.map(({ id }) => id)]);
          undo = { number: undo.number + 1, before: state.contacts };
          fake.setContacts([
            ...state.contacts.filter(({ id }) => !gone.has(id)),
            ...change.put.map(({ photo, ...contact }) => ({
              ...contact,
              source: change.put.find(({ id }) => id === contact.id)?.source ?? '',
              hasPhoto: typeof photo === 'string',
            })),
          ]);
          return { ok: true, value: undo.number };
        }),
      undo: (number) =>
        outcome('contacts.undo', number, () => {
          if (number === undo.number) fake.setContacts(undo.before);
        }),
      favourite: ({ id, favourite }) =>
        outcome('contacts.favourite', { id, favourite }, () =>
          fake.setContacts(state.contacts.map((one) => (one.id === id ? { ...one, favourite } : one))),
        ),
      photos: (ids) => answer('contacts.photos', ids, () => ({ ok: true as const, value: state.photos })),
    },
    books: {
      list: () => answer('books.list', undefined, () => state.books),
      changed: subscribe(books),
      signIn: (form) =>
        answer('books.signIn', form, (): BooksSignedIn => {
          const certificate = form.trust === undefined ? state.booksCertificate : undefined;
          if (certificate) return { ok: false, reason: certificateWords(certificate), certificate };
          const reason = state.refuse['books.signIn'];
          return reason ? { ok: false, reason } : ok;
        }),
      use: (args) => outcome('books.use', args),
      sync: (args) => outcome('books.sync', args),
      remove: (args) => outcome('books.remove', args),
    },
    directories: {
      list: () => answer('directories.list', undefined, () => state.directories),
      changed: () => () => {},
      signIn: (form) => outcome('directories.signIn', form),
      remove: (args) => outcome('directories.remove', args),
      search: (typed) =>
        answer('directories.search', typed, () => ({
          ok: true as const,
          value: searchContacts(state.inDirectories, typed),
        })),
      byNumber: (number) =>
        answer('directories.byNumber', number, () => ({
          ...{ ok: true as const },
          value: state.inDirectories.filter(({ numbers }) =>
            numbers.some(({ value }) => value.replace(/\D/g, '').endsWith(number.slice(-9))),
          ),
        })),
    },
    sound: {
      get: () => answer('sound.get', undefined, () => state.sound.settings),
      set: (settings) => outcome('sound.set', settings),
    },
    recordings: {
      begin: async () => ({ ok: false, reason: 'Nobody records here.' }),
      write: async () => ({ ok: false, reason: 'Nobody records here.' }),
      end: async () => ({ ok: false, reason: 'Nobody records here.' }),
      show: (which) => outcome('recordings.show', which),
      play: (which) => outcome('recordings.play', which),
      folder: () => answer('recordings.folder', undefined, () => '/home/anna/Calls'),
      chooseFolder: () =>
        answer('recordings.chooseFolder', undefined, (): Outcome<string> => {
          const reason = state.refuse['recordings.chooseFolder'];
          return reason ? { ok: false, reason } : { ok: true, value: '/home/anna/Other' };
        }),
    },
    desktop: {
      get: () => answer('desktop.get', undefined, () => state.desktop),
      changed: subscribe(desktop),
      set: (settings) => outcome('desktop.set', settings, () => fake.setDesktop({ ...state.desktop, settings })),
      open: () => answer('desktop.open', undefined, () => undefined),
      fit: (size) => answer('desktop.fit', size, () => undefined),
      move: (place) => answer('desktop.move', place, () => undefined),
      tray: (facts) => answer('desktop.tray', facts, () => undefined),
      notify: (notice) => answer('desktop.notify', notice, () => undefined),
      asked: subscribe(pressed),
    },
    system: {
      networkChanged: () => () => {},
      phoneServiceRestarted: () => () => {},
      phonePort: () => answer('system.phonePort', undefined, () => undefined),
      closing: () => () => {},
      readyToClose: () => answer('system.readyToClose', undefined, () => undefined),
      attention: (wanted) => answer('system.attention', wanted, () => undefined),
      saveFile: (file) =>
        answer('system.saveFile', file, (): Outcome<boolean> => {
          const reason = state.refuse['system.saveFile'];
          return reason ? { ok: false, reason } : { ok: true, value: true };
        }),
      print: (wanted) => answer('system.print', wanted, () => ({ ok: true as const, value: true })),
      steer: () => () => {},
      steered: (reply) => answer('system.steered', reply, () => undefined),
      microphone: () => answer('system.microphone', undefined, () => state.microphone),
      version: () =>
        answer('system.version', undefined, () => ({ tandem: '0.1.0', electron: '45.4.1', chrome: '156.0.0' })),
    },
  };

  const softphone: StorePorts['softphone'] = (next) => {
    listener = next;
    next.accounts(state.accounts);
    next.calls(state.calls);
    next.news(state.news);
    const command =
      (name: string) =>
      (...args: unknown[]) =>
        void asked.push([`softphone.${name}`, args.length > 1 ? args : args[0]]);
    const attempt =
      (name: string) =>
      (...args: unknown[]) => {
        command(name)(...args);
        const reason = state.refuse[`softphone.${name}`];
        return reason ? { ok: false as const, reason } : { ok: true as const };
      };
    return {
      call(target, how) {
        command('call')(...(how === undefined ? [target] : [target, how]));
        const reason = state.refuse['softphone.call'];
        return reason ? { ok: false, reason } : { ok: true, callId: 'new' };
      },
      answer: command('answer'),
      decline: command('decline'),
      redirect: attempt('redirect'),
      hangUp: command('hangUp'),
      setMuted: command('setMuted'),
      hold: command('hold'),
      resume: command('resume'),
      transfer: attempt('transfer'),
      transferTo: attempt('transferTo'),
      moveAway: attempt('moveAway'),
      join: attempt('join'),
      leave: command('leave'),
      consent: command('consent'),
      sendDigit: command('sendDigit'),
      record: command('record'),
      registerNow: command('registerNow'),
      sendMessage(...args) {
        command('sendMessage')(...args);
        const reason = state.refuse['softphone.sendMessage'];
        const [, peer, , accountId = state.accounts[0]?.id ?? ''] = args;
        return reason ? { ok: false, reason } : { ok: true, peer, accountId };
      },
    };
  };

  const ringer: StorePorts['ringer'] = {
    play: (tone) => void asked.push(['ringer.play', tone]),
    use: (role, output) => void asked.push([`ringer.use.${role}`, output]),
    sample: (role) => void asked.push(['ringer.sample', role]),
    close: () => {},
  };
  const soundPort: SoundPort = {
    use: (settings) => fake.setSound({ ...state.sound, settings }),
    view: () => state.sound,
    listen: subscribe(sound),
    outputId: (role) => state.sound.settings[role]?.id ?? '',
    meter({ level }) {
      asked.push(['sound.meter']);
      level(state.level);
      return () => void asked.push(['sound.meter.stop']);
    },
    close: () => {},
  };
  const echo: StorePorts['echo'] = (tell) => ({
    start() {
      asked.push(['echo.start']);
      tell(state.echo);
    },
    stop() {
      asked.push(['echo.stop']);
      tell({ state: 'idle' });
    },
  });
  return { ...fake, ports: { bridge, softphone, ringer, sound: soundPort, echo, ...more } };
}

export const runningOffice: Extract<OfficeState, { state: 'on' }> = {
  state: 'on',
  domain: 'office.internal',
  listeners: ['udp://192.0.2.10:5060', 'tcp://192.0.2.10:5060', 'udp://127.0.0.1:5060', 'tcp://127.0.0.1:5060'],
  server: '127.0.0.1:5060',
};

/** Joins the stores to the main process and to the softphone. Called once, by the start of the window. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { EchoCommands, EchoView } from '../softphone/echo-test.ts';
import type { HidPort } from '../softphone/headset/hid.ts';
import type { SoundPort } from '../softphone/page-sound.ts';
import type { MessageCommands, MessageListener, SoftphoneCommands, SoftphoneListener } from '../softphone/snapshots.ts';
import { type BooksStore, createBooksStore } from './books-store.ts';
import { type CallNames, createCallNames } from './call-names.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Colleagues, createColleagues } from './colleagues.ts';
import { type ComputerStore, createComputerStore } from './computer-store.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { countryOf } from './country.ts';
import { createDesktopStore, type DesktopStore } from './desktop-store.ts';
import { createDialBook, type DialBook } from './dial-book.ts';
import type { DialPlan } from './dial-plan.ts';
import { createDirectoryStore, type DirectoryStore } from './directory-store.ts';
import { followComputer } from './follow-computer.ts';
import { followDesktop } from './follow-desktop.ts';
import { createHeadsetStore, type HeadsetStore } from './headset-store.ts';
import { createHistoryStore, type HistoryStore } from './history-store.ts';
import { createJoiningStore, type JoiningStore } from './joining-store.ts';
import { createLanguageStore, type LanguageStore } from './language-store.ts';
import { isLive } from './line.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createOfficeAdmin } from './office-admin.ts';
import type { ListPorts } from './office-list.ts';
import { createOfficeStore, loadOffice, type OfficeStore, takeOffice } from './office-store.ts';
import { createPhoneStore, type PhoneStore } from './phone-store.ts';
import { createProfileStore, type ProfileStore, profileOf } from './profile-store.ts';
import { endQuietTimes } from './quiet-times.ts';
import { createRinger, type Ringer, toneFor } from './ringer.ts';
import { followSound, type SoundHistory } from './sound-history.ts';
import { createSoundStore, type SoundStore } from './sound-store.ts';
import { followSteering } from './steering.ts';
import { createViewStore, type ViewStore } from './view-store.ts';
import { createWho, type Who, type WhoSources } from './who.ts';

export interface Stores {
  readonly phone: PhoneStore;
  readonly office: OfficeStore;
  /** Everybody of one's offices. */
  readonly colleagues: Colleagues;
  /** What lists and answers of the exchange are read through. */
  readonly officePorts: ListPorts;
  readonly profile: ProfileStore;
  readonly joining: JoiningStore;
  readonly language: LanguageStore;
  readonly messages: MessageStore;
  readonly computer: ComputerStore;
  readonly headset: HeadsetStore;
  readonly sound: SoundStore;
  readonly history: HistoryStore;
  /** How live calls sounded so far. */
  readonly soundHistory: SoundHistory;
  readonly contacts: ContactStore;
  readonly books: BooksStore;
  readonly directories: DirectoryStore;
  readonly who: Who;
  /** Whom the field may mean. */
  readonly book: DialBook;
  /** How an account dials, the first one where none is named. */
  readonly planOf: (accountId?: string) => DialPlan;
  readonly desktop: DesktopStore;
  readonly view: ViewStore;
}

export interface StorePorts {
  readonly bridge: Client<BridgeSchema>;
  /** Makes the softphone; it tells the given listener of every change. */
  readonly softphone: (listener: SoftphoneListener & MessageListener) => SoftphoneCommands & MessageCommands;
  readonly sound: SoundPort;
  /** Makes the test call to oneself, which tells how it goes. */
  readonly echo: (tell: (view: EchoView) => void) => EchoCommands;
  /** Absent where Chromium knows no headsets. */
  readonly hid?: HidPort | undefined;
  readonly clock?: Clock;
  readonly ringer?: Ringer;
}

const NOBODY: WhoSources = { contacts: [], watched: [], users: [], calls: [], domains: [], country: undefined };

/** Gives the stores, already loading, and a way to let go of everything. */
export function connectStores(ports: StorePorts): Stores & { close(): void } {
  const { bridge, softphone, clock = systemClock, ringer = createRinger() } = ports;
  const view = createViewStore();
  let writing: MessageCommands | undefined;
  const messages = createMessageStore({
    ...{ bridge, clock },
    isLooking: () => view.getState().view === 'messages',
    send: (...args) => writing?.sendMessage(...args) ?? { ok: false, reason: 'The phone is not ready yet.' },
  });
  // The softphone tells its calls before there is anything to know people by.
  let known: (() => WhoSources) | undefined;
  const sources = () => known?.() ?? NOBODY;
  const who = createWho(sources);
  const book = createDialBook(sources);
  const profile = createProfileStore({ bridge });
  const planOf = (accountId?: string): DialPlan => {
    const accounts = profileOf(profile.getState())?.accounts ?? [];
    const account = accountId === undefined ? accounts[0] : accounts.find(({ id }) => id === accountId);
    return { rules: account?.dialling?.rules ?? [], country: countryOf(account) };
  };
  let names: CallNames | undefined;
  const phone = createPhoneStore({
    ...{ clock, planOf },
    write: (...args) => messages.getState().sendAside(...args),
    softphone(listener) {
      const { take: message, takeFate: messageFate } = messages.getState();
      names = createCallNames(who, listener.calls);
      const made = softphone({ ...listener, calls: names.take, message, messageFate });
      writing = made;
      return made;
    },
  });
  const admin = createOfficeAdmin(bridge);
  const office = createOfficeStore({ bridge, admin });
  const colleagues = createColleagues({ admin, office, phone, clock });
  const joining = createJoiningStore({ bridge, clock });
  const language = createLanguageStore({ bridge });
  const computer = createComputerStore({ bridge });
  const headset = createHeadsetStore({ hid: ports.hid, phone, computer });
  const sound = createSoundStore({
    ...{ bridge, sound: ports.sound, echo: ports.echo },
    sample: (role) => ringer.sample(role),
    isBusy: () => phone.getState().calls.some(isLive),
  });
  const soundHistory = followSound(phone, () => clock.now());
  const history = createHistoryStore({ bridge, phone });
  const contacts = createContactStore({ bridge });
  const books = createBooksStore(bridge);
  const desktop = createDesktopStore({ bridge, clock });
  const directories = createDirectoryStore(bridge, clock);
  known = () => {
    const { people, accounts } = phone.getState();
    const { people: users, lamps } = colleagues.getState();
    return {
      contacts: contacts.getState().contacts ?? NOBODY.contacts,
      watched: people,
      ...{ users, lamps },
      calls: history.getState().latest ?? NOBODY.calls,
      directory: directories.getState().found,
      domains: accounts.map(({ domain }) => domain),
      country: planOf().country,
    };
  };
  const aim = (): void => {
    const { ringerVolume, speakerVolume } = ports.sound.view().settings;
    ringer.use('ringer', { id: ports.sound.outputId('ringer'), volume: ringerVolume });
    ringer.use('speaker', { id: ports.sound.outputId('speaker'), volume: speakerVolume });
  };

  const releases = [
    phone.subscribe((state, before) => {
      if (state.calls === before.calls) return;
      ringer.play(toneFor(state.calls));
      // A real call has the sound for itself.
      if (sound.getState().dialog === 'echo' && state.calls.some(isLive)) sound.getState().closeDialog();
    }),
    followCalls(phone, bridge),
    sound.subscribe((state, before) => {
      if (state.settings !== before.settings || state.outputs !== before.outputs) aim();
    }),
    () => sound.close(),
    () => headset.close(),
    () => computer.close(),
    () => history.close(),
    () => soundHistory.close(),
    () => contacts.close(),
    () => books.close(),
    () => directories.close(),
    directories.subscribe((state, before) => {
      if (state.found !== before.found) names?.again();
    }),
    askWhoCalls(phone, directories, who),
    contacts.subscribe((state, before) => {
      if (state.contacts !== before.contacts) names?.again();
    }),
    colleagues.subscribe((state, before) => {
      if (state.people !== before.people) names?.again();
    }),
    () => colleagues.close(),
    followSteering(phone, bridge, clock),
    followComputer({ bridge, phone, joining, view }),
    followDesktop({ bridge, phone, profile, messages, history, view, desktop, who }),
    () => desktop.close(),
    endQuietTimes(profile, clock),
    bridge.office.changed((state) => takeOffice(office, state)),
    bridge.profile.changed((known) => profile.setState({ load: { state: 'ready', profile: known } })),
  ];
  void profile.getState().reload();
  void messages.getState().load();
  void contacts.getState().load();
  void books.getState().load();
  void directories.getState().load();
  void loadOffice(office, bridge);
  void askForMicrophone(phone, bridge);

  return {
    phone,
    office,
    colleagues,
    officePorts: { admin, office, clock },
    profile,
    joining,
    language,
    messages,
    computer,
    headset,
    sound,
    history,
    soundHistory,
    contacts,
    books,
    directories,
    who,
    book,
    planOf,
    desktop,
    view,
    close() {
      for (const release of releases) release();
      ringer.close();
    },
  };
}

/** Has directories asked for whoever calls, or is called, and is not known here. */
function askWhoCalls(phone: PhoneStore, directories: DirectoryStore, who: Who): () => void {
  return phone.subscribe((state, before) => {
    if (state.calls === before.calls) return;
    for (const call of state.calls.filter(isLive)) {
      const known = who(call.peer);
      if (known === undefined || known.isHearsay) directories.getState().lookUp(call.peer.number);
    }
  });
}

/** Has the taskbar tell of a call that comes in, and looks whether the microphone may be used once calls begin. */
function followCalls(phone: PhoneStore, bridge: Client<BridgeSchema>): () => void {
  let wanted = false;
  let talking = false;
  return phone.subscribe((state, before) => {
    if (state.calls === before.calls) return;
    const incoming = state.calls.some((call) => call.state === 'incoming');
    if (incoming !== wanted) {
      wanted = incoming;
      // The window shows the call all the same, and it rings.
      bridge.system.attention({ reason: incoming ? 'incoming-call' : 'none' }).catch(() => {});
    }
    const live = state.calls.some((call) => call.state !== 'ended');
    if (live !== talking) {
      talking = live;
      void askForMicrophone(phone, bridge);
    }
  });
}

async function askForMicrophone(phone: PhoneStore, bridge: Client<BridgeSchema>): Promise<void> {
  try {
    phone.getState().setMicrophone(await bridge.system.microphone());
  } catch {
    phone.getState().setMicrophone('unknown');
  }
}

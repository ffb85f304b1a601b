/** What the page may ask of this process: each word of the bridge, and the part that does it. */
import { app, type BrowserWindow, systemPreferences } from 'electron';
import type { BridgeSchema } from '../shared/bridge.ts';
import type { Handlers } from '../shared/schema.ts';
import type { Accounts } from './accounts.ts';
import { showAttention } from './attention.ts';
import type { Computer } from './computer/computer.ts';
import type { DialInbox } from './computer/dial-inbox.ts';
import type { ContactStore } from './contacts/contact-store.ts';
import type { Desktop } from './desktop/desktop.ts';
import type { FileSaver } from './file-saver.ts';
import type { History } from './history.ts';
import type { Joining } from './joining.ts';
import type { LanguageSetting } from './language.ts';
import type { MessageStore } from './message-store.ts';
import { microphoneAccess } from './microphone.ts';
import type { Office } from './office.ts';
import type { OfficeBackups } from './office-backups.ts';
import { checkedQuestions, type ExportPorts, recordExporter, userExporter } from './office-questions.ts';
import { type WebhookBox, webhookSetter } from './office-webhook.ts';
import type { PhoneHost } from './phone-host.ts';
import type { Printer } from './printer.ts';
import type { ProfileStore } from './profile-store.ts';
import type { RecordingDoor } from './recording-door.ts';
import type { RecordingFolder } from './recording-folder.ts';
import type { Recordings } from './recordings.ts';
import type { SoundStore } from './sound-store.ts';
import type { AddressBooks } from './sources/address-books.ts';
import type { ContactEdits } from './sources/contact-edits.ts';
import type { Directories } from './sources/directories.ts';
import type { Steering } from './steering.ts';

export interface SessionParts {
  readonly profile: ProfileStore;
  readonly accounts: Accounts;
  readonly joining: Joining;
  readonly language: LanguageSetting;
  readonly messages: MessageStore;
  readonly office: Office;
  readonly exportPorts: ExportPorts;
  readonly backups: OfficeBackups;
  readonly askOfWebhook: WebhookBox;
  /** Asks the person for a file; gives whether one was written. */
  readonly saveUsers: (csv: string) => Promise<boolean>;
  readonly history: History;
  readonly contacts: ContactStore;
  readonly addressBooks: AddressBooks;
  readonly contactEdits: ContactEdits;
  readonly directories: Directories;
  readonly saveFile: FileSaver;
  readonly print: Printer;
  readonly sound: SoundStore;
  readonly recordings: Recordings;
  readonly recordingFolder: RecordingFolder;
  readonly recordingDoor: RecordingDoor;
  readonly phone: PhoneHost;
  readonly steering: Steering;
  readonly computer: Computer;
  readonly dialInbox: DialInbox;
  readonly desktop: Desktop;
  readonly window: BrowserWindow;
  /** The page has ended its calls. */
  readonly readyToClose: () => void;
}

export function pageRequests(parts: SessionParts): Handlers<BridgeSchema> {
  const { profile, accounts, language, messages, office, history, sound, phone, steering, window, readyToClose } =
    parts;
  const { contacts, addressBooks, contactEdits, directories, joining } = parts;
  const { saveFile, recordings, recordingFolder, recordingDoor } = parts;
  return {
    profile: {
      get: () => accounts.describe(),
      signIn: (args) => accounts.signIn(args),
      async signOut(args) {
        const outcome = await accounts.signOut(args);
        if (outcome.ok) await messages.forgetAccount(args.accountId);
        return outcome;
      },
      setSettings: (args) => accounts.setSettings(args),
      setCodecs: (args) => accounts.setCodecs(args),
      setReplies: (args) => accounts.setReplies(args),
      setDefault: (args) => accounts.setDefault(args),
      setCalls: (args) => accounts.setCalls(args),
      setDialling: (args) => accounts.setDialling(args),
      setPeople: (args) => accounts.setPeople(args),
      setTrusted: (args) => accounts.setTrusted(args),
      setRelayPassword: (args) => accounts.setRelayPassword(args),
      password: (args) => accounts.password(args),
    },
    joining: {
      offices: () => phone.offices(),
      join: (args) => joining.join(args),
    },
    language: {
      get: () => language.choice,
      set: (args) => language.set(args),
    },
    messages: {
      list: () => ({ ok: true, value: messages.all }),
      keep: (args) => messages.keep(args),
      read: (args) => messages.read(args),
      forget: (args) => messages.forget(args),
    },
    office: {
      get: () => office.state,
      async start() {
        const outcome = await office.start();
        if (outcome.ok) await rememberHosting(profile, true);
        return outcome;
      },
      async stop() {
        const outcome = await office.stop();
        await rememberHosting(profile, false);
        return outcome;
      },
      ...checkedQuestions(office.admin),
      exportRecords: recordExporter(office.admin, parts.exportPorts),
      exportUsers: userExporter(office, parts.saveUsers),
      setWebhook: webhookSetter(office, parts.askOfWebhook),
      ...parts.backups,
    },
    history: {
      list: (question) => history.list(question),
      count: (filter) => history.count(filter),
      missed: () => history.missed(),
      seen: () => history.seen(),
      add: (past) => history.add(past),
      remove: (id) => history.remove(id),
      undo: (change) => history.undo(change),
      settle: () => history.settle(),
    },
    contacts: {
      list: () => contacts.list(),
      change: (args) => contactEdits.change(args),
      undo: (change) => contactEdits.undo(change),
      favourite: (args) => contacts.favourite(args),
      photos: (ids) => contacts.photos(ids),
    },
    computer: parts.computer.requests,
    books: {
      list: () => addressBooks.list(),
      signIn: (args) => addressBooks.signIn(args),
      use: (args) => addressBooks.use(args),
      sync: (args) => addressBooks.sync(args),
      remove: (args) => addressBooks.remove(args),
    },
    directories: {
      list: () => directories.list(),
      signIn: (args) => directories.signIn(args),
      remove: (args) => directories.remove(args),
      search: (typed) => directories.search(typed),
      byNumber: (number) => directories.byNumber(number),
    },
    sound: {
      get: () => sound.settings,
      set: (args) => sound.set(args),
    },
    recordings: {
      begin: (args) => recordings.begin(args),
      write: (args) => recordings.write(args),
      end: (args) => recordings.end(args),
      show: (args) => recordingDoor.show(args),
      play: (args) => recordingDoor.play(args),
      folder: () => recordingFolder.path,
      chooseFolder: () => recordingFolder.choose(),
    },
    desktop: parts.desktop.requests,
    system: {
      phonePort() {
        void recordings.windowChanged();
        office.forgetPage();
        phone.connect(window.webContents);
        steering.pageReady();
        parts.dialInbox.pageReady();
      },
      steered: (answer) => steering.reply(answer),
      readyToClose: () => readyToClose(),
      attention: ({ reason }) => showAttention(window, app, reason),
      saveFile: (args) => saveFile(args),
      print: (args) => parts.print(args),
      microphone: () => microphoneAccess(systemPreferences, process.platform),
      version: () => ({
        tandem: app.getVersion(),
        electron: process.versions.electron,
        chrome: process.versions.chrome,
      }),
    },
  };
}

async function rememberHosting(profile: ProfileStore, hosting: boolean): Promise<void> {
  try {
    await profile.change((data) => ({ ...data, hosting }));
  } catch (error) {
    console.error(`Whether the office is on was not remembered: ${(error as Error).message}`);
  }
}

/** One run of the program with one profile: makes the parts, joins them, and takes them apart again. */

import { randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { t } from '@lingui/core/macro';
import { app, dialog, globalShortcut, ipcMain, powerMonitor, safeStorage, session, shell } from 'electron';
import { bridgeSchema, type Profile } from '../shared/bridge.ts';
import { deriveEmitters, serve } from '../shared/derive-server.ts';
import { backupServiceSchema, exchangeServiceSchema } from '../shared/services.ts';
import { createAccounts } from './accounts.ts';
import { closeInOrder } from './closing.ts';
import type { CommandLine } from './command-line.ts';
import { createComputer } from './computer/computer.ts';
import { openComputerStore } from './computer/computer-store.ts';
import { createDialInbox } from './computer/dial-inbox.ts';
import type { Links } from './computer/follow-links.ts';
import { createGlobalKeys } from './computer/global-keys.ts';
import { selectedText, startedByLogin, systemParts } from './computer/system-parts.ts';
import { createBookStore } from './contacts/book-store.ts';
import { contactsFile } from './contacts/contact-rows.ts';
import { createContactStore } from './contacts/contact-store.ts';
import { createDesktop } from './desktop/desktop.ts';
import { openDesktopStore } from './desktop/desktop-store.ts';
import { backupFiles, exportTo, saveUsersTo } from './export-file.ts';
import { createFileSaver } from './file-saver.ts';
import { createHistory } from './history.ts';
import { createJoining } from './joining.ts';
import { openLanguage } from './language.ts';
import { openMessages } from './message-store.ts';
import { watchNetwork } from './network-watch.ts';
import { createOffice } from './office.ts';
import { createOfficeBackups } from './office-backups.ts';
import { PAGE_URL, servePage } from './page.ts';
import { pageRequests } from './page-requests.ts';
import { guardPermissions, originOf } from './permissions.ts';
import { createPhoneHost } from './phone-host.ts';
import { createPrinter } from './printer.ts';
import { openProfile } from './profile-store.ts';
import { createRecordingDoor } from './recording-door.ts';
import { openRecordingFolder } from './recording-folder.ts';
import { createRecordings } from './recordings.ts';
import { openSecrets } from './secrets.ts';
import { forkService } from './service-process.ts';
import { openSoundStore } from './sound-store.ts';
import { createAddressBooks } from './sources/address-books.ts';
import { openBooksConfig } from './sources/books-config.ts';
import { createContactEdits } from './sources/contact-edits.ts';
import { createDirectories } from './sources/directories.ts';
import { openDirectoryConfig } from './sources/directory-config.ts';
import { createPeopleHost } from './sources/people-host.ts';
import { createSteering } from './steering.ts';
import { after, every } from './timers.ts';
import { webhookBox } from './webhook-box.ts';
import { builtParts, createWindow } from './window.ts';
import { bringToFront, endTogether, tellOfCorruptProfile } from './window-life.ts';
import { pageWire } from './wires.ts';

export async function runSession(
  { loopback, autoAnswer, sipPort, inBackground }: CommandLine,
  links: Links,
): Promise<void> {
  const folder = app.getPath('userData');
  const officeFolder = join(folder, 'office');
  const parts = builtParts(__dirname);
  const profile = await openProfile(folder);
  const language = await openLanguage(profile, app.getLocale());
  const secrets = await openSecrets(folder, safeStorage);
  const sound = await openSoundStore(folder);
  const computerStore = await openComputerStore(folder);
  const system = systemParts(folder);
  // The window is born in its look.
  system.wear(computerStore.settings.look);
  const desktopStore = await openDesktopStore(folder);
  const recordingFolder = await openRecordingFolder(folder, async (now) => {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: t`Folder for recordings`,
      defaultPath: now,
      properties: ['openDirectory', 'createDirectory'],
    });
    return filePaths[0];
  });
  const messages = await openMessages(folder);
  const booksConfig = await openBooksConfig(folder);
  const directoryConfig = await openDirectoryConfig(folder);
  const { url, origin } = pageAddress();

  servePage(session.defaultSession, parts.renderer);
  guardPermissions(session.defaultSession, origin);
  const window = createWindow({
    ...{ preload: parts.preload, url },
    inBackground: inBackground || startedByLogin() ? () => desktop.mayHide() : undefined,
  });
  const recordings = createRecordings({
    folder: () => recordingFolder.path,
    newId: randomUUID,
    now: () => new Date(),
  });
  const wire = pageWire(ipcMain, window.webContents, origin);
  const tell = deriveEmitters(bridgeSchema, wire.post);
  const desktop = createDesktop({ store: desktopStore, window, tell: tell.desktop });

  const phone = createPhoneHost({
    script: parts.phone,
    loopback,
    sipPort,
    accounts: () => accounts.inUse(),
    relayPasswords: () => accounts.relayPasswords(),
    restarted: () => tell.system.phoneServiceRestarted(),
  });
  const accounts = createAccounts({
    profile,
    secrets,
    autoAnswer,
    computer: hostname(),
    async changed(described: Profile) {
      await phone.configure();
      tell.profile.changed(described);
    },
  });
  const office = createOffice({
    fork: () => {
      const service = forkService({
        script: parts.exchange,
        name: 'Tandem exchange',
        schema: exchangeServiceSchema,
      });
      return { client: service.link.client, onExit: service.onExit, kill: service.kill };
    },
    dataDir: officeFolder,
    loopback,
    changed: (state) => tell.office.changed(state),
    after,
    now: Date.now,
  });

  const history = createHistory({
    folder,
    recordingPath: (id) => recordings.pathOf(id),
    changed: () => tell.history.changed(),
    later: (work) => void after(20, work),
  });
  const contactFile = contactsFile(folder);
  const contacts = createContactStore({ file: contactFile, changed: (news) => tell.contacts.changed(news) });
  const bookStore = createBookStore(contactFile, (news) => tell.contacts.changed(news));
  const people = createPeopleHost({ script: parts.people, loopback });
  const addressBooks = createAddressBooks({
    ...{ config: booksConfig, secrets, store: bookStore, now: Date.now, every },
    books: () => people.client().books,
    changed: (views) => tell.books.changed(views),
  });
  const directories = createDirectories({
    ...{ config: directoryConfig, secrets },
    service: () => people.client().directories,
    changed: (views) => tell.directories.changed(views),
  });
  const contactEdits = createContactEdits({
    ...{ contacts, store: bookStore, addressBooks },
    books: () => people.client().books,
  });
  const steering = createSteering({ folder, ask: (asked) => tell.system.steer(asked), after });

  const dialInbox = createDialInbox({ show: () => bringToFront(window), tell: tell.computer });
  const globalKeys = createGlobalKeys({
    system: globalShortcut,
    pressed: (deed) => (deed === 'callSelected' ? dialInbox.openText(selectedText()) : tell.computer.key(deed)),
  });
  const computer = createComputer({ ...system, store: computerStore, globalKeys, tell: tell.computer });

  const askForPlace = async (name: string): Promise<string | undefined> => {
    const { filePath, canceled } = await dialog.showSaveDialog(window, { defaultPath: name });
    return canceled ? undefined : filePath;
  };
  let pageIsReady: () => void = () => {};
  const pageReady = new Promise<void>((resolve) => {
    pageIsReady = resolve;
  });
  const handlers = pageRequests({
    ...{
      profile,
      accounts,
      language,
      messages,
      office,
      history,
      contacts,
      addressBooks,
      contactEdits,
      directories,
      sound,
      recordings,
      recordingFolder,
      phone,
      steering,
      computer,
      dialInbox,
      desktop,
      window,
    },
    joining: createJoining({ accounts, newId: randomUUID, join: (joining) => phone.join(joining) }),
    saveFile: createFileSaver(askForPlace),
    print: createPrinter({ page: window.webContents, ask: askForPlace }),
    recordingDoor: createRecordingDoor({ pathOf: (id) => recordings.pathOf(id) ?? history.pathOf(id), shell }),
    exportPorts: exportTo(window),
    saveUsers: saveUsersTo(window),
    askOfWebhook: webhookBox(window),
    backups: createOfficeBackups({
      fork: () => {
        const service = forkService({ script: parts.backup, name: 'Tandem backup', schema: backupServiceSchema });
        return { client: service.link.client, kill: service.kill };
      },
      ...{ dataDir: officeFolder, office, ...backupFiles(window) },
    }),
    readyToClose: () => pageIsReady(),
  });
  serve(bridgeSchema, wire, handlers);

  steering.listen().catch((error: Error) => console.error(`Scripts cannot steer this phone: ${error.message}`));
  phone.start();
  if (profile.data.hosting) void office.start();
  watchNetwork({
    interfaces: networkInterfaces,
    onResume(wake) {
      powerMonitor.on('resume', wake);
      return () => powerMonitor.removeListener('resume', wake);
    },
    every,
    changed() {
      tell.system.networkChanged();
      addressBooks.online();
    },
  });
  tellOfCorruptProfile(window, profile);
  links.follow({ open: dialInbox.openLink, show: () => bringToFront(window) });

  const end = () =>
    closeInOrder({
      tellPage: () => tell.system.closing(),
      pageReady: window.isDestroyed() || window.webContents.isCrashed() ? Promise.resolve() : pageReady,
      destroyWindow: () => window.destroy(),
      stopPhone: () => phone.stop(),
      stopOffice: async () => {
        desktop.close();
        history.close();
        addressBooks.close();
        await people.stop();
        contactFile.close();
        await steering.close();
        await office.stop();
      },
      after,
    });
  endTogether(window, end, desktop.staysInTray);
}

/** In development the page may come from a server of the build tool; never in an installed program. */
function pageAddress(): { url: string; origin: string } {
  const served = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
  const url = served || PAGE_URL;
  return { url, origin: originOf(url) ?? '' };
}

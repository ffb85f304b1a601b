/** One run of the program with one profile: makes the parts, joins them, and takes them apart again. */

import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  powerMonitor,
  safeStorage,
  session,
  shell,
  systemPreferences,
} from 'electron';
import { type BridgeSchema, bridgeSchema, type Profile } from '../shared/bridge.ts';
import { deriveEmitters, serve } from '../shared/derive-server.ts';
import type { Handlers } from '../shared/schema.ts';
import { exchangeServiceSchema } from '../shared/services.ts';
import { createAccounts } from './accounts.ts';
import { showAttention } from './attention.ts';
import { closeInOrder } from './closing.ts';
import type { CommandLine } from './command-line.ts';
import { createHistory } from './history.ts';
import { openMessages } from './message-store.ts';
import { microphoneAccess } from './microphone.ts';
import { watchNetwork } from './network-watch.ts';
import { createOffice } from './office.ts';
import { checkedUsers } from './office-users.ts';
import { PAGE_URL, servePage } from './page.ts';
import { guardPermissions, originOf } from './permissions.ts';
import { createPhoneHost } from './phone-host.ts';
import { openProfile, type ProfileStore } from './profile-store.ts';
import { createRecordingDoor } from './recording-door.ts';
import { openRecordingFolder } from './recording-folder.ts';
import { createRecordings } from './recordings.ts';
import { openSecrets } from './secrets.ts';
import { forkService } from './service-process.ts';
import { openSoundStore } from './sound-store.ts';
import { createSteering } from './steering.ts';
import { after, every } from './timers.ts';
import { builtParts, createWindow } from './window.ts';
import { pageWire } from './wires.ts';

export async function runSession({ loopback, autoAnswer, sipPort }: CommandLine): Promise<void> {
  const folder = app.getPath('userData');
  const parts = builtParts(__dirname);
  const profile = await openProfile(folder);
  const secrets = await openSecrets(folder, safeStorage);
  const sound = await openSoundStore(folder);
  const recordingFolder = await openRecordingFolder(folder, async (now) => {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: 'Folder for recordings',
      defaultPath: now,
      properties: ['openDirectory', 'createDirectory'],
    });
    return filePaths[0];
  });
  const messages = await openMessages(folder);
  const { url, origin } = pageAddress();

  servePage(session.defaultSession, parts.renderer);
  guardPermissions(session.defaultSession, origin);
  const window = createWindow({ preload: parts.preload, url });
  const recordings = createRecordings({
    folder: () => recordingFolder.path,
    newId: randomUUID,
    now: () => new Date(),
  });
  const wire = pageWire(ipcMain, window.webContents, origin);
  const tell = deriveEmitters(bridgeSchema, wire.post);

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
    dataDir: join(folder, 'office'),
    loopback,
    changed: (state) => tell.office.changed(state),
    after,
    now: Date.now,
  });

  const history = createHistory({
    folder,
    recordingPath: (id) => recordings.pathOf(id),
    changed: () => tell.history.changed(),
  });
  const door = createRecordingDoor({ pathOf: (id) => recordings.pathOf(id) ?? history.pathOf(id), shell });
  const steering = createSteering({ folder, ask: (asked) => tell.system.steer(asked), after });

  let pageIsReady: () => void = () => {};
  const pageReady = new Promise<void>((resolve) => {
    pageIsReady = resolve;
  });
  const handlers: Handlers<BridgeSchema> = {
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
      setDefault: (args) => accounts.setDefault(args),
      setCalls: (args) => accounts.setCalls(args),
      setPeople: (args) => accounts.setPeople(args),
      setTrusted: (args) => accounts.setTrusted(args),
      setRelayPassword: (args) => accounts.setRelayPassword(args),
      password: (args) => accounts.password(args),
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
      ...checkedUsers(office.users),
    },
    history: {
      list: (before) => history.list(before),
      add: (past) => history.add(past),
      clear: () => history.clear(),
    },
    sound: {
      get: () => sound.settings,
      set: (args) => sound.set(args),
    },
    recordings: {
      begin: (args) => recordings.begin(args),
      write: (args) => recordings.write(args),
      end: (args) => recordings.end(args),
      show: (args) => door.show(args),
      play: (args) => door.play(args),
      folder: () => recordingFolder.path,
      chooseFolder: () => recordingFolder.choose(),
    },
    system: {
      phonePort() {
        void recordings.windowChanged();
        phone.connect(window.webContents);
        steering.pageReady();
      },
      steered: (answer) => steering.reply(answer),
      readyToClose: () => pageIsReady(),
      attention: ({ reason }) => showAttention(window, app, reason),
      microphone: () => microphoneAccess(systemPreferences, process.platform),
      version: () => ({
        tandem: app.getVersion(),
        electron: process.versions.electron,
        chrome: process.versions.chrome,
      }),
    },
  };
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
    changed: () => tell.system.networkChanged(),
  });
  tellOfCorruptProfile(window, profile);
  app.on('second-instance', () => bringToFront(window));

  endTogether(window, () =>
    closeInOrder({
      tellPage: () => tell.system.closing(),
      pageReady: window.isDestroyed() || window.webContents.isCrashed() ? Promise.resolve() : pageReady,
      destroyWindow: () => window.destroy(),
      stopPhone: () => phone.stop(),
      stopOffice: async () => {
        history.close();
        await steering.close();
        await office.stop();
      },
      after,
    }),
  );
}

/** In development the page may come from a server of the build tool; never in an installed program. */
function pageAddress(): { url: string; origin: string } {
  const served = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
  const url = served || PAGE_URL;
  return { url, origin: originOf(url) ?? '' };
}

async function rememberHosting(profile: ProfileStore, hosting: boolean): Promise<void> {
  try {
    await profile.change((data) => ({ ...data, hosting }));
  } catch (error) {
    console.error(`Whether the office is on was not remembered: ${(error as Error).message}`);
  }
}

/** Over the window, once that is there to be under it. */
function tellOfCorruptProfile(window: BrowserWindow, profile: ProfileStore): void {
  if (profile.setAside === undefined) return;
  window.once('show', () => {
    void dialog.showMessageBox(window, {
      type: 'warning',
      title: 'Tandem',
      message: 'The profile could not be read, so Tandem starts with an empty one.',
      detail: `Nothing was deleted: the old profile is now ${profile.setAside}`,
    });
  });
}

function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Closing the window ends the program and ending the program closes the window, both by the same steps, once. */
function endTogether(window: BrowserWindow, close: () => Promise<void>): void {
  let closing = false;
  const end = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    close()
      .catch((error: Error) => console.error(`Closing went wrong: ${error.message}`))
      .finally(() => app.exit(0));
  };
  window.on('close', end);
  app.on('before-quit', end);
  app.on('window-all-closed', () => {
    if (!closing) app.quit();
  });
}

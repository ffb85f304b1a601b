/** Puts the window's parts together: the softphone over the phone service's port, the stores over the softphone. */
import type { Account, Profile } from '../shared/bridge.ts';
import { textOf } from '../shared/text-of.ts';
import { receivePhonePort } from './phone-port.ts';
import { createBrowserMedia } from './softphone/browser-media.ts';
import { pageClock, pageHashes, pageRandom } from './softphone/browser-ports.ts';
import { createEchoTest } from './softphone/echo-test.ts';
import type { HidPort } from './softphone/headset/hid.ts';
import { createSoftphone, type Softphone } from './softphone/index.ts';
import { createPageSound } from './softphone/page-sound.ts';
import { createRecordings } from './softphone/recordings.ts';
import type { MessageListener, SoftphoneListener } from './softphone/snapshots.ts';
import { connectStores, type Stores } from './store/connect.ts';

const USER_AGENT = 'Tandem';

/** Called once. The accounts of the profile sign in as soon as they are known. */
export function start(page: Window): Stores {
  let softphone: Softphone | undefined;
  let computer = '';
  const bridge = page.tandem;
  const port = receivePhonePort(page, () => softphone?.serviceRestarted());
  const sound = createPageSound();
  const recordings = createRecordings(bridge.recordings, () => sound.devices.settings.announceRecording);
  const media = createBrowserMedia(sound.devices, sound.openContext);
  const stores = connectStores({
    bridge,
    sound: sound.port,
    hid: (page.navigator as { readonly hid?: HidPort }).hid,
    echo: (tell) => createEchoTest({ gateway: port.media, media, clock: pageClock, random: pageRandom }, tell),
    softphone: (listener: SoftphoneListener & MessageListener) => {
      const made = createSoftphone({
        port,
        media,
        recordings,
        clock: pageClock,
        random: pageRandom,
        hashes: pageHashes,
        secrets: (accountId) => bridge.profile.password({ accountId }),
        listener,
        userAgent: USER_AGENT,
        computer: () => computer,
      });
      softphone = made;
      return made;
    },
  });

  const signIn = (profile: Profile): void => {
    computer = profile.computer ?? '';
    softphone?.setAccounts(asStarted(profile));
  };
  bridge.profile.changed(signIn);
  bridge.profile.get().then(
    signIn,
    // The profile store shows why, and `changed` follows when it can be read.
    () => {},
  );
  bridge.system.networkChanged(() => softphone?.networkChanged());
  bridge.system.closing(() => {
    const done = softphone?.close() ?? Promise.resolve();
    // What a call was recorded to is written to its end.
    void done
      .then(recordings.idle)
      .finally(() => bridge.system.readyToClose())
      // The program ends without the word too, a little later.
      .catch((error: unknown) => console.error(`The page was not ready to close: ${textOf(error)}`));
  });
  void bridge.system.phonePort();
  return stores;
}

/** The accounts as this run of the program was asked to use them. */
const asStarted = ({ accounts, autoAnswer }: Profile): readonly Account[] =>
  autoAnswer === undefined
    ? accounts
    : accounts.map((account) => ({ ...account, calls: { ...account.calls, autoAnswer: 'always' } }));

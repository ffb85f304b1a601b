/** Puts the window's parts together: the softphone over the phone service's port, the stores over the softphone. */
import { receivePhonePort } from './phone-port.ts';
import { createBrowserMedia } from './softphone/browser-media.ts';
import { pageClock, pageHashes, pageRandom } from './softphone/browser-ports.ts';
import { createSoftphone, type Softphone } from './softphone/index.ts';
import { createPageSound } from './softphone/page-sound.ts';
import type { SoftphoneListener } from './softphone/snapshots.ts';
import { connectStores, type Stores } from './store/connect.ts';

const USER_AGENT = 'Tandem';

/** Called once. The accounts of the profile sign in as soon as they are known. */
export function start(page: Window): Stores {
  let softphone: Softphone | undefined;
  const bridge = page.tandem;
  const port = receivePhonePort(page, () => softphone?.serviceRestarted());
  const sound = createPageSound();
  const stores = connectStores({
    bridge,
    sound: sound.port,
    softphone: (listener: SoftphoneListener) => {
      const made = createSoftphone({
        port,
        media: createBrowserMedia(sound.devices, sound.openContext),
        clock: pageClock,
        random: pageRandom,
        hashes: pageHashes,
        secrets: (accountId) => bridge.profile.password({ accountId }),
        listener,
        userAgent: USER_AGENT,
      });
      softphone = made;
      return made;
    },
  });

  bridge.profile.changed(({ accounts }) => softphone?.setAccounts(accounts));
  bridge.profile.get().then(
    ({ accounts }) => softphone?.setAccounts(accounts),
    // The profile store shows why, and `changed` follows when it can be read.
    () => {},
  );
  bridge.system.networkChanged(() => softphone?.networkChanged());
  bridge.system.closing(() => {
    const done = softphone?.close() ?? Promise.resolve();
    void done.then(() => bridge.system.readyToClose()).catch(() => {});
  });
  void bridge.system.phonePort();
  return stores;
}

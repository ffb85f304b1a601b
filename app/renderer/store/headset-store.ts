/** The buttons of headsets: what each does, learned by pressing it, and how the lamps follow the calls. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HeadsetButtons, HeadsetDeed } from '../../shared/computer.ts';
import { type HeadsetButton, type Headsets, type HeadsetView, openHeadsets } from '../softphone/headset/headsets.ts';
import { DROP, type HidPort, HOOK, PHONE_MUTE } from '../softphone/headset/hid.ts';
import type { ComputerStore } from './computer-store.ts';
import { doDeed } from './follow-computer.ts';
import { isLive } from './line.ts';
import type { PhoneState, PhoneStore } from './phone-store.ts';

export type { HeadsetDeed } from '../../shared/computer.ts';

export interface HeadsetState {
  readonly devices: readonly HeadsetView[];
  /** The next button that is pressed will do this. */
  readonly learning: HeadsetDeed | undefined;
  learn(deed: HeadsetDeed | undefined): void;
  forget(deed: HeadsetDeed): void;
}

export type HeadsetStore = StoreApi<HeadsetState>;

export interface HeadsetPorts {
  /** Undefined where Chromium has none. */
  readonly hid: HidPort | undefined;
  readonly phone: PhoneStore;
  readonly computer: ComputerStore;
}

export function createHeadsetStore({ hid, phone, computer }: HeadsetPorts): HeadsetStore & { close(): void } {
  let headsets: Headsets | undefined;
  const keep = (buttons: HeadsetButtons) =>
    void computer.getState().set({ headset: { ...computer.getState().settings.headset, buttons } });
  const store = createStore<HeadsetState>()((set) => ({
    devices: [],
    learning: undefined,
    learn: (learning) => set({ learning }),
    forget(deed) {
      const { [deed]: _, ...others } = computer.getState().settings.headset.buttons;
      keep(others);
    },
  }));

  function changed(button: HeadsetButton, on: boolean): void {
    const { buttons } = computer.getState().settings.headset;
    const { learning } = store.getState();
    if (learning !== undefined) {
      if (!on) return;
      const others = Object.entries(buttons).filter(([, known]) => !isSame(known, button));
      keep({ ...Object.fromEntries(others), [learning]: button });
      store.setState({ learning: undefined });
      return;
    }
    const learned = Object.entries(buttons).find(([, known]) => isSame(known, button))?.[0] as HeadsetDeed | undefined;
    const deed =
      learned === undefined ? usualDeed(button.usage, on, lampsOf(phone.getState()).offHook) : on ? learned : undefined;
    if (deed !== undefined) doDeed(phone, deed);
  }
  const follow = (): void => {
    const wanted = computer.getState().settings.headset.on && hid !== undefined;
    if (wanted && headsets === undefined && hid) {
      headsets = openHeadsets(hid, { changed, devices: (devices) => store.setState({ devices }) });
      headsets.show(lampsOf(phone.getState()));
    } else if (!wanted && headsets !== undefined) {
      headsets.close();
      headsets = undefined;
      store.setState({ devices: [], learning: undefined });
    }
  };
  const releases = [
    computer.subscribe(follow),
    phone.subscribe((state, before) => {
      if (state.calls !== before.calls) headsets?.show(lampsOf(state));
    }),
  ];
  follow();
  return {
    ...store,
    close() {
      for (const release of releases) release();
      headsets?.close();
    },
  };
}

/** A headset says of its hook what it was told too: only what differs from the calls was done by a person. */
function usualDeed(usage: number, on: boolean, offHook: boolean): HeadsetDeed | undefined {
  if (usage === HOOK) return on === offHook ? undefined : on ? 'answer' : 'hangUp';
  if (!on) return undefined;
  if (usage === DROP) return 'hangUp';
  return usage === PHONE_MUTE ? 'mute' : undefined;
}

function lampsOf({ calls }: Pick<PhoneState, 'calls'>) {
  const live = calls.filter(isLive);
  const talking = live.filter(({ state }) => state !== 'incoming');
  return {
    ringing: live.length > talking.length,
    offHook: talking.length > 0,
    muted: talking.some(({ held, muted }) => muted && !held),
  };
}

const isSame = (one: HeadsetButton, other: HeadsetButton): boolean =>
  one.vendorId === other.vendorId && one.productId === other.productId && one.usage === other.usage;

/** How the phone fits into this computer: its look, and what the system does with it. */

export const LOOKS = ['system', 'light', 'dark'] as const;
export type Look = (typeof LOOKS)[number];

/** What a key does that works while another program has the keyboard. */
export const KEY_DEEDS = ['answer', 'hangUp', 'mute', 'callSelected'] as const;
export type KeyDeed = (typeof KEY_DEEDS)[number];
/** Electron's accelerators, such as `Control+Alt+A`. */
export type Keys = Readonly<Partial<Record<KeyDeed, string>>>;

/** What a button of a headset does. */
export const HEADSET_DEEDS = ['answer', 'hangUp', 'mute'] as const;
export type HeadsetDeed = (typeof HEADSET_DEEDS)[number];
/** Learned by pressing them: the device, and the usage of the button in its reports (HID Usage Tables). */
export type HeadsetButtons = Readonly<
  Partial<Record<HeadsetDeed, { readonly vendorId: number; readonly productId: number; readonly usage: number }>>
>;

/** What the person chose, kept with the profile. */
export interface ComputerSettings {
  readonly look: Look;
  /** Also where the system does not ask for it. */
  readonly highContrast: boolean;
  readonly keys: Keys;
  readonly headset: { readonly on: boolean; readonly buttons: HeadsetButtons };
}

export const computerDefaults: ComputerSettings = {
  ...{ look: 'system', highContrast: false, keys: {} },
  headset: { on: false, buttons: {} },
};

export interface ComputerState {
  readonly settings: ComputerSettings;
  /** The phone is started when the person logs in; the system keeps that, not the profile. */
  readonly startsWithSystem: boolean;
  /** Links to numbers and addresses in other programs open here; the system keeps that too. */
  readonly opensLinks: boolean;
  readonly keyboard: {
    /** Why keys do not work, each as one sentence. */
    readonly problems: Readonly<Partial<Record<KeyDeed, string>>>;
    readonly onWayland: boolean;
    /** What is called by its key: what is selected in any program, or what was copied. */
    readonly reads: 'selected' | 'copied';
  };
}

/** What comes from elsewhere into the field to dial in, or why it does not. */
export type DialWish =
  | { readonly text: string }
  /** Of another program, as it was found there. */
  | { readonly selected: string }
  /** The link of a code to join an office by. */
  | { readonly join: string }
  | { readonly reason: string };

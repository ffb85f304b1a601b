/** How the phone fits into this computer: its look, and what the system does with it. */

export const LOOKS = ['system', 'light', 'dark'] as const;
export type Look = (typeof LOOKS)[number];

/** What the person chose, kept with the profile. */
export interface ComputerSettings {
  readonly look: Look;
  /** Also where the system does not ask for it. */
  readonly highContrast: boolean;
}

export const computerDefaults: ComputerSettings = { look: 'system', highContrast: false };

export interface ComputerState {
  readonly settings: ComputerSettings;
  /** The phone is started when the person logs in; the system keeps that, not the profile. */
  readonly startsWithSystem: boolean;
  /** Links to numbers and addresses in other programs open here; the system keeps that too. */
  readonly opensLinks: boolean;
}

/** What comes from elsewhere into the field to dial in, or why it does not. */
export type DialWish = { readonly text: string } | { readonly reason: string };

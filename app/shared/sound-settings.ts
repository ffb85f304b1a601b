/** Which sound devices this computer's phone uses, and how; kept with the profile, for all of its accounts. */

/** Known again by its id, or by its name where the id is another after it was plugged in anew. */
export interface SoundDevice {
  readonly id: string;
  readonly label: string;
}

/** The ringer may be another one than the speaker that calls are heard from. */
export const SOUND_ROLES = ['microphone', 'speaker', 'ringer'] as const;
export type SoundRole = (typeof SOUND_ROLES)[number];

export interface SoundSettings {
  /** Null: the default of the computer. */
  readonly microphone: SoundDevice | null;
  readonly speaker: SoundDevice | null;
  readonly ringer: SoundDevice | null;
  /** 0 to 1. */
  readonly speakerVolume: number;
  readonly ringerVolume: number;
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGain: boolean;
  /** Both sides of a recorded call are told by a short tone now and then. */
  readonly announceRecording: boolean;
}

export const soundDefaults: SoundSettings = {
  microphone: null,
  speaker: null,
  ringer: null,
  speakerVolume: 1,
  ringerVolume: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGain: true,
  announceRecording: true,
};

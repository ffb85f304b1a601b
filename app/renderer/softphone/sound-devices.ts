/**
 * Which microphone, speaker and ringer are to be used now: those that the person chose, where they are there, else the
 * computer's own choice. A chosen one that comes back is used again.
 */
import { type SoundDevice, type SoundRole, type SoundSettings, soundDefaults } from '../../shared/sound-settings.ts';

export interface SoundView {
  readonly settings: SoundSettings;
  readonly inputs: readonly SoundDevice[];
  readonly outputs: readonly SoundDevice[];
  /** Those that were chosen and are not there. */
  readonly missing: readonly SoundRole[];
}

/** What to ask of `getUserMedia`; two that are alike have the same key. */
export interface WantedMicrophone {
  readonly key: string;
  readonly constraints: MediaStreamConstraints;
  /** Whether a certain one is asked for. */
  readonly isChosen: boolean;
}

/** Of these Chromium makes entries of their own, beside the devices that they stand for. */
const STANDING_FOR_OTHERS = new Set(['', 'default', 'communications']);
const MAX_DEVICES = 64;

export class SoundDevices {
  readonly #media: () => MediaDevices;
  readonly #listeners = new Set<(view: SoundView) => void>();
  #settings = soundDefaults;
  #inputs: readonly SoundDevice[] = [];
  #outputs: readonly SoundDevice[] = [];
  /** Before the first look nothing counts as missing. */
  #looked = false;
  #reading = 0;

  constructor(media: () => MediaDevices = () => navigator.mediaDevices) {
    this.#media = media;
  }

  /** Looks at what there is, now and whenever that changes. Gives the way to stop. */
  watch(): () => void {
    const look = (): void => void this.look();
    this.#media().addEventListener('devicechange', look);
    look();
    return () => this.#media().removeEventListener('devicechange', look);
  }

  async look(): Promise<void> {
    const reading = ++this.#reading;
    // What cannot be listed now stays as it was known.
    const found = await this.#media()
      .enumerateDevices()
      .catch(() => undefined);
    // A later look has the say.
    if (reading !== this.#reading) return;
    if (found !== undefined) {
      this.#inputs = devicesOf(found, 'audioinput');
      this.#outputs = devicesOf(found, 'audiooutput');
      this.#looked = true;
    }
    this.#tell();
  }

  use(settings: SoundSettings): void {
    this.#settings = settings;
    this.#tell();
  }

  get settings(): SoundSettings {
    return this.#settings;
  }

  get view(): SoundView {
    const missing = (['microphone', 'speaker', 'ringer'] as const).filter((role) => this.#isMissing(role));
    return { settings: this.#settings, inputs: this.#inputs, outputs: this.#outputs, missing };
  }

  /** Told of each change of the settings and of what there is. */
  listen(listener: (view: SoundView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For `setSinkId`: empty is the default. */
  outputId(role: 'speaker' | 'ringer'): string {
    return this.#find(role)?.id ?? '';
  }

  /** With `anyOne` the default, whatever was chosen. */
  wanted(anyOne = false): WantedMicrophone {
    const { echoCancellation, noiseSuppression, autoGain: autoGainControl } = this.#settings;
    const id = anyOne ? undefined : this.#find('microphone')?.id;
    const processing = { echoCancellation, noiseSuppression, autoGainControl };
    const audio = id === undefined ? processing : { ...processing, deviceId: { exact: id } };
    return { key: JSON.stringify(audio), constraints: { audio }, isChosen: id !== undefined };
  }

  #isMissing(role: SoundRole): boolean {
    return this.#looked && this.#settings[role] !== null && this.#find(role) === undefined;
  }

  #find(role: SoundRole): SoundDevice | undefined {
    const chosen = this.#settings[role];
    if (chosen === null) return undefined;
    const there = role === 'microphone' ? this.#inputs : this.#outputs;
    return (
      there.find(({ id }) => id === chosen.id) ?? there.find(({ label }) => label !== '' && label === chosen.label)
    );
  }

  #tell(): void {
    const { view } = this;
    for (const listener of [...this.#listeners]) listener(view);
  }
}

function devicesOf(found: readonly MediaDeviceInfo[], kind: MediaDeviceKind): readonly SoundDevice[] {
  return found
    .filter((device) => device.kind === kind && !STANDING_FOR_OTHERS.has(device.deviceId))
    .slice(0, MAX_DEVICES)
    .map(({ deviceId, label }) => ({ id: deviceId.slice(0, 200), label: label.slice(0, 300) }));
}
